import { describe, expect, it } from 'vitest';

import { attendancePath, decodeLines, each, sumLines } from '../src/core/office/attendance';
import { dayOf } from '../src/core/office/days';
import { DecodeError } from '../src/core/json';

const states = { live: 38, tv: 1, late: 0, package: 0, excused: 1, unresolved: 2 };
const line = { ...states, lesson: { id: 'L1', title: '数学', started_at: 5 }, school: { id: 's', name: '一小' }, class: { id: 'c', label: '三年级2班', grade: 3, number: 2 }, lessons: 1, expected: 42, absent: 2, minutes: 800, replay_minutes: 30 };

describe('attendance', () => {
  it('is taken apart, of a class in a lesson and of a school', () => {
    expect(decodeLines({ items: [line] })).toEqual([
      { lesson: { id: 'L1', title: '数学', startedMs: 5 }, school: '一小', of: { id: 'c', label: '三年级2班', grade: 3, number: 2 }, lessons: 1, expected: 42, states, minutes: 800, replayMinutes: 30 },
    ]);
    expect(decodeLines({ items: [{ ...line, lesson: null, class: null, lessons: 3 }] })[0]).toMatchObject({ lesson: null, of: null, lessons: 3 });
    expect(() => decodeLines({ items: [{ ...line, expected: null }] })).toThrow(DecodeError);
    expect(() => decodeLines({})).toThrow(DecodeError);
  });
  it('is added up', () => {
    const [one] = decodeLines({ items: [line] });
    if (one === undefined) throw new Error('no line');
    expect(sumLines([one, one])).toEqual({ expected: 84, states: { live: 76, tv: 2, late: 0, package: 0, excused: 2, unresolved: 4 } });
    expect(sumLines([]).expected).toBe(0);
  });
  it('says the minutes that come to each', () => {
    expect(each(800, 42)).toBe(19);
    expect(each(0, 0)).toBe(0);
  });
  it('is asked for by days as a date field has them', () => {
    expect(dayOf(new Date(2026, 8, 1, 23, 59).getTime())).toBe('2026-09-01');
    const wish = { from: '2026-09-01', to: '2026-09-07', by: 'class' } as const;
    expect(attendancePath(wish)).toBe('/api/v1/attendance?from=2026-09-01&to=2026-09-07&by=class');
    expect(attendancePath(wish, { format: 'csv', language: 'zh-CN' })).toBe('/api/v1/attendance?from=2026-09-01&to=2026-09-07&by=class&format=csv&lang=zh');
  });
});
