import { type LessonState, lessonState } from '../decode';
import { count, decodeStates, kStates, type PupilState, type States } from '../office/absent';
import { DecodeError, list, object, optionalNumber, optionalText, ownPath, text } from '../json';

/** A home as the API tells it to its own link. */

export interface LessonLink {
  readonly id: string;
  readonly title: string;
  readonly state: LessonState;
  readonly plannedMs: number | null;
  /** Path of its page. */
  readonly page: string;
}

export interface Child {
  readonly id: string;
  readonly name: string;
  readonly school: string | null;
  readonly of: { readonly label: string; readonly grade: number; readonly number: number } | null;
  readonly lessons: readonly LessonLink[];
}

/** null: the link is not a family's. */
export type Home = readonly Child[] | null;

export const kEntryKinds = ['lesson', 'qa', 'break', 'eye', 'exercise', 'labour', 'arts', 'homeroom', 'parent'] as const;
export type EntryKind = (typeof kEntryKinds)[number];

export interface Entry {
  readonly id: number;
  /** 2026-11-23. */
  readonly date: string;
  readonly start: string;
  readonly end: string;
  readonly kind: EntryKind;
  /** At that time; the others whenever it suits the family. */
  readonly live: boolean;
  readonly subject: string | null;
  readonly lead: string | null;
  readonly startsMs: number;
  readonly endsMs: number;
}

export interface Week {
  /** Its Monday. */
  readonly week: string;
  readonly today: string;
  readonly nowMs: number;
  readonly entries: readonly Entry[];
}

export interface TermLesson {
  readonly id: string;
  readonly title: string;
  readonly startedMs: number;
  readonly state: PupilState;
  readonly minutes: number;
  readonly replayMinutes: number;
  /** Path of its page; null: not to be seen again. */
  readonly replay: string | null;
}

export interface Term {
  readonly states: States;
  /** Newest first. */
  readonly lessons: readonly TermLesson[];
}

const nameOf = (value: unknown): string | null => (value === null || value === undefined ? null : text(object(value, 'named')['name'], 'name'));

/** The address of the M3U with the home's channels. */
export const decodeChannels = (value: unknown): string => text(object(value, 'channels')['playlist'], 'playlist');

function lessonLink(value: unknown): LessonLink {
  const row = object(value, 'lesson');
  return {
    id: text(row['id'], 'id'),
    title: text(row['title'], 'title'),
    state: lessonState(row['state']),
    plannedMs: optionalNumber(row['planned_start'], 'planned_start'),
    page: ownPath(row['page'], 'page'),
  };
}

function child(value: unknown): Child {
  const row = object(value, 'child');
  const of = row['class'] === null ? null : object(row['class'], 'class');
  return {
    id: text(row['id'], 'id'),
    name: text(row['name'], 'name'),
    school: nameOf(row['school']),
    of: of === null ? null : { label: text(of['label'], 'label'), grade: count(of, 'grade'), number: count(of, 'number') },
    lessons: list(row['lessons'], 'lessons').map(lessonLink),
  };
}

export function decodeHome(value: unknown): Home {
  const root = object(value, 'home');
  return root['kind'] === 'home' ? list(root['people'], 'people').map(child) : null;
}

function entry(value: unknown): Entry {
  const row = object(value, 'entry');
  return {
    id: count(row, 'id'),
    date: text(row['date'], 'date'),
    start: text(row['start'], 'start'),
    end: text(row['end'], 'end'),
    kind: kEntryKinds.find((known) => known === row['kind']) ?? 'lesson',
    live: row['delivery'] === 'live',
    subject: optionalText(row['subject'], 'subject'),
    lead: optionalText(row['lead'], 'lead'),
    startsMs: count(row, 'starts'),
    endsMs: count(row, 'ends'),
  };
}

export function decodeWeek(value: unknown): Week {
  const root = object(value, 'week');
  return {
    week: text(root['week'], 'week'),
    today: text(root['today'], 'today'),
    nowMs: count(root, 'now'),
    entries: list(root['entries'], 'entries').map(entry),
  };
}

export function decodeTerm(value: unknown): Term {
  const root = object(value, 'term');
  return {
    states: decodeStates(object(root['counts'], 'counts')),
    lessons: list(root['lessons'], 'lessons').map((item) => {
      const row = object(item, 'lesson');
      const state = kStates.find((known) => known === row['state']);
      if (state === undefined) throw new DecodeError('state is unknown');
      const replay = row['replay'] ?? null;
      return {
        id: text(row['id'], 'id'),
        title: text(row['title'], 'title'),
        startedMs: count(row, 'started_at'),
        state,
        minutes: count(row, 'minutes'),
        replayMinutes: count(row, 'replay_minutes'),
        replay: replay === null ? null : ownPath(replay, 'replay'),
      };
    }),
  };
}
