import { describe, expect, it } from 'vitest';

import { addSample, rise, sum, teachersOf, type UnclearSample, warnings } from '../src/core/staff/overview';
import type { RoomCount, Teacher } from '../src/signal/staff';

const room = (id: string, more: Partial<RoomCount> = {}): RoomCount => ({
  room: id, label: `三(${id})班`, expected: 42, present: 40, stalled: 0, audio: 0, gone: 0, companions: 0, unclear: 0, here: 0, ...more,
});
const li: Teacher = { label: '李老师', rooms: ['三(2)班'], minutes: 3 };
const lead: Teacher = { label: '王老师', rooms: [], minutes: 3 };
const samples = (...of: readonly (readonly [number, number])[]): readonly UnclearSample[] =>
  of.reduce<readonly UnclearSample[]>((known, [atMs, count]) => addSample(known, { atMs, count }), []);

describe('sum', () => {
  it('adds the classes up', () => {
    expect(sum([room('2', { unclear: 3 }), room('4', { present: 2, stalled: 1 })])).toEqual({ here: 42, expected: 84, unclear: 3, stalled: 1 });
    expect(sum([])).toEqual({ here: 0, expected: 0, unclear: 0, stalled: 0 });
  });
});

describe('rise', () => {
  it('is what came in the last minute', () => {
    expect(rise([])).toBe(0);
    expect(rise(samples([0, 2], [10_000, 5]))).toBe(3);
    expect(rise(samples([0, 5], [10_000, 2]))).toBe(0);
  });
  it('forgets what was before, keeping the number that the minute began with', () => {
    expect(rise(samples([0, 0], [5000, 4], [100_000, 5]))).toBe(1);
    expect(samples(...Array.from({ length: 500 }, (_, at) => [at * 1000, at] as const)).length).toBeLessThan(65);
  });
});

describe('teachersOf', () => {
  it('are those with the class, never the lead herself', () => {
    expect(teachersOf(room('2'), [li, lead], 2)).toEqual([li]);
    expect(teachersOf(room('4'), [li, lead], 2)).toEqual([]);
    expect(teachersOf(room('1', { label: null }), [{ ...li, rooms: [''] }, lead], 1)).toHaveLength(1);
  });
});

describe('warnings', () => {
  const live = { onAir: 'live', counts: [room('2')], teachers: [] } as const;
  it('are none while all is well, or nobody teaches', () => {
    expect(warnings(live, [])).toEqual([]);
    expect(warnings({ ...live, onAir: 'waiting', counts: [room('2', { present: 0 })] }, [])).toEqual([]);
  });
  it('that nobody is there goes before everything', () => {
    expect(warnings({ ...live, counts: [room('2', { present: 0 })] }, [])).toEqual([{ kind: 'nobody' }]);
  });
  it('that many stall is her own line, that a few do is theirs', () => {
    expect(warnings({ ...live, counts: [room('2', { stalled: 15 })] }, [])).toEqual([{ kind: 'stalled', count: 15 }]);
    expect(warnings({ ...live, counts: [room('2', { stalled: 5 })] }, [])).toEqual([]);
    expect(warnings({ ...live, counts: [room('2', { present: 3, stalled: 2 })] }, [])).toEqual([]);
  });
  it('that more and more are lost', () => {
    expect(warnings(live, samples([0, 1], [20_000, 4]))).toEqual([{ kind: 'unclear' }]);
  });
  it('which of several classes has no teacher with it', () => {
    expect(warnings({ ...live, counts: [room('2'), room('4'), room('6', { present: 0 })], teachers: [li] }, [])).toEqual([{ kind: 'teacher', rooms: ['三(4)班'] }]);
  });
});
