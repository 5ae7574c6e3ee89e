import type { Pause } from './between';

/** Eye exercises in time with their slot: whoever looks is at the same beat as everybody else. */

/** Getting ready, the six exercises as schools do them, and a look into the distance. */
export const kParts = ['ready', 'inner_brow', 'inner_corner', 'below_eye', 'temple', 'nape', 'ear', 'far'] as const;
export type Part = (typeof kParts)[number];

export interface Moment {
  readonly part: Part;
  /** Which of the six; 0 before and after them. */
  readonly number: number;
  /** Four times eight beats an exercise; 0 before and after them. */
  readonly eight: number;
  readonly beat: number;
  /** Seconds of this part that are left. */
  readonly leftS: number;
}

/** A longer slot leaves more time for the distance. */
const kLongestMs = 300_000;
const kReady = 0.05;
const kEach = 0.14;
const kBeats = 32;

export function momentOf({ startsMs, endsMs }: Pause, nowMs: number): Moment {
  const length = Math.min(endsMs - startsMs, kLongestMs);
  const at = Math.max(0, nowMs - startsMs);
  const left = (untilMs: number): number => Math.max(0, Math.ceil((untilMs - at) / 1000));
  const ready = Math.round(length * kReady);
  const each = Math.round(length * kEach);
  if (at < ready) return { part: 'ready', number: 0, eight: 0, beat: 0, leftS: left(ready) };
  const number = Math.floor((at - ready) / each) + 1;
  const part = kParts[number];
  if (part === undefined || part === 'far') return { part: 'far', number: 0, eight: 0, beat: 0, leftS: left(endsMs - startsMs) };
  const within = at - ready - (number - 1) * each;
  const beats = Math.min(kBeats - 1, Math.floor((within / each) * kBeats));
  return { part, number, eight: Math.floor(beats / 8) + 1, beat: (beats % 8) + 1, leftS: left(ready + number * each) };
}
