import type { Entry, LessonLink, Week } from './decode';

/** A child's week as its family reads it. */

const kDayMs = 86_400_000;
const dayMs = (date: string): number => Date.parse(`${date}T00:00:00Z`);
const dateOf = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

export interface Day {
  readonly date: string;
  /** 1 Monday … 7 Sunday. */
  readonly number: number;
  readonly entries: readonly Entry[];
}

/** Monday to Friday, and the weekend's days that have something, or are today. */
export function daysOf({ week, today, entries }: Week): readonly Day[] {
  return [1, 2, 3, 4, 5, 6, 7]
    .map((number) => {
      const date = dateOf(dayMs(week) + (number - 1) * kDayMs);
      return { date, number, entries: entries.filter((entry) => entry.date === date) };
    })
    .filter((day) => day.number < 6 || day.entries.length > 0 || day.date === today);
}

/** The day that is shown first: today, else the first that has something, else Monday. */
export function firstDay(week: Week): string {
  const days = daysOf(week);
  const found = days.find(({ date }) => date === week.today) ?? days.find(({ entries }) => entries.length > 0) ?? days[0];
  return found?.date ?? week.week;
}

/** The Monday after. */
export const nextWeek = (monday: string): string => dateOf(dayMs(monday) + 7 * kDayMs);

/** What the entry leads to: its lesson while it is to come, on air or over; null: nothing to open. */
export function lessonOf(entry: Entry, lessons: readonly LessonLink[]): LessonLink | null {
  const lesson = lessons.find(({ plannedMs }) => plannedMs === entry.startsMs);
  return lesson === undefined || !entry.live || (entry.subject === null && entry.kind !== 'lesson') ? null : lesson;
}

export const isNow = (entry: Entry, nowMs: number): boolean => entry.live && entry.startsMs <= nowMs && nowMs < entry.endsMs;
