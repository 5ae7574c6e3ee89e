import type { Reply } from '../office/call';
import type { Child, Home } from './decode';

/** Who opens a family's page, and what comes of it. */
export type State =
  | { readonly kind: 'loading'; readonly offline: boolean }
  /** The device is asked whether it is the family's. */
  | { readonly kind: 'digits'; readonly trouble: 'wrong' | 'wait' | null }
  | { readonly kind: 'gone' }
  /** Some other link of ours. */
  | { readonly kind: 'other' }
  | { readonly kind: 'in'; readonly children: readonly Child[]; readonly chosen: string | null; readonly erased: string | null };

export type Event =
  | { readonly type: 'heard'; readonly reply: Reply<Home> }
  | { readonly type: 'proved'; readonly reply: Reply<null> }
  | { readonly type: 'chose'; readonly child: string }
  | { readonly type: 'corrected'; readonly child: string; readonly name: string }
  | { readonly type: 'erased'; readonly child: Child };

export const kInitial: State = { kind: 'loading', offline: false };

function heard(state: State, reply: Reply<Home>): State {
  switch (reply.kind) {
    case 'ok': {
      if (reply.value === null) return { kind: 'other' };
      const children = reply.value;
      const before = state.kind === 'in' ? state : null;
      const chosen = children.find(({ id }) => id === before?.chosen) ?? children[0];
      return { kind: 'in', children, chosen: chosen?.id ?? null, erased: before?.erased ?? null };
    }
    case 'refused':
      return reply.code === 'new_device' ? { kind: 'digits', trouble: null } : { kind: 'gone' };
    case 'failed':
      return state.kind === 'loading' ? { kind: 'loading', offline: true } : state; // what is shown stays
    default:
      return { kind: 'gone' };
  }
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'heard':
      return heard(state, event.reply);
    case 'proved':
      if (state.kind !== 'digits') return state;
      if (event.reply.kind === 'ok') return kInitial;
      return { kind: 'digits', trouble: event.reply.kind === 'refused' && event.reply.waitS !== null ? 'wait' : 'wrong' };
    case 'chose':
      return state.kind === 'in' ? { ...state, chosen: event.child, erased: null } : state;
    case 'corrected':
      return state.kind === 'in' ? { ...state, children: state.children.map((one) => (one.id === event.child ? { ...one, name: event.name } : one)) } : state;
    case 'erased': {
      if (state.kind !== 'in') return state;
      const children = state.children.filter(({ id }) => id !== event.child.id);
      return { kind: 'in', children, chosen: children[0]?.id ?? null, erased: event.child.name };
    }
  }
}
