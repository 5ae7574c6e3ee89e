import { object, optionalNumber, optionalText } from './json';

/** What the timetable says of a lesson before it begins. */
export interface Plan {
  /** Server's wall clock. */
  readonly startsMs: number;
  readonly endsMs: number | null;
  readonly goal: string | null;
  /** How to learn it. */
  readonly advice: string | null;
}

/** Of the `lesson` of an answer; null for one that no timetable knows. */
export function decodePlan(lesson: Readonly<Record<string, unknown>>): Plan | null {
  const startsMs = optionalNumber(lesson['planned_start'], 'planned_start');
  if (startsMs === null) return null;
  const card = (lesson['card'] ?? null) === null ? {} : object(lesson['card'], 'card');
  return {
    startsMs,
    endsMs: optionalNumber(lesson['planned_end'], 'planned_end'),
    goal: optionalText(card['goal'], 'goal'),
    advice: optionalText(card['advice'], 'advice'),
  };
}

export type Wait =
  /** More than an hour, or another day: the hour says more than a countdown. */
  | { readonly kind: 'far' }
  | { readonly kind: 'near'; readonly seconds: number }
  /** It should have begun. */
  | { readonly kind: 'late' };

const kNearMs = 3_600_000;

export function waitFor(startsMs: number, nowMs: number): Wait {
  const left = startsMs - nowMs;
  if (left > kNearMs) return { kind: 'far' };
  return left > 0 ? { kind: 'near', seconds: Math.ceil(left / 1000) } : { kind: 'late' };
}
