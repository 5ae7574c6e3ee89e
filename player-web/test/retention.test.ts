import { describe, expect, it } from 'vitest';

import type { Hold } from '../src/core/office/recordings';
import { decodeDeletion, decodeKept, decodeRules, sortedHolds, spanOf } from '../src/core/office/retention';

const kHourMs = 3_600_000;
const hold: Hold = { lesson: 'a', title: '数学', reason: '投诉', askedBy: null, askedMs: 1, approvedBy: null, approved: true, releaseBy: null };

describe('what is kept', () => {
  it('is read, with kinds of a newer server left out', () => {
    const rules = decodeRules({
      officer: '张主任', term_end: '2027-01-15', graduation_until: null, time: '03:30', next_run_at: 5,
      rules: [{ kind: 'media', key: 'retention.media', keeps_ms: 30 * 24 * kHourMs }, { kind: 'dreams', key: 'retention.dreams', keeps_ms: 1 }],
    });
    expect(rules).toEqual({ officer: '张主任', termEnd: '2027-01-15', graduationUntil: null, nextRunMs: 5, rules: [{ kind: 'media', key: 'retention.media', keepsMs: 30 * 24 * kHourMs }] });
    expect(() => decodeRules({ rules: [] })).toThrow();
  });

  it('goes on a day, or is held', () => {
    expect(decodeKept({ lesson: 'a', title: '数学', started_at: 1, due_at: 2, held: false, goes_at: 3 })).toEqual({ lesson: 'a', title: '数学', startedMs: 1, goesMs: 3 });
    expect(decodeKept({ lesson: 'a', title: null, started_at: null, due_at: 2, held: true, goes_at: null })).toEqual({ lesson: 'a', title: null, startedMs: null, goesMs: null });
  });

  it('leaves a proof', () => {
    const line = { id: 7, at: 9, kind: 'media', lesson: 'a', title: null, items: 12, bytes: 84_000_000, hash: 'h', chain: 'c' };
    expect(decodeDeletion(line)).toEqual({ id: 7, atMs: 9, kind: 'media', title: null, items: 12, bytes: 84_000_000, hash: 'h', chain: 'c' });
    expect(decodeDeletion({ ...line, kind: 'dreams' }).kind).toBeNull();
    expect(() => decodeDeletion({ ...line, chain: null })).toThrow();
  });

  it.each([
    [30 * 24 * kHourMs, 'days', 30],
    [24 * kHourMs, 'days', 1],
    [36 * kHourMs, 'hours', 36],
    [1000, 'hours', 1],
  ] as const)('%i ms is a span of %s: %i', (ms, unit, n) => {
    expect(spanOf(ms)).toEqual({ unit, n });
  });

  it('shows holds that wait for a second person first, the oldest before the others', () => {
    const holds: readonly Hold[] = [
      { ...hold, lesson: 'held', askedMs: 1 },
      { ...hold, lesson: 'asked', approved: false, askedMs: 3 },
      { ...hold, lesson: 'leaving', releaseBy: { id: 's1', name: '王' }, askedMs: 2 },
    ];
    expect(sortedHolds(holds).map(({ lesson }) => lesson)).toEqual(['leaving', 'asked', 'held']);
  });
});
