import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { createLowTries } from '../src/media/low-tries';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Longer than any pause between tries. */
const kLongMs = 120_000;

describe('low delay', () => {
  it('is tried when it is wished for, and not without', () => {
    const attempt = vi.fn(() => true);
    const low = createLowTries(attempt);
    low.now();
    expect(attempt).not.toHaveBeenCalled();
    low.wish(true);
    expect(low.wished()).toBe(true);
    low.now();
    expect(attempt).toHaveBeenCalledTimes(1);
    expect(low.isLost()).toBe(false);
  });
  it('is tried again after a failure, at last left alone, and again when asked for anew', () => {
    const attempt = vi.fn(() => {
      low.failed(true);
      return true;
    });
    const low = createLowTries(attempt);
    low.wish(true);
    low.now();
    expect(low.isLost()).toBe(true);
    for (let n = 0; n < 20; n += 1) vi.advanceTimersByTime(kLongMs);
    expect(attempt).toHaveBeenCalledTimes(6);
    low.wish(true);
    low.now();
    expect(attempt).toHaveBeenCalledTimes(7);
  });
  it('waits where it cannot be tried just now, and hurries when the network is back', () => {
    let can = false;
    const attempt = vi.fn(() => can);
    const low = createLowTries(attempt);
    low.wish(true);
    low.now();
    can = true;
    low.hurry();
    expect(attempt).toHaveBeenCalledTimes(2);
    low.hurry(); // nothing waits any more
    vi.advanceTimersByTime(kLongMs);
    expect(attempt).toHaveBeenCalledTimes(2);
  });
  it('is not tried again when it was refused, has arrived, or is stopped', () => {
    const attempt = vi.fn(() => true);
    const low = createLowTries(attempt);
    low.wish(true);
    low.failed(false);
    low.failed(true);
    low.arrived();
    expect(low.isLost()).toBe(false);
    low.failed(true);
    low.stop();
    low.failed(true);
    low.forget();
    expect(low.isLost()).toBe(false);
    low.wish(false);
    vi.advanceTimersByTime(kLongMs);
    expect(attempt).not.toHaveBeenCalled();
  });
});
