import type { Answer } from './api';
import type { Watch } from './decode';
import { nextPoll } from './delay';
import type { Store } from './store';

export interface Poll {
  /** Asks at once instead of at the next turn; calls within a second are one. */
  hurry(): void;
  stop(): void;
}

export type Load = (signal: AbortSignal) => Promise<Answer<Watch>>;

const kHurryMs = 300;

/** Keeps the store told about the lesson for as long as the page is open. */
export function startPoll(store: Store, load: Load, random: () => number = Math.random): Poll {
  const life = new AbortController();
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let asking = false;

  const plan = (delay: number | null): void => {
    clearTimeout(timer);
    timer = delay === null || life.signal.aborted ? undefined : setTimeout(() => void ask(), delay);
  };

  const ask = async (): Promise<void> => {
    asking = true;
    const answer = await load(life.signal);
    asking = false;
    if (life.signal.aborted) return;
    failures = answer.kind === 'failed' ? failures + 1 : 0;
    switch (answer.kind) {
      case 'ok':
        store.dispatch({ type: 'answered', watch: answer.value });
        break;
      case 'missing':
        store.dispatch({ type: 'not-found' });
        break;
      case 'failed':
        store.dispatch({ type: 'unreachable' });
        break;
    }
    plan(nextPoll(store.state(), failures, random()));
  };

  const hurry = (): void => {
    if (!asking) plan(kHurryMs);
  };
  const onOnline = (): void => {
    failures = 0;
    hurry();
  };
  globalThis.addEventListener?.('online', onOnline);
  void ask();

  return {
    hurry,
    stop() {
      globalThis.removeEventListener?.('online', onOnline);
      clearTimeout(timer);
      life.abort();
    },
  };
}
