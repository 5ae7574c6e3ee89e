import { count, type Fields, flag, list, object, oneOf, optionalText, text } from './fields';

/** What the server says on the websocket (tongke.v1, signaling/protocol/tongke.v1.schema.json),
 *  decoded from `unknown`. A viewer's page needs a part of it; the rest decodes to `other`. */

export type OnAir = 'waiting' | 'live' | 'interrupted' | 'ended';
export type Play = 'playing' | 'stalled' | 'audio' | 'paused';

export type Who = 'none' | 'mother' | 'father' | 'grandparent' | 'sibling' | 'other';

export interface Note {
  readonly seq: number;
  /** Milliseconds since the lesson's first frame. */
  readonly mediaTime: number;
  readonly from: string | null;
  readonly text: string;
}

export type ServerMessage =
  | {
      readonly t: 'welcome';
      readonly role: string | null;
      readonly epoch: string;
      readonly seq: number;
      /** False: everything is told anew. */
      readonly resumed: boolean;
      readonly state: OnAir;
      readonly frozen: boolean;
      readonly heartbeatMs: number;
    }
  | { readonly t: 'beat'; readonly seq: number }
  | { readonly t: 'state'; readonly seq: number; readonly state: OnAir }
  | { readonly t: 'slate'; readonly seq: number; readonly on: boolean }
  | { readonly t: 'freeze'; readonly seq: number; readonly on: boolean }
  | ({ readonly t: 'note' } & Note)
  | { readonly t: 'cowatch'; readonly part: number; readonly parts: number; readonly teachers: readonly string[] }
  /** Who sits beside this child, as the server knows it. */
  | { readonly t: 'companion'; readonly who: Who }
  | { readonly t: 'bye'; readonly reason: string; readonly code: number }
  | { readonly t: 'error'; readonly code: string }
  /** Something this page does not show. */
  | { readonly t: 'other' };

const kOnAir: readonly OnAir[] = ['waiting', 'live', 'interrupted', 'ended'];
const kWho: readonly Who[] = ['none', 'mother', 'father', 'grandparent', 'sibling', 'other'];
export const who = (fields: Fields, name: string): Who => oneOf(fields, name, kWho);
export const onAir = (fields: Fields): OnAir => oneOf(fields, 'state', kOnAir);

function labels(fields: Fields): readonly string[] {
  return list(fields, 'teachers').map((teacher) => optionalText(object(teacher), 'label') ?? '');
}

export function decodeServer(value: unknown): ServerMessage {
  const fields = object(value);
  const t = text(fields, 't');
  switch (t) {
    case 'welcome':
      return {
        t,
        role: optionalText(fields, 'role'),
        epoch: text(fields, 'epoch'),
        seq: count(fields, 'seq'),
        resumed: flag(fields, 'resumed'),
        state: onAir(fields),
        frozen: flag(fields, 'frozen'),
        heartbeatMs: count(fields, 'heartbeat') * 1000,
      };
    case 'beat':
      return { t, seq: count(fields, 'seq') };
    case 'state':
      return { t, seq: count(fields, 'seq'), state: onAir(fields) };
    case 'slate':
    case 'freeze':
      return { t, seq: count(fields, 'seq'), on: flag(fields, 'on') };
    case 'note':
      return {
        t,
        seq: count(fields, 'seq'),
        mediaTime: count(fields, 'media_time'),
        from: optionalText(fields, 'from'),
        text: text(fields, 'text'),
      };
    case 'cowatch':
      return { t, part: count(fields, 'part'), parts: count(fields, 'parts'), teachers: labels(fields) };
    case 'companion':
      return { t, who: who(fields, 'who') };
    case 'bye':
      return { t, reason: text(fields, 'reason'), code: count(fields, 'code') };
    case 'error':
      return { t, code: text(fields, 'code') };
    default:
      return { t: 'other' }; // a newer server may say more
  }
}

/** Address of the websocket: ":8081/signal" is on the page's host, "/signal" on its origin. */
export function signalUrl(where: string, page: { protocol: string; hostname: string; host: string }): string | null {
  const match = /^(:\d{1,5})?(\/[\w/-]+)$/.exec(where);
  if (match === null) return null;
  const scheme = page.protocol === 'https:' ? 'wss:' : 'ws:';
  return `${scheme}//${match[1] === undefined ? page.host : page.hostname + match[1]}${match[2] ?? ''}`;
}
