import { DecodeError, object, text } from '../json';
import type { OfficeLesson } from './decode';

/** Recordings for who is signed in: finding them, playing, downloading, keeping. */

/** Where one is played and downloaded, for a day. */
export interface OfficeLink {
  readonly page: string;
  readonly recording: string;
  readonly mp4: string;
  readonly m4a: string;
}

/** What is recorded of a lesson. */
export interface Contents {
  readonly seconds: number;
  readonly bytes: number;
  /** When nobody published, or what came was not kept. */
  readonly gaps: number;
}

/** Kept beyond its term; setting it and taking it off are two persons'. */
export interface Hold {
  readonly lesson: string;
  readonly reason: string;
  readonly firstBy: string;
  readonly secondBy: string | null;
  readonly releaseBy: string | null;
  /** What waits for a second person is this account's own wish. */
  readonly mine: boolean;
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${what} is not a number`);
  return value;
}
function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new DecodeError(`${what} is not a list`);
  return value;
}
const optional = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

export function decodeOfficeLink(value: unknown): OfficeLink {
  const root = object(value, 'link');
  return { page: text(root['page'], 'page'), recording: text(root['recording'], 'recording'), mp4: text(root['mp4'], 'mp4'), m4a: text(root['m4a'], 'm4a') };
}

export function decodeContents(value: unknown): Contents {
  const root = object(value, 'recording');
  return {
    seconds: count(root['duration'], 'duration'),
    bytes: count(root['bytes'], 'bytes'),
    gaps: list(root['gaps'], 'gaps').length + list(root['losses'], 'losses').length,
  };
}

export function decodeHold(value: unknown): Hold {
  const root = object(value, 'hold');
  return {
    lesson: text(root['lesson'], 'lesson'),
    reason: text(root['reason'], 'reason'),
    firstBy: text(root['first_by'], 'first_by'),
    secondBy: optional(root['second_by']),
    releaseBy: optional(root['release_by']),
    mine: root['mine'] === true,
  };
}

export const decodeHolds = (value: unknown): readonly Hold[] => list(object(value, 'holds')['items'], 'items').map(decodeHold);

/** How a lesson's hold stands. */
export type Standing = 'free' | 'asked' | 'held' | 'leaving';

export function standingOf(hold: Hold | undefined): Standing {
  if (hold === undefined) return 'free';
  if (hold.secondBy === null) return 'asked';
  return hold.releaseBy === null ? 'held' : 'leaving';
}

/** Lessons that were on air, as somebody looks for them: by title, teacher or class. */
export function found(lessons: readonly OfficeLesson[], words: string): readonly OfficeLesson[] {
  const wanted = words.trim().toLowerCase().split(/\s+/).filter((word) => word !== '');
  return lessons.filter(({ startedMs, title, lead, rooms }) => {
    const all = [title, lead ?? '', ...rooms.map(({ label }) => label)].join(' ').toLowerCase();
    return startedMs !== null && wanted.every((word) => all.indexOf(word) >= 0);
  });
}
