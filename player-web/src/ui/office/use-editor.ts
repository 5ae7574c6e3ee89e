import { useEffect, useMemo, useRef } from 'preact/hooks';

import { type Event, kInitial, type Line, type Move, reduce, type State, stepped } from '../../core/office/editor';
import { decodeMoved, decodeTried } from '../../core/office/timetable';
import { createStore, type Store } from '../../core/store';
import { useStore } from '../hooks';
import { useCall } from './use-call';

export interface Editing {
  readonly state: State;
  readonly dispatch: (event: Event) => void;
}

/** Asks the rules a day at a time, the lesson's own first: whole districts' lessons take their time. */
function useRules(state: State, dispatch: (event: Event) => void, days: readonly number[], lines: readonly Line[]): void {
  const call = useCall();
  const { held } = state;
  useEffect(() => {
    if (held === null) return undefined;
    let wanted = true;
    const { entry, from } = held;
    const ask = ([day, ...later]: readonly number[]): void => {
      if (day === undefined || !wanted) return;
      const moves = lines.map(({ start, period }) => ({ day, start, period }));
      call({ method: 'POST', path: `/api/v1/timetable/rows/${entry.id}/moves`, json: { moves }, decode: decodeTried }, (reply) => {
        if (!wanted) return;
        if (reply.kind === 'missing') return dispatch({ type: 'foreign' });
        if (reply.kind === 'ok') dispatch({ type: 'told', entry, tried: reply.value });
        ask(later); // what was not heard, the server says when the lesson is let go
      });
    };
    ask([from.day, ...days.filter((day) => day !== from.day)]);
    return () => {
      wanted = false;
    };
  }, [held?.entry.id, held?.asked]);
}

/** Puts a row where it was let go; nothing is saved that newly breaks a rule. */
function useSaving(saving: Move | null, dispatch: (event: Event) => void, lines: readonly Line[], onMoved: () => void): void {
  const call = useCall();
  useEffect(() => {
    if (saving === null) return;
    const { entry, to, tag, back } = saving;
    const period = back ? entry.period : (lines.find(({ start }) => start === to.start)?.period ?? entry.period);
    const path = `/api/v1/timetable/rows/${entry.id}${back ? '' : '?strict=1'}`;
    call({ method: 'PATCH', path, json: { day: to.day, start: to.start, period }, match: tag ?? '*', decode: decodeMoved }, (reply) => {
      if (reply.kind === 'ok') {
        dispatch({ type: 'saved', tag: reply.value });
        onMoved();
      } else if (reply.kind === 'missing' || (reply.kind === 'refused' && reply.code === 'precondition_failed')) {
        dispatch({ type: 'not-saved', why: 'changed' });
        onMoved();
      } else {
        dispatch({ type: 'not-saved', why: reply.kind === 'refused' ? 'rules' : 'failed' });
      }
    });
  }, [saving]);
}

/** While a lesson is held, arrow keys carry it and Escape leaves it, wherever the focus is. Keys come
 *  faster than the page is drawn: each is taken from where the one before led. */
function useKeys(store: Store<State, Event>, days: readonly number[], lines: readonly Line[]): void {
  const week = useRef({ days, lines });
  week.current = { days, lines };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const { held } = store.state();
      if (held === null || event.isComposing) return;
      if (event.key === 'Escape') store.dispatch({ type: 'let-be' });
      else if (/^Arrow/.test(event.key)) store.dispatch({ type: 'over', spot: stepped(held.over, event.key, week.current.days, week.current.lines) });
      else return;
      event.preventDefault();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [store]);
}

/** @param shown  names the week and the class: nothing is carried over into another */
export function useEditor(shown: string, days: readonly number[], lines: readonly Line[], onMoved: () => void): Editing {
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  useEffect(() => store.dispatch({ type: 'left' }), [store, shown]);
  useRules(state, store.dispatch, days, lines);
  useSaving(state.saving, store.dispatch, lines, onMoved);
  useKeys(store, days, lines);
  return { state, dispatch: store.dispatch };
}
