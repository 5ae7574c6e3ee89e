import { type Condition, kConditions } from '../correct';
import { type LessonState, lessonState } from '../decode';
import { DecodeError, list, object, text } from '../json';

/** The school as the office's API tells it, decoded from `unknown`. */

export interface Named {
  readonly id: string;
  readonly name: string;
}

export interface Session {
  /** The member of staff's. */
  readonly id: string;
  readonly login: string;
  readonly name: string;
  /** null: the district's. */
  readonly school: Named | null;
  readonly csrf: string;
  /** What this account may do somewhere; the server has the last word. */
  readonly may: readonly string[];
}

export interface SchoolClass {
  readonly id: string;
  /** As the school says it: "三年级2班". */
  readonly label: string;
  readonly grade: number;
  readonly number: number;
  /** null: not for this account. */
  readonly pupils: number | null;
  readonly homeroom: string | null;
}


export interface Pupil {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly condition: Condition;
  readonly left: boolean;
}

export interface LessonRoom {
  readonly id: string;
  readonly label: string;
  /** Of the original class; null for a layer group. */
  readonly classId: string | null;
  readonly teacher: string | null;
  readonly expected: number;
}

export interface OfficeLesson {
  readonly id: string;
  readonly title: string;
  readonly state: LessonState;
  readonly startedMs: number | null;
  readonly lead: string | null;
  readonly rooms: readonly LessonRoom[];
}

/** A piece of a long list; `next` asks for the following one. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export const kKinds = ['schools', 'pupils', 'staff', 'groups'] as const;
export type Kind = (typeof kKinds)[number];

export interface Tally {
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
}

export interface Problem {
  readonly line: number;
  readonly column: string;
  readonly reason: string;
}

export interface Imported {
  readonly applied: boolean;
  readonly rows: Readonly<Record<Kind, Tally>>;
  readonly changes: readonly { readonly created: boolean; readonly school: string; readonly what: string; readonly details: readonly string[] }[];
  readonly problems: readonly Problem[];
  readonly notes: readonly Problem[];
}

type Fields = Readonly<Record<string, unknown>>;

function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${name} is not a number`);
  return value;
}

export function named(value: unknown): Named {
  const fields = object(value, 'named');
  return { id: text(fields['id'], 'id'), name: text(fields['name'], 'name') };
}

export function decodeSession(value: unknown): Session {
  const root = object(value, 'session');
  return {
    id: text(root['id'], 'id'),
    login: text(root['login'], 'login'),
    name: text(root['name'], 'name'),
    school: root['school'] === null ? null : named(root['school']),
    csrf: text(root['csrf'], 'csrf'),
    may: list(root['may'], 'may').map((act) => text(act, 'act')),
  };
}

export function page<T>(decode: (value: unknown) => T): (value: unknown) => Page<T> {
  return (value) => {
    const root = object(value, 'page');
    const next = root['next'] ?? null;
    return { items: list(root['items'], 'items').map(decode), next: next === null ? null : text(next, 'next') };
  };
}

export function decodeClass(value: unknown): SchoolClass {
  const row = object(value, 'class');
  const pupils = row['pupils'] ?? null;
  const homeroom = row['homeroom'] ?? null;
  return {
    id: text(row['id'], 'id'),
    label: text(row['label'], 'label'),
    grade: number(row, 'grade'),
    number: number(row, 'number'),
    pupils: pupils === null ? null : number(row, 'pupils'),
    homeroom: homeroom === null ? null : named(homeroom).name,
  };
}

export function decodePupil(value: unknown): Pupil {
  const row = object(value, 'pupil');
  return {
    id: text(row['id'], 'id'),
    name: text(row['name'], 'name'),
    number: text(row['number'], 'number'),
    condition: kConditions.find((known) => known === row['condition']) ?? 'unknown',
    left: row['standing'] === 'left',
  };
}

const optionalName = (value: unknown): string | null => (value === null || value === undefined ? null : named(value).name);

function room(value: unknown): LessonRoom {
  const row = object(value, 'room');
  const classId = row['class'] ?? null;
  return {
    id: text(row['id'], 'id'),
    label: text(row['label'], 'label'),
    classId: classId === null ? null : text(classId, 'class'),
    teacher: optionalName(row['teacher']),
    expected: number(row, 'expected'),
  };
}

export function decodeLesson(value: unknown): OfficeLesson {
  const row = object(value, 'lesson');
  const started = row['started_at'] ?? null;
  return {
    id: text(row['id'], 'id'),
    title: text(row['title'], 'title'),
    state: lessonState(row['state']),
    startedMs: started === null ? null : number(row, 'started_at'),
    lead: optionalName(row['lead']),
    rooms: list(row['rooms'], 'rooms').map(room),
  };
}

/** A class on air that no teacher of it watches. */
export interface UnwatchedRoom {
  readonly lesson: string;
  readonly title: string;
  readonly room: string;
  readonly label: string;
  /** One was, earlier. */
  readonly wasHere: boolean;
  readonly minutes: number;
}

export function decodeUnwatched(value: unknown): readonly UnwatchedRoom[] {
  return list(object(value, 'unwatched')['items'], 'items').map((item) => {
    const row = object(item, 'item');
    const of = object(row['room'], 'room');
    return {
      lesson: text(row['lesson'], 'lesson'),
      title: text(row['title'], 'title'),
      room: text(of['id'], 'id'),
      label: text(of['label'], 'label'),
      wasHere: row['was_here'] === true,
      minutes: number(row, 'minutes'),
    };
  });
}

function tally(value: unknown): Tally {
  const row = object(value, 'tally');
  return { created: number(row, 'created'), updated: number(row, 'updated'), unchanged: number(row, 'unchanged') };
}

function problem(value: unknown): Problem {
  const row = object(value, 'problem');
  return { line: number(row, 'line'), column: text(row['column'], 'column'), reason: text(row['reason'], 'reason') };
}

export function decodeImported(value: unknown): Imported {
  const root = object(value, 'imported');
  const rows = object(root['rows'], 'rows');
  return {
    applied: root['applied'] === true,
    rows: { schools: tally(rows['schools']), pupils: tally(rows['pupils']), staff: tally(rows['staff']), groups: tally(rows['groups']) },
    changes: list(root['changes'], 'changes').map((change) => {
      const row = object(change, 'change');
      const details = row['details'];
      return {
        created: row['created'] === true,
        school: text(row['school'], 'school'),
        what: text(row['what'], 'what'),
        details: Array.isArray(details) ? details.map((one) => text(one, 'detail')) : details ? [text(details, 'details')] : [],
      };
    }),
    problems: list(root['problems'], 'problems').map(problem),
    notes: list(root['notes'], 'notes').map(problem),
  };
}
