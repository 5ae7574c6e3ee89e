import type { Answer } from './ask';

export interface Poll {
  /** Asks at once instead of at the next turn; calls within a second are one. */
  hurry(): void;
  stop(): void;
}

export interface Question<T> {
  load(signal: AbortSignal): Promise<Answer<T>>;
  heard(answer: Answer<T>): void;
  /** Milliseconds until the next time, null for never again; `random` is in [0, 1). */
  next(failures: number, random: number): number | null;
}

const kHurryMs = 300;

/** Keeps asking for as long as the page is open. */
export function startPoll<T>({ load, heard, next }: Question<T>, random: () => number = Math.random): Poll {
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
    heard(answer);
    plan(next(failures, random()));
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
