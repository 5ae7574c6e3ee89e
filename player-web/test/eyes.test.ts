import { describe, expect, it } from 'vitest';

import { kParts, momentOf } from '../src/core/eyes';

const kStart = 1_770_000_000_000;
const slot = (minutes: number) => ({ kind: 'eye' as const, startsMs: kStart, endsMs: kStart + minutes * 60_000 });

describe('eye exercises', () => {
  it.each([
    [0, { part: 'ready', number: 0, eight: 0, beat: 0, leftS: 15 }],
    [14.9, { part: 'ready', number: 0, eight: 0, beat: 0, leftS: 1 }],
    [15, { part: 'inner_brow', number: 1, eight: 1, beat: 1, leftS: 42 }],
    [27, { part: 'inner_brow', number: 1, eight: 2, beat: 2, leftS: 30 }],
    [56.9, { part: 'inner_brow', number: 1, eight: 4, beat: 8, leftS: 1 }],
    [57, { part: 'inner_corner', number: 2, eight: 1, beat: 1, leftS: 42 }],
    [230, { part: 'ear', number: 6, eight: 1, beat: 4, leftS: 37 }],
    [267, { part: 'far', number: 0, eight: 0, beat: 0, leftS: 33 }],
    [300, { part: 'far', number: 0, eight: 0, beat: 0, leftS: 0 }],
    [-3, { part: 'ready', number: 0, eight: 0, beat: 0, leftS: 15 }],
  ])('of five minutes, after %d s', (seconds, expected) => {
    expect(momentOf(slot(5), kStart + seconds * 1000)).toEqual(expected);
  });
  it('fill a short slot, and leave the rest of a long one for the distance', () => {
    expect(momentOf(slot(2), kStart + 100_000)).toMatchObject({ part: 'ear', number: 6 });
    expect(momentOf(slot(10), kStart + 300_000)).toMatchObject({ part: 'far', leftS: 300 });
  });
  it('come in order, each with 32 beats', () => {
    const seen: string[] = [];
    const beats = new Map<string, Set<number>>();
    for (let ms = 0; ms < 300_000; ms += 100) {
      const { part, eight, beat } = momentOf(slot(5), kStart + ms);
      if (seen[seen.length - 1] !== part) seen.push(part);
      beats.set(part, (beats.get(part) ?? new Set()).add(eight * 8 + beat));
    }
    expect(seen).toEqual([...kParts]);
    expect(kParts.map((part) => beats.get(part)?.size)).toEqual([1, 32, 32, 32, 32, 32, 32, 1]);
  });
});
