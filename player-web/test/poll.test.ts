import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Answer } from '../src/core/ask';
import type { Watch } from '../src/core/decode';
import { type Poll, startPoll } from '../src/core/poll';
import { nextPoll } from '../src/core/delay';
import { kInitial, reduce } from '../src/core/state';
import { createStore } from '../src/core/store';
import { watch } from './fixtures';

type Script = () => Answer<Watch>;
const ok = (...args: Parameters<typeof watch>): Answer<Watch> => ({ kind: 'ok', value: watch(...args) });

describe('startPoll', () => {
  let poll: Poll | null = null;
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    poll?.stop();
    vi.useRealTimers();
  });

  function start(script: Script) {
    const store = createStore(kInitial, reduce);
    let asked = 0;
    poll = startPoll(
      {
        load() {
          asked += 1;
          return Promise.resolve(script());
        },
        heard(answer) {
          if (answer.kind === 'ok') store.dispatch({ type: 'answered', watch: answer.value });
          else store.dispatch({ type: answer.kind === 'missing' ? 'not-found' : 'unreachable' });
        },
        next: (failures, random) => nextPoll(store.state(), failures, random),
      },
      () => 0.5,
    );
    return { store, asked: () => asked };
  }

  it('asks at once and then every few seconds', async () => {
    const { store, asked } = start(() => ok('waiting'));
    await vi.advanceTimersByTimeAsync(0);
    expect(store.state().kind).toBe('waiting');
    await vi.advanceTimersByTimeAsync(12_000);
    expect(asked()).toBe(4);
  });

  it('backs off while the server is away, and says so', async () => {
    const { store, asked } = start(() => ({ kind: 'failed' }));
    await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000 + 100);
    expect(asked()).toBe(4);
    expect(store.state()).toEqual({ kind: 'loading', offline: true });
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked()).toBeGreaterThan(100); // never gives up
  });

  it('recovers by itself', async () => {
    let up = false;
    const { store } = start(() => (up ? ok('live') : { kind: 'failed' }));
    await vi.advanceTimersByTimeAsync(5000);
    up = true;
    await vi.advanceTimersByTimeAsync(31_000);
    expect(store.state().kind).toBe('watching');
  });

  it('stops for good when the link is unknown', async () => {
    const { asked } = start(() => ({ kind: 'missing' }));
    await vi.advanceTimersByTimeAsync(600_000);
    expect(asked()).toBe(1);
  });

  it('hurries when the player runs dry, once', async () => {
    const { asked } = start(() => ok('live'));
    await vi.advanceTimersByTimeAsync(0);
    poll?.hurry();
    poll?.hurry();
    await vi.advanceTimersByTimeAsync(400);
    expect(asked()).toBe(2);
  });

  it('does nothing after stop', async () => {
    const { asked } = start(() => ok('waiting'));
    await vi.advanceTimersByTimeAsync(0);
    poll?.stop();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked()).toBe(1);
  });
});
