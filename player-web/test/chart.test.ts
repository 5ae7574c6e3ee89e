import { describe, expect, it } from 'vitest';

import { barsOf, rangeTo, unitOf } from '../src/core/office/chart';
import { mondayOf } from '../src/core/office/days';
import type { Line, Wish } from '../src/core/office/attendance';

const wish = (from: string, to: string, by: Wish['by'] = 'lesson'): Wish => ({ from, to, by });
const line = (id: string, day: number, live: number, unresolved: number): Line => ({
  lesson: { id, title: '数学', startedMs: new Date(2026, 8, day, 8, 30).getTime() },
  school: '一小', of: { id: 'c2', label: '三年级2班', grade: 3, number: 2 }, lessons: 1, expected: live + unresolved,
  states: { live, tv: 0, late: 0, package: 0, excused: 0, unresolved }, minutes: 20 * live, replayMinutes: 0,
});

describe('a chart of attendance', () => {
  it('shows single lessons of a day, days of a fortnight, weeks of a month', () => {
    expect(unitOf(wish('2026-09-01', '2026-09-01'))).toBe('lesson');
    expect(unitOf(wish('2026-09-01', '2026-09-07'))).toBe('day');
    expect(unitOf(wish('2026-09-01', '2026-09-15'))).toBe('week');
    expect(unitOf(wish('2026-09-01', '2026-09-15', 'class'))).toBe('class');
  });
  it('puts the classes of a lesson and the lessons of a day together, and leaves no day out', () => {
    const bars = barsOf([line('a', 1, 40, 2), line('b', 1, 41, 0), line('c', 3, 38, 1)], wish('2026-09-01', '2026-09-03'));
    expect(bars.map(({ key, expected, states }) => [key, expected, states.live, states.unresolved])).toEqual([['2026-09-01', 83, 81, 2], ['2026-09-02', 0, 0, 0], ['2026-09-03', 39, 38, 1]]);
    expect(barsOf([line('a', 1, 40, 2), line('a', 1, 41, 0)], wish('2026-09-01', '2026-09-01'))).toMatchObject([{ key: 'a', expected: 83, line: { lesson: { title: '数学' } } }]);
  });
  it('counts weeks from their Mondays, over the ends of months', () => {
    expect(mondayOf('2026-09-06')).toBe('2026-08-31');
    expect(mondayOf('2026-08-31')).toBe('2026-08-31');
    expect(barsOf([line('a', 8, 1, 0)], wish('2026-09-01', '2026-09-28')).map(({ key, expected }) => [key, expected])).toEqual([['2026-08-31', 0], ['2026-09-07', 1], ['2026-09-14', 0], ['2026-09-21', 0], ['2026-09-28', 0]]);
  });
  it('puts classes and schools together', () => {
    expect(barsOf([line('a', 1, 40, 2), line('b', 2, 41, 0)], wish('2026-09-01', '2026-09-02', 'class'))).toMatchObject([{ key: 'c2', expected: 83 }]);
    expect(barsOf([line('a', 1, 40, 2)], wish('2026-09-01', '2026-09-02', 'school'))).toMatchObject([{ key: '一小' }]);
    expect(barsOf([], wish('2026-09-01', '2026-09-01'))).toEqual([]);
  });
  it('is asked for by one tap', () => {
    expect(rangeTo('2026-09-03', 7)).toEqual({ from: '2026-08-28', to: '2026-09-03' });
    expect(rangeTo('2026-09-03', 1)).toEqual({ from: '2026-09-03', to: '2026-09-03' });
  });
});
