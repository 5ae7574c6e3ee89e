import { backOff } from '../core/delay';

/** The wish for low delay, and the tries at it: one that fails is made again later by itself, a
 *  few times, until somebody asks anew. */
export interface LowTries {
  /** Begins anew; tries nothing yet. */
  wish(wanted: boolean): void;
  wished(): boolean;
  /** It was wished for, and went wrong since. */
  isLost(): boolean;
  /** Now, if it is wished for. */
  now(): void;
  /** Now rather than later, if it waits. */
  hurry(): void;
  /** It plays. */
  arrived(): void;
  /** @param again  whether another try makes sense */
  failed(again: boolean): void;
  /** What was refused before may be had now. */
  forget(): void;
  stop(): void;
}

/** After so many failures in a row it is left alone until it is asked for again. */
const kTries = 6;
const kPauseMs = 4000;

/** @param attempt  makes a try; false: it cannot be made just now */
export function createLowTries(attempt: () => boolean): LowTries {
  let wanted = false;
  let failures = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const stop = (): void => {
    clearTimeout(waiting);
    waiting = undefined;
  };
  const now = (): void => {
    stop();
    if (wanted && !attempt()) waiting = setTimeout(now, kPauseMs);
  };
  return {
    wish(wants) {
      stop();
      wanted = wants;
      failures = 0;
    },
    wished: () => wanted,
    isLost: () => wanted && failures > 0,
    now,
    hurry() {
      if (waiting !== undefined) now();
    },
    arrived() {
      stop();
      failures = 0;
    },
    failed(again) {
      failures += 1;
      if (!again || failures >= kTries) return;
      stop();
      waiting = setTimeout(now, kPauseMs + backOff(failures, Math.random()));
    },
    forget() {
      failures = 0;
    },
    stop,
  };
}
