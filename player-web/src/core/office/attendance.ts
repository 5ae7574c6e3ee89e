import { list, object, text } from '../json';
import { type ClassName, count, decodeClassName, decodeStates, kStates, type States } from './absent';

/** Attendance over some days: of each lesson, or of classes or schools with their lessons put together. */

export const kBy = ['lesson', 'class', 'school'] as const;
export type By = (typeof kBy)[number];

/** The states add up to `expected`, always. */
export interface Line {
  readonly lesson: { readonly id: string; readonly title: string; readonly startedMs: number } | null;
  readonly school: string;
  /** null: the whole school. */
  readonly of: ClassName | null;
  readonly lessons: number;
  readonly expected: number;
  readonly states: States;
  /** Of all its pupils together, in the lessons and in their replays. */
  readonly minutes: number;
  readonly replayMinutes: number;
}

function decodeLine(value: unknown): Line {
  const row = object(value, 'line');
  const lesson = row['lesson'] === null ? null : object(row['lesson'], 'lesson');
  return {
    lesson: lesson === null ? null : { id: text(lesson['id'], 'id'), title: text(lesson['title'], 'title'), startedMs: count(lesson, 'started_at') },
    school: text(object(row['school'], 'school')['name'], 'name'),
    of: row['class'] === null ? null : decodeClassName(row['class']),
    lessons: count(row, 'lessons'),
    expected: count(row, 'expected'),
    states: decodeStates(row),
    minutes: count(row, 'minutes'),
    replayMinutes: count(row, 'replay_minutes'),
  };
}

export const decodeLines = (value: unknown): readonly Line[] => list(object(value, 'attendance')['items'], 'items').map(decodeLine);

export interface Wish {
  /** As a date field has it: 2026-09-01. */
  readonly from: string;
  readonly to: string;
  readonly by: By;
}

/** @param sheet  a file to keep rather than an answer */
export function attendancePath({ from, to, by }: Wish, sheet?: { readonly format: 'csv' | 'xlsx'; readonly language: string }): string {
  const path = `/api/v1/attendance?from=${from}&to=${to}&by=${by}`;
  return sheet === undefined ? path : `${path}&format=${sheet.format}&lang=${sheet.language === 'en' ? 'en' : 'zh'}`;
}

/** Whole minutes that come to each of those expected. */
export const each = (minutes: number, expected: number): number => (expected === 0 ? 0 : Math.round(minutes / expected));

/** Of all lines, how many pupils are in each state. */
export function sumLines(lines: readonly Line[]): { readonly expected: number; readonly states: States } {
  const states = { live: 0, tv: 0, late: 0, package: 0, excused: 0, unresolved: 0 };
  lines.forEach((line) => kStates.forEach((state) => (states[state] += line.states[state])));
  return { expected: lines.reduce((sum, { expected }) => sum + expected, 0), states };
}
