import type { Reply } from './call';
import type { Imported } from './decode';

/** A list on its way into the school: looked at first, then taken over. */
export type State =
  | { readonly kind: 'none' }
  /** On its way to the server: to be looked at, or to be kept. */
  | { readonly kind: 'sending'; readonly file: string; readonly dry: boolean; readonly seen: Imported | null }
  | { readonly kind: 'seen'; readonly file: string; readonly report: Imported; readonly trouble: boolean }
  | { readonly kind: 'done'; readonly file: string; readonly report: Imported }
  /** The whole file could not be used; `message` is the server's, null when it was not reached. */
  | { readonly kind: 'unusable'; readonly file: string; readonly message: string | null };

export type Event =
  | { readonly type: 'send'; readonly file: string; readonly dry: boolean }
  | { readonly type: 'answered'; readonly reply: Reply<Imported> }
  | { readonly type: 'again' };

export const kInitial: State = { kind: 'none' };

export const isEmpty = ({ rows }: Imported): boolean =>
  Object.values(rows).every(({ created, updated }) => created === 0 && updated === 0);

function answered(state: State, reply: Reply<Imported>): State {
  if (state.kind !== 'sending') return state;
  const { file, dry, seen } = state;
  if (reply.kind === 'ok') return dry || !reply.value.applied ? { kind: 'seen', file, report: reply.value, trouble: false } : { kind: 'done', file, report: reply.value };
  // What was seen stays: nothing was kept, and it can be tried again.
  if (seen !== null) return { kind: 'seen', file, report: seen, trouble: true };
  return { kind: 'unusable', file, message: reply.kind === 'refused' ? reply.message : null };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'send':
      return { kind: 'sending', file: event.file, dry: event.dry, seen: state.kind === 'seen' && !event.dry ? state.report : null };
    case 'answered':
      return answered(state, event.reply);
    case 'again':
      return kInitial;
  }
}
