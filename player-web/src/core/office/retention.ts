import { list, object, optionalNumber, optionalText, text } from '../json';
import { count } from './absent';
import type { Hold } from './recordings';

/** What the server keeps, what it deletes next, and the proofs of what is gone. */

export const kKinds = ['media', 'presence', 'help', 'air', 'answers', 'access', 'spot_check', 'feedback'] as const;
export type Kind = (typeof kKinds)[number];

export interface Rule {
  readonly kind: Kind;
  /** Of the configuration. */
  readonly key: string;
  readonly keepsMs: number;
}
export interface Rules {
  readonly officer: string | null;
  readonly termEnd: string | null;
  readonly graduationUntil: string | null;
  readonly nextRunMs: number;
  readonly rules: readonly Rule[];
}

export interface KeptRecording {
  readonly lesson: string;
  /** Null: the lesson is no longer there. */
  readonly title: string | null;
  readonly startedMs: number | null;
  /** Null: held. */
  readonly goesMs: number | null;
}

export interface Deletion {
  readonly id: number;
  readonly atMs: number;
  readonly kind: Kind | null;
  readonly title: string | null;
  readonly items: number;
  readonly bytes: number;
  readonly hash: string;
  readonly chain: string;
}

const kindOf = (value: unknown): Kind | null => kKinds.find((kind) => kind === value) ?? null;

export function decodeRules(value: unknown): Rules {
  const root = object(value, 'retention');
  return {
    officer: optionalText(root['officer'], 'officer'),
    termEnd: optionalText(root['term_end'], 'term_end'),
    graduationUntil: optionalText(root['graduation_until'], 'graduation_until'),
    nextRunMs: count(root, 'next_run_at'),
    rules: list(root['rules'], 'rules').flatMap((one) => {
      const row = object(one, 'rule');
      const kind = kindOf(row['kind']);
      return kind === null ? [] : [{ kind, key: text(row['key'], 'key'), keepsMs: count(row, 'keeps_ms') }];
    }),
  };
}

export function decodeKept(value: unknown): KeptRecording {
  const row = object(value, 'recording');
  return {
    lesson: text(row['lesson'], 'lesson'),
    title: optionalText(row['title'], 'title'),
    startedMs: optionalNumber(row['started_at'], 'started_at'),
    goesMs: optionalNumber(row['goes_at'], 'goes_at'),
  };
}

export function decodeDeletion(value: unknown): Deletion {
  const row = object(value, 'deletion');
  return {
    id: count(row, 'id'),
    atMs: count(row, 'at'),
    kind: kindOf(row['kind']),
    title: optionalText(row['title'], 'title'),
    items: count(row, 'items'),
    bytes: count(row, 'bytes'),
    hash: text(row['hash'], 'hash'),
    chain: text(row['chain'], 'chain'),
  };
}

const kHourMs = 3_600_000;

/** In whole days, or in hours where it is less than some days. */
export function spanOf(ms: number): { readonly unit: 'days' | 'hours'; readonly n: number } {
  return ms < 3 * 24 * kHourMs && ms % (24 * kHourMs) !== 0 ? { unit: 'hours', n: Math.max(1, Math.round(ms / kHourMs)) } : { unit: 'days', n: Math.round(ms / (24 * kHourMs)) };
}

/** Those that wait for a second person stand first. */
export const sortedHolds = (holds: readonly Hold[]): readonly Hold[] => {
  const waits = ({ approved, releaseBy }: Hold): number => (approved && releaseBy === null ? 1 : 0);
  return [...holds].sort((a, b) => waits(a) - waits(b) || a.askedMs - b.askedMs);
};
