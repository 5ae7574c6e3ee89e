import { DecodeError, list, object, optionalText, text } from '../json';
import { count } from './absent';

/** Lessons on their way to others, as the office's API tells it. */

export const kOutputStates = ['waiting', 'connecting', 'sending', 'retrying', 'ended'] as const;
export type OutputState = (typeof kOutputStates)[number];
export type OutputKind = 'ts' | 'rtmp';

/** Where the configuration lets lessons be sent. */
export interface Destination {
  readonly name: string;
  readonly kind: OutputKind;
  readonly wantsKey: boolean;
  readonly delayMs: number;
}

/** What a lesson is sent to. */
export interface Output {
  readonly destination: string;
  readonly state: OutputState;
  /** In this state. */
  readonly sinceMs: number;
  readonly bytes: number;
  readonly droppedSegments: number;
  readonly droppedFrames: number;
  readonly late: number;
  /** A slate goes out in place of the lesson, since then; null: the lesson does. */
  readonly cutMs: number | null;
  readonly lastError: string | null;
}

export interface Outputs {
  readonly destinations: readonly Destination[];
  readonly items: readonly Output[];
}

function destination(value: unknown): Destination {
  const row = object(value, 'destination');
  return { name: text(row['name'], 'name'), kind: row['kind'] === 'rtmp' ? 'rtmp' : 'ts', wantsKey: row['wants_key'] === true, delayMs: count(row, 'delay_ms') };
}

export function decodeOutput(value: unknown): Output {
  const row = object(value, 'output');
  const state = kOutputStates.find((known) => known === row['state']);
  if (state === undefined) throw new DecodeError('state is not known');
  return {
    destination: text(row['destination'], 'destination'),
    state,
    sinceMs: count(row, 'since'),
    bytes: count(row, 'bytes'),
    droppedSegments: count(row, 'dropped_segments'),
    droppedFrames: count(row, 'dropped_frames'),
    late: count(row, 'late'),
    cutMs: row['cut'] === true ? count(row, 'cut_since') : null,
    lastError: optionalText(row['last_error'], 'last_error'),
  };
}

export function decodeOutputs(value: unknown): Outputs {
  const root = object(value, 'outputs');
  return { destinations: list(root['destinations'], 'destinations').map(destination), items: list(root['items'], 'items').map(decodeOutput) };
}

export const outputsPath = (lesson: string): string => `/api/v1/lessons/${lesson}/outputs`;
export const outputPath = (lesson: string, name: string): string => `${outputsPath(lesson)}/${encodeURIComponent(name)}`;

/** It can still be cut or stopped. */
export const isUnderWay = (output: Output | undefined): output is Output => output !== undefined && output.state !== 'ended';

/** One changed output among the others. */
export const withOutput = (outputs: Outputs, changed: Output): Outputs => ({ ...outputs, items: [...outputs.items.filter((one) => one.destination !== changed.destination), changed] });

export const kOutputTroubles = ['unreachable', 'parameters_changed', 'unsupported', 'no_answer', 'other'] as const;
export type OutputTrouble = (typeof kOutputTroubles)[number];

/** What a last error ("unreachable: connection: …") is about. */
export function troubleOf(lastError: string): OutputTrouble {
  const code = lastError.split(':')[0];
  return kOutputTroubles.find((known) => known === code) ?? 'other';
}
