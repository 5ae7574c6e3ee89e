import { count } from '../office/absent';
import { DecodeError, list, object, optionalNumber, optionalText, text } from '../json';

/** What a family says of a week in three taps, or of a lesson after it, and the ticket that follows. */

export const kMarks = ['good', 'poor'] as const;
export type Mark = (typeof kMarks)[number];
export const kPaces = ['fits', 'too_fast', 'too_long'] as const;
export type Pace = (typeof kPaces)[number];
export const kDesks = ['office', 'homeroom', 'technician', 'principal'] as const;
export type DeskName = (typeof kDesks)[number];

export const kMaxText = 300;

export interface Ticket {
  readonly state: 'open' | 'answered' | 'closed';
  /** Whose turn it is. */
  readonly owner: DeskName;
  readonly sinceMs: number;
  /** Where it climbs when nobody answers. */
  readonly next: { readonly desk: DeskName; readonly atMs: number } | null;
  readonly dueMs: number;
  readonly overdue: boolean;
  readonly answer: string | null;
  readonly answeredMs: number | null;
}

export interface Feedback {
  /** Its Monday. */
  readonly week: string;
  /** null: of the week. */
  readonly lesson: { readonly id: string; readonly title: string } | null;
  readonly picture: Mark;
  readonly sound: Mark;
  readonly pace: Pace;
  readonly text: string;
  readonly saidMs: number;
  /** null: all was well. */
  readonly ticket: Ticket | null;
}

/** Over not long ago, and nothing said of it. */
export interface OpenLesson {
  readonly id: string;
  readonly title: string;
  readonly endedMs: number;
}

export interface Weeks {
  /** This week's is said. */
  readonly said: boolean;
  /** Newest first. */
  readonly items: readonly Feedback[];
  /** The last first. */
  readonly lessons: readonly OpenLesson[];
}

/** The list after something was said. */
export function withSaid(weeks: Weeks, said: Feedback): Weeks {
  return { said: weeks.said || said.lesson === null, items: [said, ...weeks.items], lessons: weeks.lessons.filter(({ id }) => id !== said.lesson?.id) };
}

export function oneOf<T extends string>(known: readonly T[], value: unknown, what: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new DecodeError(`${what} is unknown`);
  return found;
}

function decodeTicket(value: unknown): Ticket {
  const row = object(value, 'ticket');
  const next = row['next'] === null ? null : object(row['next'], 'next');
  return {
    state: oneOf(['open', 'answered', 'closed'] as const, row['state'], 'state'),
    owner: oneOf(kDesks, row['owner'], 'owner'),
    sinceMs: count(row, 'since'),
    next: next === null ? null : { desk: oneOf(kDesks, next['desk'], 'desk'), atMs: count(next, 'at') },
    dueMs: count(row, 'due_at'),
    overdue: row['overdue'] === true,
    answer: optionalText(row['answer'], 'answer'),
    answeredMs: optionalNumber(row['answered_at'], 'answered_at'),
  };
}

export function decodeFeedback(value: unknown): Feedback {
  const row = object(value, 'feedback');
  const lesson = row['lesson'] === null ? null : object(row['lesson'], 'lesson');
  return {
    week: text(row['week'], 'week'),
    lesson: lesson === null ? null : { id: text(lesson['id'], 'id'), title: text(lesson['title'], 'title') },
    picture: oneOf(kMarks, row['picture'], 'picture'),
    sound: oneOf(kMarks, row['sound'], 'sound'),
    pace: oneOf(kPaces, row['pace'], 'pace'),
    text: text(row['text'], 'text'),
    saidMs: count(row, 'said_at'),
    ticket: row['ticket'] === null ? null : decodeTicket(row['ticket']),
  };
}

export function decodeWeeks(value: unknown): Weeks {
  const root = object(value, 'weeks');
  const lessons = list(root['lessons'], 'lessons').map((item) => {
    const row = object(item, 'lesson');
    return { id: text(row['id'], 'id'), title: text(row['title'], 'title'), endedMs: count(row, 'ended_at') };
  });
  return { said: root['said'] === true, items: list(root['items'], 'items').map(decodeFeedback), lessons };
}

/** Three taps on their way. */
export interface Draft {
  readonly picture: Mark | null;
  readonly sound: Mark | null;
  readonly pace: Pace | null;
  readonly text: string;
}
export const kNothingSaid: Draft = { picture: null, sound: null, pace: null, text: '' };

export const isWhole = ({ picture, sound, pace }: Draft): boolean => picture !== null && sound !== null && pace !== null;

/** What the API takes: the text on one line. */
export function bodyOf({ text: written, ...taps }: Draft): object {
  const line = written.replace(/\s+/g, ' ').trim();
  return line === '' ? taps : { ...taps, text: line };
}

/** Whether the viewer of a lesson may be asked how it was. */
export const decodeAsked = (value: unknown): boolean => object(value, 'asked')['open'] === true;
