import { DecodeError, list, object, text } from '../json';
import type { Reply } from './call';

/** Whom a lesson was for and who was not seen: the loop that ends at zero. */

export const kStates = ['live', 'tv', 'late', 'package', 'excused', 'unresolved'] as const;
export type PupilState = (typeof kStates)[number];
export const kReached = ['called', 'messaged', 'visited'] as const;
export type Reached = (typeof kReached)[number];
export const kWays = ['tv', 'replay', 'package', 'visit', 'excused', 'none'] as const;
export type Way = (typeof kWays)[number];

export interface ClassName {
  readonly id: string;
  readonly label: string;
  readonly grade: number;
  readonly number: number;
}

/** The states add up to `expected`, always. */
export interface ClassCounts {
  readonly of: ClassName;
  readonly expected: number;
  /** Unresolved and not seen at all; known from ten minutes into the lesson. */
  readonly absent: number;
  readonly states: States;
}

export const kDevices = ['page', 'tv', 'player'] as const;
export type Device = (typeof kDevices)[number];

export interface PupilLine {
  readonly id: string;
  readonly number: string;
  readonly name: string;
  readonly state: PupilState;
  readonly absent: boolean;
  /** Unresolved two hours after the lesson began. */
  readonly overdue: boolean;
  readonly minutes: number;
  readonly replayMinutes: number;
  readonly lastSeenMs: number | null;
  /** In this lesson, or in one before. */
  readonly lastDevice: { readonly by: Device; readonly atMs: number } | null;
  readonly contact: { readonly by: Reached; readonly way: Way; readonly atMs: number } | null;
}

export interface ClassLoop {
  readonly counts: ClassCounts;
  readonly pupils: readonly PupilLine[];
}

type Fields = Readonly<Record<string, unknown>>;

export function count(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${name} is not a number`);
  return value;
}
function oneOf<T extends string>(known: readonly T[], value: unknown, what: string): T {
  const found = known.find((one) => one === value);
  if (found === undefined) throw new DecodeError(`${what} is unknown`);
  return found;
}

export type States = Readonly<Record<PupilState, number>>;

export function decodeStates(row: Fields): States {
  const states = { live: 0, tv: 0, late: 0, package: 0, excused: 0, unresolved: 0 };
  kStates.forEach((state) => (states[state] = count(row, state)));
  return states;
}

export function decodeClassName(value: unknown): ClassName {
  const of = object(value, 'class');
  return { id: text(of['id'], 'id'), label: text(of['label'], 'label'), grade: count(of, 'grade'), number: count(of, 'number') };
}

function counts(value: unknown): ClassCounts {
  const row = object(value, 'counts');
  return {
    of: decodeClassName(row['class']),
    expected: count(row, 'expected'),
    absent: count(row, 'absent'),
    states: decodeStates(row),
  };
}

/** Of one lesson, the classes this account may count. */
export const decodeCounts = (value: unknown): readonly ClassCounts[] => list(object(value, 'lesson')['classes'], 'classes').map(counts);

export function decodePupilLine(value: unknown): PupilLine {
  const row = object(value, 'pupil');
  const pupil = object(row['pupil'], 'pupil');
  const contact = row['contact'] ?? null;
  const seen = row['last_seen'] ?? null;
  const device = row['last_device'] ?? null;
  const last = device === null ? null : object(device, 'device');
  const reached = contact === null ? null : object(contact, 'contact');
  return {
    id: text(pupil['id'], 'id'),
    number: text(pupil['number'], 'number'),
    name: text(pupil['name'], 'name'),
    state: oneOf(kStates, row['state'], 'state'),
    absent: row['absent'] === true,
    overdue: row['overdue'] === true,
    minutes: count(row, 'minutes'),
    replayMinutes: count(row, 'replay_minutes'),
    lastDevice: last === null ? null : { by: oneOf(kDevices, last['by'], 'by'), atMs: count(last, 'at') },
    lastSeenMs: seen === null ? null : count(row, 'last_seen'),
    contact: reached === null ? null : { by: oneOf(kReached, reached['by'], 'by'), way: oneOf(kWays, reached['way'], 'way'), atMs: count(reached, 'at') },
  };
}

export const decodeLoop = (value: unknown): ClassLoop => ({
  counts: counts(value),
  pupils: list(object(value, 'class')['pupils'], 'pupils').map(decodePupilLine),
});

/** What a pupil still needs: somebody to reach the family, or only that it happens. */
export type Need = 'contact' | 'wait' | 'done';

export function needOf({ state, contact }: PupilLine): Need {
  if (state !== 'unresolved') return 'done';
  return contact === null || contact.way === 'none' ? 'contact' : 'wait';
}

/** One class's list on the page. */
export type State =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'missing' }
  | {
      readonly kind: 'open';
      readonly loop: ClassLoop;
      /** A contact that is on its way to the server, by pupil. */
      readonly sending: string | null;
      /** One that did not get there. */
      readonly failed: string | null;
    };

export type Event =
  | { readonly type: 'loaded'; readonly reply: Reply<ClassLoop> }
  | { readonly type: 'sending'; readonly pupil: string }
  | { readonly type: 'noted'; readonly pupil: string; readonly reply: Reply<PupilLine> };

export const kInitial: State = { kind: 'loading' };

function note({ counts: before, pupils }: ClassLoop, line: PupilLine): ClassLoop {
  const known = pupils.find(({ id }) => id === line.id);
  const states = { ...before.states };
  if (known !== undefined && known.state !== line.state) {
    states[known.state] -= 1;
    states[line.state] += 1;
  }
  const absent = before.absent + (line.absent ? 1 : 0) - (known?.absent === true ? 1 : 0);
  return { counts: { ...before, states, absent }, pupils: pupils.map((one) => (one.id === line.id ? line : one)) };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'loaded':
      if (event.reply.kind === 'ok') return { kind: 'open', loop: event.reply.value, sending: null, failed: null };
      return { kind: event.reply.kind === 'missing' ? 'missing' : 'failed' };
    case 'sending':
      return state.kind === 'open' ? { ...state, sending: event.pupil, failed: null } : state;
    case 'noted':
      if (state.kind !== 'open') return state;
      if (event.reply.kind !== 'ok') return { ...state, sending: null, failed: event.pupil };
      return { ...state, sending: null, failed: null, loop: note(state.loop, event.reply.value) };
  }
}

export interface Sum {
  readonly expected: number;
  readonly absent: number;
  readonly unresolved: number;
}

/** Over classes and lessons. */
export function sumOf(all: readonly ClassCounts[]): Sum {
  return all.reduce<Sum>(
    (sum, { expected, absent, states }) => ({ expected: sum.expected + expected, absent: sum.absent + absent, unresolved: sum.unresolved + states.unresolved }),
    { expected: 0, absent: 0, unresolved: 0 },
  );
}

/** Lessons of this day by this browser's calendar, and one that was asked for. */
export function isToday(startedMs: number | null, nowMs: number): boolean {
  if (startedMs === null) return false;
  return new Date(startedMs).toDateString() === new Date(nowMs).toDateString();
}
