import { describe, expect, it } from 'vitest';

import { type Event, kInitial, linesOf, reduce, type State, stepped, verdictOf } from '../src/core/office/editor';
import { decodeTried, decodeWeek, type Entry, type Finding } from '../src/core/office/timetable';

const entry: Entry = { id: 7, date: '2026-11-23', period: 1, start: '08:30', end: '08:50', kind: 'lesson', delivery: 'live', subject: '数学', lead: '李老师', goal: '' };
const monday = { day: 1, start: '08:30' };
const tuesday = { day: 2, start: '09:10' };
const finding: Finding = { error: true, code: 'teacher_double', amount: 20, limit: 0, week: null, rows: [] };
const told = (ok: boolean, tag = '"a"'): Event => ({ type: 'told', entry, tried: { verdicts: [{ ...tuesday, ok, findings: ok ? [] : [finding] }], tag, shared: false } });
const after = (...events: readonly Event[]): State => events.reduce(reduce, kInitial);
const picked: Event = { type: 'picked', entry, from: monday };
const over: Event = { type: 'over', spot: tuesday };
const dropped: Event = { type: 'dropped' };

describe('a lesson that is dragged', () => {
  it('is saved where the rules allow it, and can be taken back once', () => {
    const saving = after(picked, told(true), over, dropped);
    expect(saving).toMatchObject({ held: null, saving: { from: monday, to: tuesday, tag: '"a"', back: false } });
    const moved = reduce(saving, { type: 'saved', tag: '"b"' });
    expect(moved).toMatchObject({ saving: null, said: { kind: 'moved' }, last: { from: monday, to: tuesday, tag: '"b"' } });
    const back = reduce(moved, { type: 'take-back' });
    expect(back.saving).toMatchObject({ from: tuesday, to: monday, tag: '"b"', back: true });
    expect(reduce(back, { type: 'saved', tag: '"c"' })).toMatchObject({ last: null, said: { kind: 'back' } });
  });
  it('stays where it was where they do not, with the reason', () => {
    expect(after(picked, told(false), over, dropped)).toMatchObject({ held: null, saving: null, said: { kind: 'refused', verdict: { findings: [finding] } } });
  });
  it('is let go before the rules were heard: the server decides, and is asked why', () => {
    const saving = after(picked, over, dropped);
    expect(saving.saving).toMatchObject({ to: tuesday, tag: null });
    const again = reduce(saving, { type: 'not-saved', why: 'rules' });
    expect(again).toMatchObject({ saving: null, held: { over: tuesday, asked: 2 } });
    expect(reduce(reduce(again, told(false)), dropped)).toMatchObject({ said: { kind: 'refused' } });
  });
  it('is left alone by Escape, at its own time, and when somebody else was faster', () => {
    expect(after(picked, over, { type: 'let-be' })).toMatchObject({ held: null, saving: null, said: { kind: 'kept' } });
    expect(after(picked, dropped)).toMatchObject({ held: null, saving: null, said: { kind: 'kept' } });
    expect(after(picked, told(true), over, dropped, { type: 'not-saved', why: 'changed' })).toMatchObject({ held: null, last: null, said: { kind: 'changed' } });
    expect(after(picked, { type: 'foreign' })).toMatchObject({ held: null, said: { kind: 'foreign' } });
  });
  it('hears only of itself, and of nothing when it is not held', () => {
    const other: Event = { type: 'told', entry: { ...entry, id: 8 }, tried: { verdicts: [{ ...tuesday, ok: true, findings: [] }], tag: '', shared: true } };
    const { held } = after(picked, other);
    expect(held === null ? 'none' : verdictOf(held, tuesday)).toBeNull();
    for (const event of [over, dropped, told(true), { type: 'let-be' }, { type: 'saved', tag: '' }, { type: 'take-back' }] as const) expect(reduce(kInitial, event)).toBe(kInitial);
  });
});

describe('its week', () => {
  const week = decodeWeek({ week: '2026-11-23', classes: [{ entries: [{ ...entry, start: '09:10', period: 2 }, entry], load: [] }] });
  it('has a line for each time, also for one that was emptied', () => {
    expect(linesOf(week, [{ start: '10:00', period: 3 }])).toEqual([{ start: '08:30', period: 1 }, { start: '09:10', period: 2 }, { start: '10:00', period: 3 }]);
  });
  it('is walked by arrow keys, up to its edges', () => {
    const lines = linesOf(week, []);
    const days = [1, 2, 3];
    expect(stepped(monday, 'ArrowRight', days, lines)).toEqual({ day: 2, start: '08:30' });
    expect(stepped(monday, 'ArrowDown', days, lines)).toEqual({ day: 1, start: '09:10' });
    expect(stepped(monday, 'ArrowLeft', days, lines)).toEqual(monday);
    expect(stepped(monday, 'ArrowUp', days, lines)).toEqual(monday);
    expect(stepped({ day: 3, start: '09:10' }, 'ArrowDown', days, lines)).toEqual({ day: 3, start: '09:10' });
  });
});

describe('what the rules say', () => {
  it('comes with the rows that are in the way', () => {
    const tried = decodeTried({
      row: {}, sheet: { stage: null, grade: 3, school: 1, class: null, week: null }, etag: '"x"',
      moves: [{ day: 2, start: '09:10', ok: false, findings: [{ severity: 'error', code: 'teacher_double', rows: [7, 9], params: { amount: 20, limit: 0 }, week: null }] }],
      rows: { '9': { day: 2, start: '09:10', kind: 'lesson', subject: '数学', lead: '李老师', scope: { class: '2班' } } },
    });
    expect(tried).toMatchObject({ tag: '"x"', shared: true, verdicts: [{ day: 2, ok: false, findings: [{ error: true, rows: [{ id: 9, of: '2班' }] }] }] });
  });
});
