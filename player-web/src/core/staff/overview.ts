import type { RoomCount, Teacher } from '../../signal/staff';
import type { Staff } from './state';

/** What a lead teacher sees of her classes at a glance; numbers, never names. */

export interface Sum {
  readonly here: number;
  /** 0 while the school has given no list of who should come. */
  readonly expected: number;
  readonly unclear: number;
  readonly stalled: number;
}

export function sum(counts: readonly RoomCount[]): Sum {
  const all = (of: (room: RoomCount) => number): number => counts.reduce((total, room) => total + of(room), 0);
  return { here: all(({ present }) => present), expected: all(({ expected }) => expected), unclear: all(({ unclear }) => unclear), stalled: all(({ stalled }) => stalled) };
}

export interface UnclearSample {
  readonly atMs: number;
  readonly count: number;
}

const kWindowMs = 60_000;

/** The last minute's numbers with a new one; what is older goes, but for the newest of it. */
export function addSample(samples: readonly UnclearSample[], now: UnclearSample): readonly UnclearSample[] {
  const all = [...samples, now];
  const kept = all.filter(({ atMs }, at) => {
    const next = all[at + 1];
    return now.atMs - atMs <= kWindowMs || (next !== undefined && now.atMs - next.atMs <= kWindowMs);
  });
  return kept;
}

/** How many more did not follow than a minute ago; 0 when it is not rising. */
export function rise(samples: readonly UnclearSample[]): number {
  const first = samples[0];
  const last = samples[samples.length - 1];
  return first === undefined || last === undefined ? 0 : Math.max(0, last.count - first.count);
}

/** Teachers who co-watch a class; a lesson of one nameless class has them all. */
export function teachersOf(room: RoomCount, teachers: readonly Teacher[], rooms: number): readonly Teacher[] {
  if (rooms === 1) return teachers.filter((teacher) => teacher.rooms.length > 0);
  return teachers.filter((teacher) => room.label !== null && teacher.rooms.indexOf(room.label) >= 0);
}

export type Warning =
  | { readonly kind: 'nobody' }
  | { readonly kind: 'stalled'; readonly count: number }
  | { readonly kind: 'unclear' }
  | { readonly kind: 'teacher'; readonly rooms: readonly string[] };

/** Fewer stalled players than this are those pupils' own lines. */
const kManyStalled = 3;
const kStalledShare = 0.3;
const kRisingBy = 3;

/** What a teacher on air should know now, the most urgent first. */
export function warnings({ counts, teachers, onAir }: Pick<Staff, 'counts' | 'teachers' | 'onAir'>, samples: readonly UnclearSample[]): readonly Warning[] {
  if (onAir !== 'live' || counts.length === 0) return [];
  const { here, stalled } = sum(counts);
  if (here === 0) return [{ kind: 'nobody' }];
  const found: Warning[] = [];
  if (stalled >= kManyStalled && stalled >= here * kStalledShare) found.push({ kind: 'stalled', count: stalled });
  if (rise(samples) >= kRisingBy) found.push({ kind: 'unclear' });
  const alone = counts.length === 1 ? [] : counts.filter((room) => room.present > 0 && teachersOf(room, teachers, counts.length).length === 0);
  if (alone.length > 0) found.push({ kind: 'teacher', rooms: alone.map(({ room, label }) => label ?? room) });
  return found;
}
