import type { RefObject } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';

import type { Store } from '../core/store';

/** Draws anew after each change of the store. */
export function useStore<S, E>(store: Store<S, E>): S {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => store.subscribe(() => redraw(undefined)), [store]);
  return store.state();
}

/** The address's part after "#", as it changes: the browser's back button works. */
export function useHash(): string {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const onHash = (): void => setHash(location.hash);
    window.addEventListener('hashchange', onHash);
    return () => window.removeEventListener('hashchange', onHash);
  }, []);
  return hash;
}

export interface Fullscreen {
  readonly on: boolean;
  readonly toggle: () => void;
}

/** A phone held on its side: so low that the picture needs all of it. */
const kOnItsSide = '(max-height: 480px) and (orientation: landscape)';

export function useOnItsSide(): boolean {
  const [is, setIs] = useState(() => window.matchMedia(kOnItsSide).matches);
  useEffect(() => {
    const query = window.matchMedia(kOnItsSide);
    const onChange = (): void => setIs(query.matches);
    query.addListener(onChange); // addEventListener is too new for old WebViews
    return () => query.removeListener(onChange);
  }, []);
  return is;
}

/** Phones turn with the picture where they may. */
function turnSideways(): void {
  const orientation: ScreenOrientation & { lock?(to: string): Promise<void> } = window.screen.orientation;
  orientation?.lock?.('landscape').catch(() => undefined); // refused on desktops
}

/** The dialects of full screen that phones still speak. */
interface OldElement extends HTMLElement {
  webkitRequestFullscreen?(): void;
}
interface OldVideo extends HTMLVideoElement {
  webkitEnterFullscreen?(): void;
}
interface OldDocument extends Document {
  readonly webkitFullscreenElement?: Element | null;
  webkitExitFullscreen?(): void;
}

export function useFullscreen(frame: RefObject<HTMLElement>, video: () => HTMLVideoElement | null): Fullscreen {
  const [on, setOn] = useState(false);
  useEffect(() => {
    const old: OldDocument = document;
    const onChange = (): void => setOn((document.fullscreenElement ?? old.webkitFullscreenElement ?? null) !== null);
    const events = ['fullscreenchange', 'webkitfullscreenchange'];
    events.forEach((name) => document.addEventListener(name, onChange));
    return () => events.forEach((name) => document.removeEventListener(name, onChange));
  }, []);
  const toggle = (): void => {
    const old: OldDocument = document;
    if (on) {
      if (document.exitFullscreen) document.exitFullscreen().catch(() => undefined);
      else old.webkitExitFullscreen?.();
      return;
    }
    const element: OldElement | null = frame.current;
    const picture: OldVideo | null = video();
    if (element?.requestFullscreen) element.requestFullscreen().then(turnSideways, () => undefined);
    else if (element?.webkitRequestFullscreen) element.webkitRequestFullscreen();
    else picture?.webkitEnterFullscreen?.(); // iPhone: only the video itself
  };
  return { on, toggle };
}

const kIdleMs = 3500;

/** True when nobody has touched anything for a while: controls over the picture may hide.
 *  Never while something in the frame has keyboard focus that is shown. */
export function useIdle(frame: RefObject<HTMLElement>, enabled: boolean): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    const element = frame.current;
    if (!enabled || element === null) {
      setIdle(false);
      return undefined;
    }
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wake = (): void => {
      setIdle(false);
      clearTimeout(timer);
      timer = setTimeout(() => setIdle(true), kIdleMs);
    };
    const events = ['pointermove', 'pointerdown', 'touchstart', 'keydown', 'focusin'];
    events.forEach((name) => element.addEventListener(name, wake, { passive: true }));
    document.addEventListener('keydown', wake);
    wake();
    return () => {
      clearTimeout(timer);
      events.forEach((name) => element.removeEventListener(name, wake));
      document.removeEventListener('keydown', wake);
    };
  }, [frame, enabled]);
  return idle;
}
