import { DecodeError, object } from './json';

/** Pictures that stand still, for a line that carries sound alone. */

export interface Still {
  readonly number: number;
  /** When it was so in the lesson: wall time in milliseconds, on the playlist's clock. */
  readonly at: number;
}

const isCount = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

/** Oldest first. */
export function decodeStills(value: unknown): readonly Still[] {
  const { stills } = object(value, 'answer');
  if (!Array.isArray(stills)) throw new DecodeError('stills is not a list');
  return stills.map((each: unknown) => {
    const { n, at } = object(each, 'still');
    if (!isCount(n) || !isCount(at)) throw new DecodeError('still is not numbered and dated');
    return { number: n, at };
  });
}

/** What is to be seen at a moment: the newest that is not ahead of it. Without a clock, or before
 *  the first, whatever is nearest. */
export function stillAt(stills: readonly Still[], moment: number | null): Still | null {
  const past = moment === null ? stills : stills.filter(({ at }) => at <= moment);
  return past[past.length - 1] ?? stills[0] ?? null;
}

/** Where the stills of a lesson are, beside its master playlist. */
export const stillList = (master: string): string => master.replace(/master\.m3u8$/, 'stills.json');
export const stillPicture = (master: string, { number }: Still): string => master.replace(/master\.m3u8$/, `stills/${number}.webp`);

const kWindowMs = 60_000;
const kMostStalls = 3;

/** Whether a line is too slow for any picture: it stood still three times within a minute.
 *  @param stalls  when, in milliseconds, oldest first */
export function isHopeless(stalls: readonly number[], now: number): boolean {
  return stalls.filter((at) => now - at <= kWindowMs).length >= kMostStalls;
}

const kLooks = 3;

/** Whether media keeps coming, only too slowly to be played: a line that carries nothing at all is broken, not slow, and less
 *  would not come either.
 *  @param came  bytes so far, asked at even times since the picture stands still */
export function isTrickle(came: readonly number[]): boolean {
  const last = came.slice(-kLooks);
  return last.length === kLooks && last.every((bytes, at) => at === 0 || bytes > (last[at - 1] ?? 0));
}
