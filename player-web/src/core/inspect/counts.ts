import { DecodeError, object, optionalNumber, optionalText, text } from '../json';

/** What the websocket tells an inspector of a lesson's people: numbers by room, and which teachers are with
 *  them. No names of pupils come, and none would be read. */

export interface RoomNumbers {
  readonly room: string;
  readonly label: string | null;
  readonly expected: number;
  readonly present: number;
  readonly stalled: number;
}
interface Teacher {
  readonly label: string | null;
  readonly rooms: readonly string[];
}
export interface Numbers {
  readonly rooms: readonly RoomNumbers[];
  readonly teachers: readonly Teacher[];
  /** Pieces of a list that is not whole yet. */
  readonly coming: readonly Teacher[];
}
type Fields = Readonly<Record<string, unknown>>;
export const kNoNumbers: Numbers = { rooms: [], teachers: [], coming: [] };

function count(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new DecodeError(`${name} is not a count`);
  return value;
}
function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new DecodeError(`${name} is not a list`);
  return value;
}

function room(value: unknown): RoomNumbers {
  const fields = object(value, 'room');
  return {
    room: text(fields['room'], 'room'),
    label: optionalText(fields['label'], 'label'),
    expected: count(fields, 'expected'),
    present: count(fields, 'present'),
    stalled: optionalNumber(fields['stalled'], 'stalled') ?? 0,
  };
}
function teacher(value: unknown): Teacher {
  const fields = object(value, 'teacher');
  return { label: optionalText(fields['label'], 'label'), rooms: list(fields, 'rooms').filter((one): one is string => typeof one === 'string') };
}

function cowatch(numbers: Numbers, fields: Fields): Numbers {
  if (fields['room'] !== undefined) return numbers;
  const [part, parts] = [count(fields, 'part'), count(fields, 'parts')];
  const coming = [...(part === 0 ? [] : numbers.coming), ...list(fields, 'teachers').map(teacher)];
  return part + 1 < parts ? { ...numbers, coming } : { ...numbers, teachers: coming, coming: [] };
}

/** The numbers after a frame. Frames of other kinds change nothing. @throws DecodeError */
export function hearNumbers(numbers: Numbers, frame: unknown): Numbers {
  const fields = object(frame, 'frame');
  if (fields['t'] === 'cowatch') return cowatch(numbers, fields);
  if (fields['t'] !== 'counts') return numbers;
  const changed = list(fields, 'rooms').map(room);
  const known = numbers.rooms.map((one) => changed.find((now) => now.room === one.room) ?? one);
  return { ...numbers, rooms: [...known, ...changed.filter((now) => !known.some((one) => one.room === now.room))] };
}

/** Teachers with a class; a lesson of one nameless class has them all. */
export function teachersWith({ rooms, teachers }: Numbers, { label }: RoomNumbers): readonly Teacher[] {
  return teachers.filter((one) => (rooms.length === 1 ? one.rooms.length > 0 : label !== null && one.rooms.indexOf(label) >= 0));
}
