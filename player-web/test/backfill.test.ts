import { describe, expect, it } from 'vitest';

import { backfillDelay, backfilled, backfillPath, keep, kKeptBytes, missed, type Piece } from '../src/core/studio/backfill';

const piece = (beginMs: number, endMs: number, bytes = 40_000): Piece => ({ beginMs, endMs, blob: new Blob([new Uint8Array(bytes)]) });
const begins = (ring: readonly Piece[]): number[] => ring.map(({ beginMs }) => beginMs);
const minutes = (pieces: number): readonly Piece[] =>
  Array.from({ length: pieces }, (_, i) => piece(i * 10_000, (i + 1) * 10_000)).reduce<readonly Piece[]>((ring, one) => keep(ring, one), []);

describe('the ring', () => {
  it('holds the last minute, oldest first', () => {
    expect(begins(minutes(3))).toEqual([0, 10_000, 20_000]);
    expect(begins(minutes(20))).toEqual([140_000, 150_000, 160_000, 170_000, 180_000, 190_000]);
  });
  it('holds no more than the server takes', () => {
    const ring = [piece(0, 10_000, 400_000), piece(10_000, 20_000, 400_000), piece(20_000, 30_000, 400_000)].reduce<readonly Piece[]>((all, one) => keep(all, one), []);
    expect(begins(ring)).toEqual([10_000, 20_000]);
    expect(ring.reduce((sum, { blob }) => sum + blob.size, 0)).toBeLessThanOrEqual(kKeptBytes);
  });
});

describe('what was missed', () => {
  const ring = minutes(6);
  it.each([
    ['a drop noticed late', 35_000, 41_000, [20_000, 30_000, 40_000]],
    ['a long one', 16_000, 60_000, [0, 10_000, 20_000, 30_000, 40_000, 50_000]],
    ['one that is over for long', 200_000, 210_000, []],
  ])('%s', (_, lostMs, backMs, expected) => {
    expect(begins(missed(ring, lostMs, backMs))).toEqual(expected);
  });
});

it('tells the server ages, not times', () => {
  expect(backfillPath('a/b', [piece(1000, 11_000, 5), piece(11_000.4, 15_000, 7)], 20_000)).toBe(
    '/api/v1/studio/a%2Fb/backfill?ages=19000,9000&sizes=5,7&until=5000',
  );
});

it('tries a few times, further and further apart', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6].map(backfillDelay);
  expect(delays.at(-1)).toBeNull();
  expect(delays.slice(0, -1)).toEqual([4000, 8000, 16_000, 32_000, 64_000, 128_000]);
});

describe('what the answer means', () => {
  it.each([
    ['sound in the gap', 200, { seconds: 9.5 }, 'filled'],
    ['nothing was missing', 200, { seconds: 0 }, 'nothing'],
    ['not for this recording', 409, null, 'failed'],
    ['a link withdrawn', 404, null, 'failed'],
    ['a busy server', 503, null, null],
    ['a gateway without a server', 502, null, null],
  ])('%s', (_, status, answer, expected) => {
    expect(backfilled(status, answer)).toBe(expected);
  });
});
