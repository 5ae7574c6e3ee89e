import { DecodeError, object, text } from '../json';
import { named, type Named } from './decode';
import { addDays } from './days';

/** Who of a school is on duty, day by day. */

export const kPosts = ['administrator', 'technician', 'contact'] as const;
export type Post = (typeof kPosts)[number];

export interface Turn {
  readonly staff: Named;
  /** Or an extension, as the office typed it; may be empty. */
  readonly phone: string;
}
export interface DutyDay {
  /** "2026-11-23" */
  readonly date: string;
  readonly turns: Readonly<Record<Post, Turn | null>>;
}
export interface DutyWeek {
  /** Seven, from Monday. */
  readonly days: readonly DutyDay[];
  /** Of the week as it was read; null: the server gave none. */
  readonly tag: string | null;
}

function turn(value: unknown): Turn | null {
  if (value === null) return null;
  const row = object(value, 'turn');
  return { staff: named(row['staff']), phone: text(row['phone'], 'phone') };
}

export function decodeDutyWeek(value: unknown, tag: string | null): DutyWeek {
  const { days } = object(value, 'week');
  if (!Array.isArray(days) || days.length !== 7) throw new DecodeError('days are not a week');
  return {
    tag,
    days: days.map((one: unknown) => {
      const row = object(one, 'day');
      return { date: text(row['date'], 'date'), turns: { administrator: turn(row['administrator']), technician: turn(row['technician']), contact: turn(row['contact']) } };
    }),
  };
}

export const dutyPath = (school: string, monday: string): string => `/api/v1/schools/${school}/duty-roster/${monday}`;

/** What a PUT of them says. */
export function dutyBody(days: readonly DutyDay[]): object {
  const said = (one: Turn | null): object | null => (one === null ? null : { staff: one.staff.id, phone: one.phone.trim() });
  return { days: days.map(({ turns }) => ({ administrator: said(turns.administrator), technician: said(turns.technician), contact: said(turns.contact) })) };
}

export const withTurn = (days: readonly DutyDay[], date: string, post: Post, put: Turn | null): readonly DutyDay[] =>
  days.map((day) => (day.date === date ? { ...day, turns: { ...day.turns, [post]: put } } : day));

/** The same people, a week later. */
export const aWeekOn = (days: readonly DutyDay[]): readonly DutyDay[] => days.map((day) => ({ ...day, date: addDays(day.date, 7) }));

export const isNobody = ({ turns }: DutyDay): boolean => kPosts.every((post) => turns[post] === null);

/** What was typed for somebody on these days; empty for nothing. */
export function phoneOf(days: readonly DutyDay[], staff: string): string {
  const all = days.flatMap(({ turns }) => kPosts.map((post) => turns[post]));
  return all.find((one) => one !== null && one.staff.id === staff && one.phone !== '')?.phone ?? '';
}

/** Those who may be chosen, with those who stand there already. */
export function choices(staff: readonly Named[], days: readonly DutyDay[]): readonly Named[] {
  const chosen = days.flatMap(({ turns }) => kPosts.flatMap((post) => turns[post]?.staff ?? []));
  return [...staff, ...chosen.filter((one, at) => chosen.findIndex(({ id }) => id === one.id) === at && !staff.some(({ id }) => id === one.id))];
}

/** A number that a phone can call, not an extension inside the school. */
export const canCall = (phone: string): boolean => /^\+?[\d -]{7,}$/.test(phone);
