import { describe, expect, it } from 'vitest';

import { addDays } from '../src/core/office/days';
import { daysOf, decodeFindings, decodeTaken, decodeWeek, sortedFindings } from '../src/core/office/timetable';
import { DecodeError } from '../src/core/json';

const entry = (date: string, start: string, more: object = {}) => ({
  id: 1, date, start, end: '09:00', kind: 'lesson', delivery: 'live', subject: '数学', lead: '李老师', goal: '分数', advice: '', ...more,
});
const week = (...entries: readonly object[]) =>
  decodeWeek({ week: '2026-11-23', classes: [{ id: 'c2', title: '三年级2班', entries, load: [{ live_min: 40, tasks_min: 10, longest_run_min: 20 }] }] });

describe('a week', () => {
  it('is five days, and more where something is on', () => {
    expect(daysOf(week()).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(daysOf(week(entry('2026-11-28', '08:00'))).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
  });
  it('has each day in its order', () => {
    const [monday] = daysOf(week(entry('2026-11-23', '10:00'), entry('2026-11-23', '08:00')));
    expect(monday).toMatchObject({ date: '2026-11-23', liveMinutes: 40 });
    expect(monday?.entries.map(({ start }) => start)).toEqual(['08:00', '10:00']);
  });
  it('goes over the ends of months and years', () => {
    expect(addDays('2026-11-30', 7)).toBe('2026-12-07');
    expect(addDays('2027-01-04', -7)).toBe('2026-12-28');
  });
  it('is nothing without a date', () => {
    expect(() => decodeWeek({ classes: [] })).toThrow(DecodeError);
    expect(decodeWeek({ week: '2026-11-23', classes: [] }).entries).toEqual([]);
  });
});

describe('findings', () => {
  const told = decodeFindings({
    ok: false,
    findings: [
      { severity: 'warning', code: 'stagger', rows: [7], params: { amount: 1, limit: 2 }, week: null },
      { severity: 'error', code: 'evening', rows: [5, 6], params: { amount: 30, limit: 0 }, week: '2026-11-23' },
    ],
    rows: { '5': { day: 2, start: '19:00', kind: 'lesson', subject: '数学', lead: '', scope: { grade: 3, class: '2班' } } },
  });
  it('come errors first, with the rows that are known', () => {
    const [first, second] = sortedFindings(told.findings);
    expect(first).toMatchObject({ error: true, code: 'evening', amount: 30, rows: [{ day: 2, start: '19:00', grade: 3, of: '2班' }] });
    expect(second).toMatchObject({ error: false, week: null, rows: [] });
  });
  it('refuse what makes no sense', () => {
    expect(() => decodeFindings({ ok: true })).toThrow(DecodeError);
  });
});

describe('an import', () => {
  it('tells bad cells by line', () => {
    expect(decodeTaken({ applied: false, rows: 3, created: 2, updated: 1, unchanged: 0, removed: 0, problems: [{ line: 4, cell: 0, column: 'lead', reason: 'unknown' }], ignored: [] })).toMatchObject({
      applied: false, rows: 3, problems: [{ line: 4, cell: 0, column: 'lead', reason: 'unknown' }],
    });
  });
});
