import type { Reply } from './call';
import type { Session } from './decode';

/** Who sits at the office page. */
export type State =
  | { readonly kind: 'loading'; readonly offline: boolean }
  | { readonly kind: 'out'; readonly busy: boolean; readonly trouble: Trouble | null }
  | { readonly kind: 'in'; readonly session: Session };

export type Trouble =
  | { readonly kind: 'wrong' } // login or password
  | { readonly kind: 'wait'; readonly seconds: number } // too many attempts
  | { readonly kind: 'offline' }
  | { readonly kind: 'ended' }; // was signed in, is no more

export type Event =
  | { readonly type: 'asked'; readonly reply: Reply<Session> }
  | { readonly type: 'signing' }
  | { readonly type: 'signed'; readonly reply: Reply<Session> }
  | { readonly type: 'ended' }
  | { readonly type: 'left' };

export const kInitial: State = { kind: 'loading', offline: false };

const out = (trouble: Trouble | null): State => ({ kind: 'out', busy: false, trouble });

function troubleOf(reply: Exclude<Reply<Session>, { kind: 'ok' }>): Trouble {
  if (reply.kind === 'failed') return { kind: 'offline' };
  if (reply.kind === 'refused' && reply.waitS !== null) return { kind: 'wait', seconds: reply.waitS };
  return { kind: 'wrong' };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'asked':
      if (event.reply.kind === 'ok') return { kind: 'in', session: event.reply.value };
      return event.reply.kind === 'failed' ? { kind: 'loading', offline: true } : out(null);
    case 'signing':
      return state.kind === 'out' ? { ...state, busy: true, trouble: null } : state;
    case 'signed':
      return event.reply.kind === 'ok' ? { kind: 'in', session: event.reply.value } : out(troubleOf(event.reply));
    case 'ended':
      return state.kind === 'in' ? out({ kind: 'ended' }) : state;
    case 'left':
      return out(null);
  }
}
