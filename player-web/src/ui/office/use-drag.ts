import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** How far a mouse goes before it drags, and how long a finger rests: a shorter touch scrolls or taps. */
const kFarPx = 5;
const kRestMs = 220;
/** So near to the screen's edge the page is scrolled along. */
const kEdgePx = 48;
const kScrollPx = 12;

interface Grip<T> {
  readonly what: T;
  readonly pointer: number;
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout> | undefined;
  readonly card: Element;
}

export interface DragUse<T> {
  readonly onPick: (what: T) => void;
  /** @param under  what lies below the pointer */
  readonly onOver: (under: Element | null) => void;
  readonly onDrop: () => void;
  readonly onCancel: () => void;
}

export interface Drag<T> {
  /** How far the card was dragged from where it lies; null: nothing is. */
  readonly shift: { readonly x: number; readonly y: number } | null;
  readonly onPointerDown: (event: PointerEvent, what: T) => void;
  /** Whether a click is only the end of a drag. */
  readonly isDragsEnd: () => boolean;
}

interface Listeners {
  readonly onMove: (event: PointerEvent) => void;
  readonly onUp: (event: PointerEvent) => void;
  readonly onCancel: (event: PointerEvent) => void;
  readonly onTouch: (event: TouchEvent) => void;
}

/** The pointer may be anywhere; the finger is on a card. Returns the way to stop it. */
function listen(area: HTMLElement | null, { onMove, onUp, onCancel, onTouch }: Listeners): () => void {
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', onUp);
  document.addEventListener('pointercancel', onCancel);
  area?.addEventListener('touchmove', onTouch, { passive: false });
  return () => {
    document.removeEventListener('pointermove', onMove);
    document.removeEventListener('pointerup', onUp);
    document.removeEventListener('pointercancel', onCancel);
    area?.removeEventListener('touchmove', onTouch);
  };
}

function scrollAt(y: number): void {
  if (y < kEdgePx) window.scrollBy(0, -kScrollPx);
  else if (y > window.innerHeight - kEdgePx) window.scrollBy(0, kScrollPx);
}

/** Drags cards about by mouse, pen or finger. */
export function useDrag<T>(area: RefObject<HTMLElement>, use: DragUse<T>): Drag<T> {
  const [shift, setShift] = useState<{ x: number; y: number } | null>(null);
  const grip = useRef<Grip<T> | null>(null);
  const dragging = useRef(false);
  const ended = useRef(false);
  const latest = useRef(use);
  latest.current = use;

  const begin = (held: Grip<T>): void => {
    if (grip.current !== held) return; // let go meanwhile
    dragging.current = true;
    held.card.setPointerCapture(held.pointer);
    latest.current.onPick(held.what);
    setShift({ x: 0, y: 0 });
  };
  useEffect(() => {
    const stop = (): void => {
      clearTimeout(grip.current?.timer);
      grip.current = null;
      dragging.current = false;
      setShift(null);
    };
    const onMove = (event: PointerEvent): void => {
      const held = grip.current;
      if (held === null || event.pointerId !== held.pointer) return;
      const far = Math.hypot(event.clientX - held.x, event.clientY - held.y) > kFarPx;
      if (!dragging.current && far && event.pointerType !== 'mouse') return stop(); // a finger that scrolls
      if (!dragging.current && far) begin(held);
      if (!dragging.current) return;
      scrollAt(event.clientY);
      setShift({ x: event.clientX - held.x, y: event.clientY - held.y });
      latest.current.onOver(document.elementFromPoint(event.clientX, event.clientY));
    };
    const onUp = (event: PointerEvent): void => {
      if (event.pointerId !== grip.current?.pointer) return;
      ended.current = dragging.current;
      setTimeout(() => (ended.current = false)); // the click, if there is one, comes before
      if (dragging.current) latest.current.onDrop();
      stop();
    };
    const onCancel = (event: PointerEvent): void => {
      if (event.pointerId !== grip.current?.pointer) return;
      if (dragging.current) latest.current.onCancel();
      stop();
    };
    // A finger that holds a card does not scroll the page.
    const onTouch = (event: TouchEvent): void => {
      if (dragging.current) event.preventDefault();
    };
    const unlisten = listen(area.current, { onMove, onUp, onCancel, onTouch });
    return () => {
      stop();
      unlisten();
    };
  }, [area]);

  return {
    shift,
    onPointerDown(event, what) {
      ended.current = false;
      if (event.button !== 0 || !event.isPrimary || !(event.currentTarget instanceof Element)) return;
      const held: Grip<T> = {
        what, pointer: event.pointerId, x: event.clientX, y: event.clientY, card: event.currentTarget,
        timer: event.pointerType === 'mouse' ? undefined : setTimeout(() => begin(held), kRestMs),
      };
      grip.current = held;
    },
    isDragsEnd() {
      const was = ended.current;
      ended.current = false;
      return was;
    },
  };
}
