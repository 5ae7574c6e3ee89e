import { type Event, kInitial, reduce, type State } from './state';

/** The one place the page's state is kept; `dispatch` is the only way to change it. */
export interface Store {
  state(): State;
  dispatch(event: Event): void;
  /** Called after each change; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
}

export function createStore(): Store {
  let state = kInitial;
  const listeners = new Set<() => void>();
  return {
    state: () => state,
    dispatch(event) {
      const next = reduce(state, event);
      if (next === state) return;
      state = next;
      listeners.forEach((listener) => listener());
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
