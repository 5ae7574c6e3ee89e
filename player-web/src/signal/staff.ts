import { count, type Fields, flag, list, object, oneOf, optionalCount, optionalText, text } from './fields';
import { type Note, type OnAir, onAir, type Play, type Who, who } from './messages';

/** What teachers' pages are told beyond a viewer's (tongke.v1): people by name, numbers by room. */

export type Role = 'pupil' | 'guardian' | 'lead' | 'teacher' | 'office' | 'technician' | 'inspector';
/** `media`: fetches the lesson with a player that does not speak, such as an old TV's. */
export type SeatState = 'absent' | 'gone' | 'media' | Play;

export interface Seat {
  readonly seat: number;
  readonly label: string | null;
  readonly state: SeatState;
  readonly tv: boolean;
  readonly companion: Who;
  /** Its hand is up, since then by the server's clock. */
  readonly handMs: number | null;
  /** It answered the roll-call. */
  readonly here: boolean;
  /** Server's wall clock. */
  readonly sinceMs: number | null;
}

export interface RoomCount {
  readonly room: string;
  readonly label: string | null;
  readonly expected: number;
  readonly present: number;
  readonly stalled: number;
  readonly audio: number;
  readonly gone: number;
  readonly companions: number;
  readonly unclear: number;
  /** Answered the roll-call. */
  readonly here: number;
}

export interface Teacher {
  readonly label: string | null;
  readonly rooms: readonly string[];
  readonly minutes: number;
}

export interface Unclear {
  readonly seat: number;
  readonly label: string | null;
  readonly mediaTime: number;
}

/** A list comes in parts: 0 begins it, `parts` - 1 is its last. */
interface Part {
  readonly part: number;
  readonly parts: number;
}

export type StaffMessage =
  | {
      readonly t: 'welcome';
      readonly role: Role;
      readonly rooms: readonly { readonly id: string; readonly label: string | null }[];
      readonly resumed: boolean;
      readonly state: OnAir;
      readonly frozen: boolean;
      readonly now: number;
    }
  | { readonly t: 'state'; readonly state: OnAir }
  | { readonly t: 'freeze'; readonly on: boolean; readonly room: string | null }
  | ({ readonly t: 'note'; readonly room: string | null } & Note)
  | ({ readonly t: 'cowatch'; readonly room: string | null; readonly teachers: readonly Teacher[] } & Part)
  | ({ readonly t: 'roster' | 'seats'; readonly room: string; readonly seats: readonly Seat[] } & Part)
  | ({ readonly t: 'counts'; readonly rooms: readonly RoomCount[] } & Part)
  | ({ readonly t: 'unclear'; readonly room: string; readonly seats: readonly Unclear[] } & Part)
  | { readonly t: 'device'; readonly room: string; readonly seat: number; readonly label: string | null }
  | { readonly t: 'error'; readonly code: string }
  | { readonly t: 'other' };

const kRoles: readonly Role[] = ['pupil', 'guardian', 'lead', 'teacher', 'office', 'technician', 'inspector'];
const kSeatStates: readonly SeatState[] = ['absent', 'gone', 'media', 'playing', 'stalled', 'audio', 'paused'];

const part = (fields: Fields): Part => ({ part: count(fields, 'part'), parts: count(fields, 'parts') });

function seat(value: unknown): Seat {
  const fields = object(value);
  return {
    seat: count(fields, 'seat'),
    label: optionalText(fields, 'label'),
    state: oneOf(fields, 'state', kSeatStates),
    tv: fields['tv'] === true,
    companion: fields['companion'] === undefined ? 'none' : who(fields, 'companion'),
    handMs: optionalCount(fields, 'hand'),
    here: fields['here'] === true,
    sinceMs: optionalCount(fields, 'since'),
  };
}

function roomCount(value: unknown): RoomCount {
  const fields = object(value);
  const some = (name: string): number => optionalCount(fields, name) ?? 0;
  return {
    room: text(fields, 'room'),
    label: optionalText(fields, 'label'),
    expected: count(fields, 'expected'),
    present: count(fields, 'present'),
    stalled: some('stalled'),
    audio: some('audio'),
    gone: some('gone'),
    companions: some('companions'),
    unclear: some('unclear'),
    here: some('here'),
  };
}

function teacher(value: unknown): Teacher {
  const fields = object(value);
  const rooms = list(fields, 'rooms').filter((room): room is string => typeof room === 'string');
  return { label: optionalText(fields, 'label'), rooms, minutes: count(fields, 'minutes') };
}

function unclear(value: unknown): Unclear {
  const fields = object(value);
  return { seat: count(fields, 'seat'), label: optionalText(fields, 'label'), mediaTime: count(fields, 'media_time') };
}

function welcome(fields: Fields): StaffMessage {
  const rooms = list(fields, 'rooms').map((room) => {
    const named = object(room);
    return { id: text(named, 'id'), label: optionalText(named, 'label') };
  });
  return {
    t: 'welcome',
    role: oneOf(fields, 'role', kRoles),
    rooms,
    resumed: flag(fields, 'resumed'),
    state: onAir(fields),
    frozen: flag(fields, 'frozen'),
    now: count(fields, 'now'),
  };
}

export function decodeStaff(value: unknown): StaffMessage {
  const fields = object(value);
  const t = text(fields, 't');
  const room = optionalText(fields, 'room');
  switch (t) {
    case 'welcome':
      return welcome(fields);
    case 'state':
      return { t, state: onAir(fields) };
    case 'freeze':
      return { t, on: flag(fields, 'on'), room };
    case 'note':
      return {
        t,
        room,
        seq: count(fields, 'seq'),
        mediaTime: count(fields, 'media_time'),
        from: optionalText(fields, 'from'),
        text: text(fields, 'text'),
      };
    case 'cowatch':
      return { t, room, teachers: list(fields, 'teachers').map(teacher), ...part(fields) };
    case 'roster':
    case 'seats':
      return { t, room: text(fields, 'room'), seats: list(fields, 'seats').map(seat), ...part(fields) };
    case 'counts':
      return { t, rooms: list(fields, 'rooms').map(roomCount), ...part(fields) };
    case 'unclear':
      return { t, room: text(fields, 'room'), seats: list(fields, 'seats').map(unclear), ...part(fields) };
    case 'device':
      return { t, room: text(fields, 'room'), seat: count(fields, 'seat'), label: optionalText(fields, 'label') };
    case 'error':
      return { t, code: text(fields, 'code') };
    default:
      return { t: 'other' };
  }
}
