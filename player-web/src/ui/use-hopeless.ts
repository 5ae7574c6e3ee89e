import { useEffect, useRef } from 'preact/hooks';

import type { Watching } from '../core/state';
import { isHopeless } from '../core/stills';

/** A picture that stands still for less was sought, or begins: no sign of a slow line. */
const kLastingMs = 1000;
/** One that lasts so long is enough by itself. Sooner than the player gives its engine up, which asks for everything anew. */
const kEndlessMs = 8000;
/** What was on its way when the line broke has arrived, or will not. */
const kOnItsWayMs = 3000;

/** Calls back once when the line turns out to carry no picture at all; while sound alone is played that cannot be known. */
export function useHopeless(state: Watching, soundOnly: boolean, hopeless: () => void): void {
  const stalls = useRef<readonly number[]>([]);
  const told = useRef(false);
  const { step, mode, way } = state;
  const counts = step === 'stalled' && mode === 'live' && way === 'hls' && !soundOnly && state.watch.lesson.state === 'live';
  const bytes = useRef<number | null>(null);
  bytes.current = state.timeline?.bytes ?? null;
  useEffect(() => {
    if (!counts || told.current) return undefined;
    const tell = (): void => {
      if (told.current) return;
      told.current = true; // who wants the picture back is not overruled
      hopeless();
    };
    const lasting = setTimeout(() => {
      const now = Date.now();
      stalls.current = [...stalls.current, now].slice(-8);
      if (isHopeless(stalls.current, now)) tell();
    }, kLastingMs);
    // A line that carries nothing at all is broken, not slow: less would not come either.
    let before = Infinity;
    const settled = setTimeout(() => {
      before = bytes.current ?? 0;
    }, kOnItsWayMs);
    const endless = setTimeout(() => (bytes.current ?? 0) > before && tell(), kEndlessMs);
    return () => {
      clearTimeout(lasting);
      clearTimeout(settled);
      clearTimeout(endless);
    };
  }, [counts]);
}
