import type { Entry, Tried, Verdict, Week } from './timetable';

/** A lesson on its way through a week: picked up, held over other times, let go, moved, taken back. */

/** A time of the week. */
export interface Spot {
  /** 1 is Monday. */
  readonly day: number;
  readonly start: string;
}

/** A line of the week. */
export interface Line {
  readonly start: string;
  readonly period: number;
}

export interface Held {
  readonly entry: Entry;
  readonly from: Spot;
  readonly over: Spot;
  /** What the rules say of each time, as far as it has been told. */
  readonly verdicts: Readonly<Record<string, Verdict>>;
  readonly tag: string | null;
  readonly shared: boolean;
  /** Grows with every question, so that a lesson that was refused is asked about again. */
  readonly asked: number;
}

export interface Move {
  readonly entry: Entry;
  readonly from: Spot;
  readonly to: Spot;
  /** null: whatever it is now. */
  readonly tag: string | null;
  readonly back: boolean;
}

export type Said =
  | { readonly kind: 'moved' | 'back' | 'kept' | 'changed' | 'failed' | 'foreign' }
  | { readonly kind: 'refused'; readonly verdict: Verdict };

export interface State {
  readonly held: Held | null;
  readonly saving: Move | null;
  /** The move that can be taken back. */
  readonly last: Move | null;
  readonly said: Said | null;
}

export type Event =
  | { readonly type: 'picked'; readonly entry: Entry; readonly from: Spot }
  | { readonly type: 'over'; readonly spot: Spot }
  | { readonly type: 'told'; readonly entry: Entry; readonly tried: Tried }
  /** The row is somebody else's: the district's, say. */
  | { readonly type: 'foreign' }
  | { readonly type: 'dropped' }
  | { readonly type: 'let-be' }
  | { readonly type: 'saved'; readonly tag: string }
  | { readonly type: 'not-saved'; readonly why: 'rules' | 'changed' | 'failed' }
  | { readonly type: 'take-back' }
  /** Another week or class is shown. */
  | { readonly type: 'left' };

export const kInitial: State = { held: null, saving: null, last: null, said: null };

export const spotKey = ({ day, start }: Spot): string => `${day} ${start}`;
export const isSame = (a: Spot, b: Spot): boolean => spotKey(a) === spotKey(b);
export const verdictOf = (held: Held, spot: Spot): Verdict | null => held.verdicts[spotKey(spot)] ?? null;

function dropped(state: State, held: Held): State {
  const { entry, from, over, tag } = held;
  if (isSame(from, over)) return { ...state, held: null, said: { kind: 'kept' } };
  const verdict = verdictOf(held, over);
  if (verdict !== null && !verdict.ok) return { ...state, held: null, said: { kind: 'refused', verdict } };
  return { ...state, held: null, saving: { entry, from, to: over, tag, back: false }, said: null };
}

function notSaved(state: State, { entry, from, to, back }: Move, why: 'rules' | 'changed' | 'failed'): State {
  // The rules say more by now than was seen: the lesson stays in the hand, and they are asked again.
  if (why === 'rules' && !back)
    return { ...state, saving: null, held: { entry, from, over: to, verdicts: {}, tag: null, shared: false, asked: 2 } };
  return { ...state, saving: null, said: { kind: why === 'changed' ? 'changed' : 'failed' }, last: why === 'changed' ? null : state.last };
}

export function reduce(state: State, event: Event): State {
  const { held, saving } = state;
  switch (event.type) {
    case 'picked':
      if (saving !== null) return state;
      return { ...state, held: { entry: event.entry, from: event.from, over: event.from, verdicts: {}, tag: null, shared: false, asked: 1 }, said: null };
    case 'over':
      return held === null || isSame(held.over, event.spot) ? state : { ...state, held: { ...held, over: event.spot } };
    case 'told': {
      if (held === null || held.entry.id !== event.entry.id) return state;
      const { verdicts, tag, shared } = event.tried;
      const told = Object.fromEntries(verdicts.map((one) => [spotKey(one), one]));
      return { ...state, held: { ...held, tag, shared, verdicts: { ...held.verdicts, ...told } } };
    }
    case 'foreign':
      return held === null ? state : { ...state, held: null, said: { kind: 'foreign' } };
    case 'dropped':
      return held === null ? state : dropped(state, held);
    case 'let-be':
      return held === null ? state : { ...state, held: null, said: { kind: 'kept' } };
    case 'saved':
      if (saving === null) return state;
      return { held: null, saving: null, last: saving.back ? null : { ...saving, tag: event.tag }, said: { kind: saving.back ? 'back' : 'moved' } };
    case 'not-saved':
      return saving === null ? state : notSaved(state, saving, event.why);
    case 'take-back': {
      if (state.last === null || saving !== null) return state;
      const { entry, from, to, tag } = state.last;
      return { ...state, held: null, saving: { entry, from: to, to: from, tag, back: true }, said: null };
    }
    case 'left':
      return kInitial;
  }
}

/** The times of a week's lessons, with those that were there before something was moved away. */
export function linesOf({ entries }: Week, before: readonly Line[]): readonly Line[] {
  const lines = new Map(before.map((line) => [line.start, line]));
  for (const { start, period } of entries) if (!lines.has(start)) lines.set(start, { start, period });
  return [...lines.values()].sort((a, b) => (a.start < b.start ? -1 : 1));
}

/** Where an arrow key leads; the edges of the week are where it ends. */
export function stepped(spot: Spot, key: string, days: readonly number[], lines: readonly Line[]): Spot {
  const at = days.indexOf(spot.day);
  const row = lines.findIndex(({ start }) => start === spot.start);
  const day = days[at + (key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0)] ?? spot.day;
  const line = lines[row + (key === 'ArrowDown' ? 1 : key === 'ArrowUp' ? -1 : 0)];
  return { day, start: line?.start ?? spot.start };
}
