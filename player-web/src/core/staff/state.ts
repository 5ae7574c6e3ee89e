import type { OnAir } from '../../signal/messages';
import type { Role, RoomCount, Seat, StaffMessage, Teacher, Unclear } from '../../signal/staff';

/** The people of a lesson as a teacher's page knows them: everything it was told, as one value. */

export interface Room {
  readonly id: string;
  readonly label: string | null;
  /** By seat; a seat that did not change stays the same object. */
  readonly seats: readonly Seat[];
  readonly unclear: readonly Unclear[];
  readonly teachers: readonly Teacher[];
  readonly frozen: boolean;
}

export interface SentNote {
  readonly seq: number;
  readonly room: string | null;
  readonly mediaTime: number;
  readonly from: string | null;
  readonly text: string;
}

/** A note on its way: gone from here once the server has told it back. */
export interface PendingNote {
  readonly room: string | null;
  readonly mediaTime: number;
  readonly text: string;
  readonly failed: boolean;
}

/** A child's link that was opened on a third device. */
export interface Refused {
  readonly room: string;
  readonly seat: number;
  readonly label: string | null;
}

export interface Staff {
  readonly line: 'connecting' | 'up' | 'down' | 'over';
  /** Why the line is `over`: a close code. */
  readonly code: number | null;
  readonly role: Role | null;
  readonly onAir: OnAir;
  /** Server's wall clock less this browser's. */
  readonly skewMs: number;
  /** Her own. */
  readonly rooms: readonly Room[];
  /** All rooms she is told numbers of. */
  readonly counts: readonly RoomCount[];
  /** Who co-watches the lesson, as the lead is told. */
  readonly teachers: readonly Teacher[];
  /** By media time. */
  readonly notes: readonly SentNote[];
  readonly pending: readonly PendingNote[];
  readonly refused: readonly Refused[];
  /** Lists of which not all parts have come. */
  readonly drafts: Readonly<Record<string, readonly unknown[]>>;
}

export type StaffEvent =
  | { readonly type: 'heard'; readonly message: StaffMessage; readonly atMs: number }
  | { readonly type: 'line'; readonly up: boolean; readonly final: number | null }
  | { readonly type: 'said'; readonly note: Omit<PendingNote, 'failed'>; readonly sent: boolean }
  | { readonly type: 'dropped'; readonly note: PendingNote }
  | { readonly type: 'seen-refused' };

export const kInitial: Staff = {
  line: 'connecting',
  code: null,
  role: null,
  onAir: 'waiting',
  skewMs: 0,
  rooms: [],
  counts: [],
  teachers: [],
  notes: [],
  pending: [],
  refused: [],
  drafts: {},
};

const kMostNotes = 500;
const kMostRefused = 5;

const changeRoom = (state: Staff, id: string, change: (room: Room) => Room): Staff => ({
  ...state,
  rooms: state.rooms.map((room) => (room.id === id ? change(room) : room)),
});

/** A list in parts: the whole of it with its last part, null before. */
function gather<T>(state: Staff, key: string, { part, parts }: { part: number; parts: number }, items: readonly T[]): [Staff, readonly T[] | null] {
  const before = part === 0 ? [] : (state.drafts[key] ?? []);
  const all = [...before, ...items] as readonly T[];
  if (part < parts - 1) return [{ ...state, drafts: { ...state.drafts, [key]: all } }, null];
  const { [key]: _, ...drafts } = state.drafts;
  return [{ ...state, drafts }, all];
}

const sameSeat = (a: Seat, b: Seat): boolean =>
  a.label === b.label && a.state === b.state && a.tv === b.tv && a.companion === b.companion && a.handMs === b.handMs && a.here === b.here && a.sinceMs === b.sinceMs;

/** Seats of which some changed, or came; what is the same stays the same object. */
export function mergeSeats(known: readonly Seat[], changed: readonly Seat[]): readonly Seat[] {
  const bySeat = new Map(known.map((seat) => [seat.seat, seat]));
  changed.forEach((news) => {
    const before = bySeat.get(news.seat);
    const next = { ...news, label: news.label ?? before?.label ?? null };
    bySeat.set(news.seat, before !== undefined && sameSeat(before, next) ? before : next);
  });
  return Array.from(bySeat.values()).sort((a, b) => a.seat - b.seat);
}

function mergeCounts(known: readonly RoomCount[], changed: readonly RoomCount[]): readonly RoomCount[] {
  const byRoom = new Map(known.map((room) => [room.room, room]));
  changed.forEach((room) => byRoom.set(room.room, { ...room, label: room.label ?? byRoom.get(room.room)?.label ?? null }));
  return Array.from(byRoom.values());
}

function welcome(state: Staff, message: Extract<StaffMessage, { t: 'welcome' }>, atMs: number): Staff {
  const rooms = message.rooms.map(({ id, label }): Room => {
    const known = state.rooms.find((room) => room.id === id);
    // What was frozen where is told again only to those who missed nothing else.
    const frozen = message.resumed ? (known?.frozen ?? false) : message.frozen;
    return { seats: [], unclear: [], teachers: [], ...known, id, label, frozen };
  });
  return {
    ...state,
    role: message.role,
    onAir: message.state,
    skewMs: message.now - atMs,
    rooms,
    notes: message.resumed ? state.notes : [],
    drafts: {},
  };
}

const isSame = (note: PendingNote, told: SentNote): boolean =>
  note.text === told.text && note.mediaTime === told.mediaTime && (note.room === null || told.room === null || note.room === told.room);

function note(state: Staff, told: SentNote): Staff {
  if (state.notes.some(({ seq }) => seq === told.seq)) return state;
  const notes = [...state.notes, told].sort((a, b) => a.mediaTime - b.mediaTime || a.seq - b.seq);
  const mine = state.pending.findIndex((one) => isSame(one, told));
  return { ...state, notes: notes.slice(-kMostNotes), pending: state.pending.filter((_, at) => at !== mine) };
}

/** The server refused something; only notes are worth telling about. */
const failAll = (state: Staff): Staff =>
  state.pending.some(({ failed }) => !failed) ? { ...state, pending: state.pending.map((one) => ({ ...one, failed: true })) } : state;

function heard(state: Staff, message: StaffMessage, atMs: number): Staff {
  switch (message.t) {
    case 'welcome':
      return welcome(state, message, atMs);
    case 'state':
      return { ...state, onAir: message.state };
    case 'freeze':
      return {
        ...state,
        rooms: state.rooms.map((room) => (message.room === null || room.id === message.room ? { ...room, frozen: message.on } : room)),
      };
    case 'note': {
      const { seq, room, mediaTime, from, text } = message;
      return note(state, { seq, room, mediaTime, from, text });
    }
    case 'cowatch': {
      const [next, all] = gather(state, `cowatch ${message.room ?? ''}`, message, message.teachers);
      if (all === null) return next;
      return message.room === null ? { ...next, teachers: all } : changeRoom(next, message.room, (room) => ({ ...room, teachers: all }));
    }
    case 'roster': {
      const [next, all] = gather(state, `roster ${message.room}`, message, message.seats);
      if (all === null) return next;
      // Those who are no longer in the list left the class; the others keep their object.
      return changeRoom(next, message.room, (room) => {
        const here = new Set(all.map(({ seat }) => seat));
        return { ...room, seats: mergeSeats(room.seats.filter(({ seat }) => here.has(seat)), all) };
      });
    }
    case 'seats':
      return changeRoom(state, message.room, (room) => ({ ...room, seats: mergeSeats(room.seats, message.seats) }));
    case 'counts':
      return { ...state, counts: mergeCounts(state.counts, message.rooms) };
    case 'unclear': {
      const [next, all] = gather(state, `unclear ${message.room}`, message, message.seats);
      return all === null ? next : changeRoom(next, message.room, (room) => ({ ...room, unclear: all }));
    }
    case 'device': {
      const { room, seat, label } = message;
      const others = state.refused.filter((one) => one.room !== room || one.seat !== seat);
      return { ...state, refused: [...others, { room, seat, label }].slice(-kMostRefused) };
    }
    case 'error':
      return failAll(state);
    case 'other':
      return state;
  }
}

export function reduce(state: Staff, event: StaffEvent): Staff {
  switch (event.type) {
    case 'heard':
      return heard(state, event.message, event.atMs);
    case 'line':
      if (event.up) return { ...state, line: 'up', code: null };
      return { ...failAll(state), line: event.final === null ? 'down' : 'over', code: event.final };
    case 'said':
      return { ...state, pending: [...state.pending, { ...event.note, failed: !event.sent }] };
    case 'dropped':
      return { ...state, pending: state.pending.filter((one) => one !== event.note) };
    case 'seen-refused':
      return { ...state, refused: [] };
  }
}
