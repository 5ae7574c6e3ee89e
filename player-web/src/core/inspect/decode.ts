import { DecodeError, list, object, optionalNumber, optionalText, text } from '../json';
import type { DrawRecord } from './draw';
import { type Item, kForm, type Marks } from './form';

/** Spot checks as the API tells them. */

export const kStages = ['low', 'upper', 'junior', 'senior'] as const;
export type Stage = (typeof kStages)[number];

export interface DrawnLesson {
  readonly id: string;
  /** null: the lesson is gone. */
  readonly title: string | null;
  readonly school: string | null;
  readonly stage: Stage | null;
  readonly subject: string;
  readonly lead: string | null;
}

export interface Commitment {
  readonly draw: string;
  readonly number: number;
  readonly commitment: string;
  readonly committedMs: number;
}

export interface Draw extends Commitment {
  readonly drawnMs: number;
  readonly by: string | null;
  readonly words: string;
  readonly lessons: readonly DrawnLesson[];
}

/** Lessons a draw would choose from. */
export interface Urn {
  readonly lessons: number;
  readonly schools: number;
  readonly stages: readonly { readonly stage: Stage | null; readonly lessons: number }[];
}

export interface Signed {
  readonly marks: Marks;
  readonly remark: string;
  readonly counts: { readonly rooms: number; readonly watched: number; readonly expected: number; readonly absent: number } | null;
  /** When each was shown. */
  readonly stills: readonly number[];
}

export interface Check {
  readonly id: string;
  readonly draw: string;
  readonly lesson: DrawnLesson;
  readonly by: string | null;
  readonly openedMs: number;
  readonly signedMs: number | null;
  readonly signed: Signed | null;
  /** The record is as it was signed. */
  readonly intact: boolean;
}

/** A look that has begun, and what opens the lesson. */
export interface Look {
  readonly check: Check;
  readonly link: string;
}

function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${what} is not a number`);
  return value;
}
const name = (value: unknown): string | null => (value === null || value === undefined ? null : text(object(value, 'person')['name'], 'name'));
const stage = (value: unknown): Stage | null => kStages.find((known) => known === value) ?? null;

function lesson(value: unknown): DrawnLesson {
  const row = object(value, 'lesson');
  return {
    id: text(row['id'], 'id'),
    title: optionalText(row['title'], 'title'),
    school: name(row['school']),
    stage: stage(row['stage']),
    subject: text(row['subject'], 'subject'),
    lead: name(row['lead']),
  };
}

export function decodeCommitment(value: unknown): Commitment {
  const root = object(value, 'commitment');
  return {
    draw: text(root['draw'], 'draw'),
    number: number(root['number'], 'number'),
    commitment: text(root['commitment'], 'commitment'),
    committedMs: number(root['committed_at'], 'committed_at'),
  };
}

export function decodeDraw(value: unknown): Draw {
  const root = object(value, 'draw');
  return {
    ...decodeCommitment(value),
    drawnMs: number(root['drawn_at'], 'drawn_at'),
    by: name(root['by']),
    words: text(root['words'], 'words'),
    lessons: list(root['lessons'], 'lessons').map(lesson),
  };
}
export const decodeDraws = (value: unknown): readonly Draw[] => list(object(value, 'draws')['items'], 'items').map(decodeDraw);

export function decodeUrn(value: unknown): Urn {
  const root = object(value, 'urn');
  return {
    lessons: number(root['lessons'], 'lessons'),
    schools: number(root['schools'], 'schools'),
    stages: list(root['stages'], 'stages').map((one) => {
      const row = object(one, 'stage');
      return { stage: stage(row['stage']), lessons: number(row['lessons'], 'lessons') };
    }),
  };
}

export function decodeRecord(value: unknown): DrawRecord {
  const root = object(value, 'record');
  return {
    commitment: text(root['commitment'], 'commitment'),
    secret: text(root['secret'], 'secret'),
    words: text(root['words'], 'words'),
    count: number(root['count'], 'count'),
    onAir: list(root['on_air'], 'on_air').map((one) => {
      const row = object(one, 'on_air');
      return { lesson: text(row['lesson'], 'lesson'), school: text(row['school'], 'school'), stage: text(row['stage'], 'stage'), subject: text(row['subject'], 'subject') };
    }),
    drawn: list(root['drawn'], 'drawn').map((one) => text(one, 'drawn')),
  };
}

function marks(value: unknown): Marks {
  const row = object(value, 'marks');
  return kForm.reduce<Marks>((all, [item, known]) => {
    const mark = known.find((one) => one === row[item]);
    return mark === undefined ? all : { ...all, [item as Item]: mark };
  }, {});
}

function signed(value: unknown): Signed | null {
  if (value === null || value === undefined) return null;
  const root = object(value, 'record');
  const counts = root['counts'] ?? null;
  const of = (field: string): number => optionalNumber(object(counts, 'counts')[field], field) ?? 0;
  return {
    marks: marks(root['marks']),
    remark: text(root['remark'], 'remark'),
    counts: counts === null ? null : { rooms: of('rooms'), watched: of('watched'), expected: of('expected'), absent: of('absent') },
    stills: list(root['stills'], 'stills').map((one) => number(object(one, 'still')['at'], 'at')),
  };
}

export function decodeCheck(value: unknown): Check {
  const root = object(value, 'check');
  return {
    id: text(root['id'], 'id'),
    draw: text(root['draw'], 'draw'),
    lesson: lesson(root['lesson']),
    by: name(root['by']),
    openedMs: number(root['opened_at'], 'opened_at'),
    signedMs: optionalNumber(root['signed_at'], 'signed_at'),
    signed: signed(root['record']),
    intact: root['intact'] === true,
  };
}

export function decodeLook(value: unknown): Look {
  return { check: decodeCheck(value), link: text(object(value, 'look')['link'], 'link') };
}
