import type { State } from './state';

/** All delays in milliseconds. `random` is in [0, 1). */

/** 1 s, 2 s, 4 s … 30 s, each ± 50 %, so that a whole school never knocks at once. */
export function backOff(failures: number, random: number): number {
  const base = Math.min(30_000, 1000 * 2 ** Math.max(0, failures - 1));
  return Math.round(base * (0.5 + random));
}

const between = (min: number, max: number, random: number): number => Math.round(min + (max - min) * random);

/** When to ask the server about the lesson again. A lesson on air answers through its
 *  playlists, so the question only has to notice pauses and the end. */
export function nextPoll(state: State, failures: number, random: number): number | null {
  if (failures > 0) return backOff(failures, random);
  if (state.kind === 'loading') return 0;
  if (state.kind === 'missing') return null;
  switch (state.watch.lesson.state) {
    case 'waiting':
    case 'interrupted':
      return between(3000, 5000, random);
    case 'live':
      return between(5000, 8000, random);
    case 'ended':
      return between(20_000, 40_000, random); // ended by mistake, it may be opened again
  }
}
