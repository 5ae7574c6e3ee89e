import { type Answer, ask } from './ask';
import { DecodeError, object, text } from './json';

/** A lesson on the family's television: what the screen asks, and what the phone does. */

export interface Shown {
  readonly code: string;
  readonly key: string;
}

export type State =
  /** Digits are being asked for. */
  | { readonly kind: 'starting'; readonly offline: boolean }
  | { readonly kind: 'code'; readonly shown: Shown; readonly offline: boolean }
  | { readonly kind: 'playing'; readonly shown: Shown; readonly link: string };

export type Event =
  | { readonly type: 'shown'; readonly answer: Answer<Shown> }
  | { readonly type: 'told'; readonly answer: Answer<string | null> };

export const kInitial: State = { kind: 'starting', offline: false };

export function reduce(state: State, event: Event): State {
  if (event.type === 'shown') {
    if (state.kind !== 'starting') return state;
    return event.answer.kind === 'ok' ? { kind: 'code', shown: event.answer.value, offline: false } : { ...state, offline: true };
  }
  if (state.kind === 'starting') return state;
  switch (event.answer.kind) {
    case 'missing':
      return kInitial; // let go, or too old: other digits
    case 'failed':
      // A lesson that plays goes on without the server's word.
      return state.kind === 'code' ? { ...state, offline: true } : state;
    case 'ok': {
      const link = event.answer.value;
      if (link === null) return state.kind === 'code' ? { ...state, offline: false } : { kind: 'code', shown: state.shown, offline: false };
      return state.kind === 'playing' && state.link === link ? state : { kind: 'playing', shown: state.shown, link };
    }
  }
}

/** "482913" -> "482 913", as people say it. */
export const spoken = (code: string): string => `${code.slice(0, 3)} ${code.slice(3)}`;

/** What was typed, without what people put between digits; null until it is six of them. */
export function digits(typed: string): string | null {
  const only = typed.replace(/[\s-]/g, '').replace(/[０-９]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
  return /^\d{6}$/.test(only) ? only : null;
}

function decodeShown(value: unknown): Shown {
  const root = object(value, 'answer');
  return { code: text(root['code'], 'code'), key: text(root['key'], 'key') };
}
function decodeLink(value: unknown): string | null {
  const link = object(value, 'answer')['link'] ?? null;
  return link === null ? null : text(link, 'link');
}
function decodePaired(value: unknown): boolean {
  const paired = object(value, 'answer')['paired'];
  if (typeof paired !== 'boolean') throw new DecodeError('paired is not a boolean');
  return paired;
}

const ofLink = (link: string): string => `/api/v1/watch/${encodeURIComponent(link)}/tv`;

export const showCode = (signal: AbortSignal): Promise<Answer<Shown>> => ask('POST', '/api/v1/tvs', decodeShown, signal);
export const askLink = (key: string, signal: AbortSignal): Promise<Answer<string | null>> => ask('GET', `/api/v1/tvs/${encodeURIComponent(key)}`, decodeLink, signal);
export const isOnTv = (link: string, signal: AbortSignal): Promise<Answer<boolean>> => ask('GET', ofLink(link), decodePaired, signal);
export const putOnTv = (link: string, code: string, signal: AbortSignal): Promise<Answer<null>> => ask('PUT', ofLink(link), () => null, signal, { code });
export const takeOffTv = (link: string, signal: AbortSignal): Promise<Answer<null>> => ask('DELETE', ofLink(link), () => null, signal);
