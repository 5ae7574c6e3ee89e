import type { Seat } from '../../signal/staff';
import type { Room } from './state';

/** Whom a teacher looks for in her class. */
export type Group = 'all' | 'unclear' | 'silent' | 'absent' | 'gone' | 'stalled' | 'audio' | 'alone';

/** @param called  a roll-call says who answers it */
export const groupsOf = (called: boolean): readonly Group[] => [
  'all',
  'unclear',
  ...(called ? (['silent'] as const) : []),
  'absent',
  'gone',
  'stalled',
  'audio',
  'alone',
];

export const isHere = ({ state }: Seat): boolean => state !== 'absent' && state !== 'gone';

export function inGroup(seat: Seat, group: Group, unclear: ReadonlySet<number>): boolean {
  switch (group) {
    case 'all':
      return true;
    case 'unclear':
      return unclear.has(seat.seat);
    case 'silent':
      return isHere(seat) && !seat.here;
    case 'alone':
      return isHere(seat) && seat.companion === 'none';
    default:
      return seat.state === group;
  }
}

export const unclearSeats = (room: Room): ReadonlySet<number> => new Set(room.unclear.map(({ seat }) => seat));

export interface Tally {
  readonly here: number;
  readonly expected: number;
  /** Answered the roll-call. */
  readonly answered: number;
  readonly groups: Readonly<Record<Group, number>>;
}

export function tally(room: Room): Tally {
  const unclear = unclearSeats(room);
  const size = (group: Group): number => room.seats.filter((seat) => inGroup(seat, group, unclear)).length;
  return {
    here: room.seats.filter(isHere).length,
    expected: room.seats.length,
    answered: room.seats.filter(({ here }) => here).length,
    groups: {
      all: room.seats.length,
      unclear: unclear.size,
      silent: size('silent'),
      absent: size('absent'),
      gone: size('gone'),
      stalled: size('stalled'),
      audio: size('audio'),
      alone: size('alone'),
    },
  };
}

/** Whole minutes since the seat's state began, by the server's clock. */
export function minutesSince({ sinceMs }: Seat, nowMs: number, skewMs: number): number {
  return sinceMs === null ? 0 : Math.max(0, Math.floor((nowMs + skewMs - sinceMs) / 60_000));
}
