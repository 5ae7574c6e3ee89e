import { describe, expect, it } from 'vitest';

import { decodeGroupLesson, type GroupLesson, newsOf, todays } from '../src/core/office/group';

const kNow = new Date(2026, 10, 23, 8).getTime();
const kHour = 3_600_000;
const lesson = (more: Partial<GroupLesson>): GroupLesson => ({ title: '数学', state: 'waiting', startsMs: kNow + kHour, startedMs: null, classes: ['c1'], ...more });

describe('what a class’s group is told', () => {
  it('is read of lessons without a name', () => {
    const row = { title: '数学', state: 'live', planned_start: null, started_at: 5, lead: { id: 'x', name: '孙丽华' }, rooms: [{ class: 'c1', teacher: null }, { class: null }] };
    expect(decodeGroupLesson(row)).toEqual({ title: '数学', state: 'live', startsMs: null, startedMs: 5, classes: ['c1'] });
    expect(() => decodeGroupLesson({ ...row, rooms: null })).toThrow();
  });
  it('is of its own lessons of today, by time', () => {
    const later = lesson({ title: '语文', startsMs: kNow + 2 * kHour });
    const unplanned = lesson({ title: '班会', startsMs: null });
    const all = [later, lesson({}), unplanned, lesson({ classes: ['c2'] }), lesson({ startsMs: kNow + 24 * kHour }), lesson({ startsMs: null, state: 'ended' })];
    expect(todays(all, 'c1', kNow).map(({ title }) => title)).toEqual(['班会', '数学', '语文']);
  });
  it.each([
    [{}, ['starting', 'changed']],
    [{ startsMs: null }, ['starting']],
    [{ state: 'live', startedMs: kNow }, ['starting']],
    [{ state: 'ended', startedMs: kNow }, ['replay']],
    [{ state: 'ended' }, []],
  ] as const)('says what there is to say: %j', (more, news) => {
    expect(newsOf(lesson(more))).toEqual(news);
  });
});
