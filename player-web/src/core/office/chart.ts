import { kStates, type States } from './absent';
import type { Line, Wish } from './attendance';
import { addDays, dayOf, mondayOf } from './days';

/** Lines of attendance put together as a chart shows them: a bar for each. */

export type Unit = 'day' | 'week' | 'lesson' | 'class' | 'school';

export interface Bar {
  readonly key: string;
  /** One of its lines, for its name; null: nothing was held. */
  readonly line: Line | null;
  readonly expected: number;
  readonly states: States;
}

/** As many as can be told apart. */
export const kMostBars = 31;
const kMostDays = 14;
const kDayMs = 86_400_000;
const kNobody: States = { live: 0, tv: 0, late: 0, package: 0, excused: 0, unresolved: 0 };

const daysBetween = (from: string, to: string): number => Math.round((Date.parse(to) - Date.parse(from)) / kDayMs);

/** Single lessons of one day, days of a fortnight, weeks of a month; classes and schools as they are asked for. */
export function unitOf({ from, to, by }: Wish): Unit {
  if (by !== 'lesson') return by;
  const days = daysBetween(from, to);
  return days <= 0 ? 'lesson' : days < kMostDays ? 'day' : 'week';
}

function keyOf(unit: Unit, { lesson, of, school }: Line): string {
  const day = lesson === null ? '' : dayOf(lesson.startedMs);
  switch (unit) {
    case 'day':
      return day;
    case 'week':
      return mondayOf(day);
    case 'lesson':
      return lesson?.id ?? '';
    case 'class':
      return of?.id ?? school;
    case 'school':
      return school;
  }
}

const added = (a: States, b: States): States => kStates.reduce((sum, state) => ({ ...sum, [state]: a[state] + b[state] }), kNobody);

/** Days and weeks of the wish in their order, also those without a lesson; anything else as it comes. */
export function barsOf(lines: readonly Line[], wish: Wish): readonly Bar[] {
  const unit = unitOf(wish);
  const bars = new Map<string, Bar>();
  const first = unit === 'week' ? mondayOf(wish.from) : wish.from;
  const step = unit === 'week' ? 7 : 1;
  if (unit === 'day' || unit === 'week') for (let day = first; day <= wish.to; day = addDays(day, step)) bars.set(day, { key: day, line: null, expected: 0, states: kNobody });
  for (const line of lines) {
    const key = keyOf(unit, line);
    const bar = bars.get(key) ?? { key, line: null, expected: 0, states: kNobody };
    bars.set(key, { key, line: bar.line ?? line, expected: bar.expected + line.expected, states: added(bar.states, line.states) });
  }
  return [...bars.values()];
}

/** Ranges that are asked for by one tap: this many days up to today. */
export const kRanges = [1, 7, 28] as const;
export const rangeTo = (today: string, days: number): Pick<Wish, 'from' | 'to'> => ({ from: addDays(today, 1 - days), to: today });
