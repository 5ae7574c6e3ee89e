import { useEffect, useRef } from 'preact/hooks';

import type { Watching } from '../core/state';
import { isHopeless, isTrickle } from '../core/stills';

/** A picture that stands still for less was sought, or begins: no sign of a slow line. */
const kLastingMs = 1000;
/** How often it is asked whether something has come. Twice something is enough: sooner than the player gives its engine up,
 *  which asks for everything anew. What was on its way when the line broke has arrived before the first time. */
const kLookMs = 2500;

/** Calls back once when the line turns out to carry no picture at all; while sound alone is played that cannot be known. */
export function useHopeless(state: Watching, soundOnly: boolean, hopeless: () => void): void {
  const stalls = useRef<readonly number[]>([]);
  const told = useRef(false);
  const { step, mode, way } = state;
  const counts = step === 'stalled' && mode === 'live' && way === 'hls' && !soundOnly && state.watch.lesson.state === 'live';
  const bytes = useRef<number | null>(null);
  bytes.current = state.timeline?.bytes ?? null;
  const tell = (): void => {
    if (told.current) return;
    told.current = true; // who wants the picture back is not overruled
    hopeless();
  };
  useEffect(() => {
    if (!counts || told.current) return undefined;
    const lasting = setTimeout(() => {
      const now = Date.now();
      stalls.current = [...stalls.current, now].slice(-8);
      if (isHopeless(stalls.current, now)) tell();
    }, kLastingMs);
    return () => clearTimeout(lasting);
  }, [counts]);
  // A server that cannot be asked, or has only just come back, is no slow line.
  const trickles = counts && !state.offline;
  useEffect(() => {
    if (!trickles || told.current) return undefined;
    let came: readonly number[] = [];
    const look = setInterval(() => {
      came = [...came, bytes.current ?? 0];
      if (isTrickle(came)) tell();
    }, kLookMs);
    return () => clearInterval(look);
  }, [trickles]);
}
