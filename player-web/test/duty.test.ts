import { describe, expect, it } from 'vitest';

import type { Session } from '../src/core/office/decode';
import { aWeekOn, canCall, choices, decodeDutyWeek, dutyBody, type DutyDay, dutyPath, isNobody, phoneOf, withTurn } from '../src/core/office/duty';
import { placeOf, placesOf } from '../src/core/office/places';

const wang = { id: 's1', name: '王老师' };
const li = { id: 's2', name: '李老师' };
const kDates = ['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28', '2026-11-29'];
const empty = (date: string): DutyDay => ({ date, turns: { administrator: null, technician: null, contact: null } });
const week = kDates.map(empty);

describe('the duty roster', () => {
  it('is read as the server says it, with its tag', () => {
    const days = kDates.map((date) => ({ date, administrator: null, technician: { staff: wang, phone: '8012' }, contact: null }));
    const read = decodeDutyWeek({ week: kDates[0], days }, '"a"');
    expect(read.tag).toBe('"a"');
    expect(read.days[6]).toEqual({ date: '2026-11-29', turns: { administrator: null, technician: { staff: wang, phone: '8012' }, contact: null } });
    expect(() => decodeDutyWeek({ days: days.slice(1) }, null)).toThrow();
    expect(() => decodeDutyWeek({ days: days.map((day) => ({ ...day, contact: {} })) }, null)).toThrow();
    expect(dutyPath('sc1', '2026-11-23')).toBe('/api/v1/schools/sc1/duty-roster/2026-11-23');
  });

  it('changes one turn, and says all of them', () => {
    const changed = withTurn(week, '2026-11-24', 'contact', { staff: li, phone: ' 8013 ' });
    expect(changed.map(isNobody)).toEqual([true, false, true, true, true, true, true]);
    const none = { administrator: null, technician: null, contact: null };
    expect(dutyBody(changed)).toEqual({ days: [none, { ...none, contact: { staff: 's2', phone: '8013' } }, none, none, none, none, none] });
    expect(dutyBody(withTurn(changed, '2026-11-24', 'contact', null))).toEqual({ days: kDates.map(() => none) });
  });

  it('is the same a week on', () => {
    const on = aWeekOn(withTurn(week, '2026-11-29', 'administrator', { staff: li, phone: '' }));
    expect(on[0]?.date).toBe('2026-11-30');
    expect(on[6]).toEqual({ ...empty('2026-12-06'), turns: { administrator: { staff: li, phone: '' }, technician: null, contact: null } });
  });

  it('remembers a telephone of the week, and offers those who stand there though the list has them no more', () => {
    const days = withTurn(withTurn(week, '2026-11-23', 'contact', { staff: li, phone: '' }), '2026-11-25', 'technician', { staff: li, phone: '8013' });
    expect(phoneOf(days, 's2')).toBe('8013');
    expect(phoneOf(days, 's1')).toBe('');
    expect(choices([wang], days)).toEqual([wang, li]);
    expect(choices([wang, li], days)).toEqual([wang, li]);
  });

  it.each([
    ['021-5555 1234', true],
    ['+86 13812345678', true],
    ['8012', false],
    ['分机 8012', false],
    ['', false],
  ])('%s can be called: %s', (phone, can) => {
    expect(canCall(phone)).toBe(can);
  });

  it('is a place of the school’s own people', () => {
    const session: Session = { id: 's1', login: 'w', name: '王', school: { id: 'sc1', name: '一小' }, csrf: '', may: ['see_lessons', 'see_on_duty', 'hold'] };
    expect(placesOf(session)).toEqual(['board', 'retention', 'duty', 'account']);
    expect(placeOf('#/duty', { ...session, school: null })).toBe('board');
  });
});
