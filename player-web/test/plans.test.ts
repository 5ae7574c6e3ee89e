import { describe, expect, it } from 'vitest';

import { type DayPlan, decodeMade, decodePlans, mayUndo } from '../src/core/office/plans';
import { addDays } from '../src/core/office/days';

const plan: DayPlan = { plan: 1, date: '2026-11-30', drill: false, active: true, reason: '', lessons: 3, madeMs: 1 };

describe('days put online', () => {
  it.each([
    ['2026-11-30', '2026-12-01'],
    ['2026-12-31', '2027-01-01'],
    ['2028-02-28', '2028-02-29'],
  ])('the day after %s is %s', (date, after) => {
    expect(addDays(date, 1)).toBe(after);
  });

  it.each([
    ['a day to come', plan, '2026-11-29', true],
    ['today', plan, '2026-11-30', true],
    ['a day that is over', plan, '2026-12-01', false],
    ['one taken back', { ...plan, active: false }, '2026-11-29', false],
  ])('%s can be taken back or not', (_, one, today, may) => {
    expect(mayUndo(one, today)).toBe(may);
  });

  it('reads the list and what was made', () => {
    expect(decodePlans({ plans: [{ plan: 2, date: '2026-11-30', drill: true, state: 'undone', reason: '暴雪', lessons: 0, made_ms: 5 }] })).toEqual([
      { plan: 2, date: '2026-11-30', drill: true, active: false, reason: '暴雪', lessons: 0, madeMs: 5 },
    ]);
    expect(decodeMade({ lessons: 2, rooms: 4, links: 80, schools: 1, failed: [{ title: '数学', message: '没有老师', code: 'conflict' }] })).toEqual({
      lessons: 2, rooms: 4, links: 80, schools: 1, failed: [{ title: '数学', why: '没有老师' }],
    });
    expect(() => decodePlans({})).toThrow();
    expect(() => decodeMade({ lessons: '2' })).toThrow();
  });
});
