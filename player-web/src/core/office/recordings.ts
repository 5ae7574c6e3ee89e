import { DecodeError, list, object, optionalText, text } from '../json';
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

/** Without id: a name typed at the server's own command line. */
export interface Person {
  readonly id: string | null;
  readonly name: string;
}

/** Kept beyond its term; setting it and taking it off are two persons'. */
export interface Hold {
  readonly lesson: string;
  /** Null: the lesson is no longer there. */
  readonly title: string | null;
  readonly reason: string;
  /** Null: somebody who has left since. */
  readonly askedBy: Person | null;
  readonly askedMs: number;
  readonly approvedBy: Person | null;
  readonly approved: boolean;
  readonly releaseBy: Person | null;
}

function count(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${what} is not a number`);
  return value;
}
function person(value: unknown): Person | null {
  if (value === null || value === undefined) return null;
  const row = object(value, 'person');
  return { id: optionalText(row['id'], 'id'), name: text(row['name'], 'name') };
}

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
    title: optionalText(root['title'], 'title'),
    reason: text(root['reason'], 'reason'),
    askedBy: person(root['asked_by']),
    askedMs: count(root['asked_at'], 'asked_at'),
    approvedBy: person(root['approved_by']),
    approved: (root['approved_at'] ?? null) !== null,
    releaseBy: person(root['release_asked_by']),
  };
}

export const decodeHolds = (value: unknown): readonly Hold[] => list(object(value, 'holds')['items'], 'items').map(decodeHold);

/** How a lesson's hold stands. */
export type Standing = 'free' | 'asked' | 'held' | 'leaving';

export function standingOf(hold: Hold | undefined): Standing {
  if (hold === undefined) return 'free';
  if (!hold.approved) return 'asked';
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

/** What waits for a second person is this one's own wish. */
export function isOwnWish(hold: Hold, staff: string): boolean {
  const asker = hold.approved ? hold.releaseBy : hold.askedBy;
  return asker !== null && asker.id === staff;
}
