import { list, object, text } from '../json';
import { addDays } from './days';

/** A class's week, and what the rules say of the drafts. */

export const kKinds = ['lesson', 'qa', 'break', 'eye', 'exercise', 'labour', 'arts', 'homeroom', 'parent'] as const;
export type Kind = (typeof kKinds)[number];
export const kDeliveries = ['live', 'recorded', 'offline'] as const;
export type Delivery = (typeof kDeliveries)[number];

export interface Entry {
  readonly id: number;
  /** "2026-11-30" */
  readonly date: string;
  /** 第几节; 0: none is said. */
  readonly period: number;
  /** "08:00" */
  readonly start: string;
  readonly end: string;
  readonly kind: Kind;
  readonly delivery: Delivery;
  readonly subject: string;
  readonly lead: string;
  readonly goal: string;
}

export interface Week {
  /** Its Monday. */
  readonly monday: string;
  readonly entries: readonly Entry[];
  /** Minutes of live lessons by day, Monday first. */
  readonly liveMinutes: readonly number[];
}

/** A row that a finding is about, in words. */
export interface FoundRow {
  readonly id: number;
  /** 1 is Monday. */
  readonly day: number;
  readonly start: string;
  readonly subject: string;
  readonly kind: Kind;
  readonly lead: string;
  readonly grade: number | null;
  readonly of: string | null;
}

export interface Finding {
  readonly error: boolean;
  readonly code: string;
  readonly amount: number;
  readonly limit: number;
  /** Monday of the week; null: each week. */
  readonly week: string | null;
  readonly rows: readonly FoundRow[];
}

export interface Findings {
  readonly ok: boolean;
  readonly findings: readonly Finding[];
  /** Sheets that a publication changed. */
  readonly sheets: number;
}

type Fields = Readonly<Record<string, unknown>>;

const some = (value: unknown): string => (typeof value === 'string' ? value : '');
const amount = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0);

function entry(value: unknown): Entry {
  const row = object(value, 'entry');
  return {
    id: amount(row['id']),
    date: text(row['date'], 'date'),
    period: amount(row['period']),
    start: text(row['start'], 'start'),
    end: text(row['end'], 'end'),
    kind: kKinds.find((kind) => kind === row['kind']) ?? 'lesson',
    delivery: kDeliveries.find((delivery) => delivery === row['delivery']) ?? 'live',
    subject: some(row['subject']),
    lead: some(row['lead']),
    goal: some(row['goal']),
  };
}

/** Of one class. */
export function decodeWeek(value: unknown): Week {
  const root = object(value, 'week');
  const [first] = list(root['classes'], 'classes');
  const programme: Fields = first === undefined ? {} : object(first, 'class');
  return {
    monday: text(root['week'], 'week'),
    entries: list(programme['entries'] ?? [], 'entries').map(entry),
    liveMinutes: list(programme['load'] ?? [], 'load').map((day) => amount(object(day, 'day')['live_min'])),
  };
}

function foundRow(id: number, value: unknown): FoundRow {
  const row = object(value, 'row');
  const scope: Fields = typeof row['scope'] === 'object' && row['scope'] !== null ? (row['scope'] as Fields) : {};
  return {
    id,
    day: amount(row['day']),
    start: some(row['start']),
    subject: some(row['subject']),
    kind: kKinds.find((kind) => kind === row['kind']) ?? 'lesson',
    lead: some(row['lead']),
    grade: typeof scope['grade'] === 'number' ? scope['grade'] : null,
    of: some(scope['class']) || some(scope['school']) || null,
  };
}

/** @param rows  those that findings name, by id */
function decodeFinding(value: unknown, rows: Fields): Finding {
  const row = object(value, 'finding');
  const params: Fields = object(row['params'], 'params');
  return {
    error: row['severity'] === 'error',
    code: text(row['code'], 'code'),
    amount: amount(params['amount']),
    limit: amount(params['limit']),
    week: typeof row['week'] === 'string' ? row['week'] : null,
    rows: list(row['rows'], 'rows')
      .filter((id) => rows[String(id)] !== undefined)
      .map((id) => foundRow(amount(id), rows[String(id)])),
  };
}

export function decodeFindings(value: unknown): Findings {
  const root = object(value, 'findings');
  const rows: Fields = object(root['rows'], 'rows');
  return { ok: root['ok'] === true, findings: list(root['findings'], 'findings').map((one) => decodeFinding(one, rows)), sheets: amount(root['sheets']) };
}

/** What the rules say of a row at another time. */
export interface Verdict {
  readonly day: number;
  readonly start: string;
  readonly ok: boolean;
  readonly findings: readonly Finding[];
}

export interface Tried {
  readonly verdicts: readonly Verdict[];
  /** Of the row as it was looked at; the server refuses to move another. */
  readonly tag: string;
  /** The row is on a sheet of several classes. */
  readonly shared: boolean;
}

export function decodeTried(value: unknown): Tried {
  const root = object(value, 'moves');
  const rows: Fields = object(root['rows'], 'rows');
  const verdicts = list(root['moves'], 'moves').map((one): Verdict => {
    const row = object(one, 'move');
    return { day: amount(row['day']), start: text(row['start'], 'start'), ok: row['ok'] === true, findings: list(row['findings'], 'findings').map((found) => decodeFinding(found, rows)) };
  });
  return { verdicts, tag: text(root['etag'], 'etag'), shared: object(root['sheet'], 'sheet')['class'] === null };
}

/** The tag of a row that was moved. */
export const decodeMoved = (value: unknown): string => text(object(value, 'row')['etag'], 'etag');

export interface Day {
  readonly date: string;
  /** 1 is Monday. */
  readonly number: number;
  readonly entries: readonly Entry[];
  readonly liveMinutes: number;
}

/** Monday to Friday, and Saturday and Sunday where something is on. */
export function daysOf({ monday, entries, liveMinutes }: Week): readonly Day[] {
  return [0, 1, 2, 3, 4, 5, 6]
    .map((at): Day => {
      const date = addDays(monday, at);
      const own = entries.filter((one) => one.date === date);
      return { date, number: at + 1, entries: [...own].sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0)), liveMinutes: liveMinutes[at] ?? 0 };
    })
    .filter(({ number, entries: own }) => number <= 5 || own.length > 0);
}

/** Errors first, then by rule. */
export const sortedFindings = (findings: readonly Finding[]): readonly Finding[] =>
  [...findings].sort((a, b) => Number(b.error) - Number(a.error) || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0));

export interface Taken {
  readonly applied: boolean;
  readonly rows: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly removed: number;
  readonly problems: readonly { readonly line: number; readonly cell: number; readonly column: string; readonly reason: string }[];
}

export function decodeTaken(value: unknown): Taken {
  const root = object(value, 'import');
  return {
    applied: root['applied'] === true,
    rows: amount(root['rows']),
    created: amount(root['created']),
    updated: amount(root['updated']),
    unchanged: amount(root['unchanged']),
    removed: amount(root['removed']),
    problems: list(root['problems'], 'problems').map((one) => {
      const row = object(one, 'problem');
      return { line: amount(row['line']), cell: amount(row['cell']), column: some(row['column']), reason: some(row['reason']) };
    }),
  };
}
