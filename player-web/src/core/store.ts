/** The one place a page's state is kept; `dispatch` is the only way to change it. */
export interface Store<S, E> {
  state(): S;
  dispatch(event: E): void;
  /** Called after each change; returns the way to stop it. */
  subscribe(listener: () => void): () => void;
}

export function createStore<S, E>(initial: S, reduce: (state: S, event: E) => S): Store<S, E> {
  let state = initial;
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
