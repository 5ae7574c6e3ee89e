import { describe, expect, it } from 'vitest';

import { type Child, decodeHome, decodeTerm, decodeWeek, type Entry, type LessonLink } from '../src/core/family/decode';
import { bodyOf, decodeAsked, decodeFeedback, decodeWeeks, isWhole, kNothingSaid, withSaid } from '../src/core/family/feedback';
import { kInitial, reduce, type State } from '../src/core/family/state';
import { daysOf, firstDay, isNow, lessonOf, nextWeek } from '../src/core/family/week';
import { type Board, type BoardTicket, decodeBoard, replaced, troublesOf } from '../src/core/office/tickets';

const kMonday = '2026-11-23';
const kMondayMs = Date.parse('2026-11-22T16:00:00Z');

const entry = (date: string, more: Partial<Entry> = {}): Entry => ({
  id: 1, date, start: '08:00', end: '08:20', kind: 'lesson', live: true, subject: '语文', lead: '李老师', startsMs: kMondayMs, endsMs: kMondayMs + 1_200_000, ...more,
});
const week = (today: string, ...entries: readonly Entry[]) => ({ week: kMonday, today, nowMs: kMondayMs, entries });
const lesson = (plannedMs: number | null): LessonLink => ({ id: 'L1', title: '语文', state: 'waiting', plannedMs, page: '/w/x' });
const child = (id: string): Child => ({ id, name: `child ${id}`, school: null, of: null, lessons: [] });

describe('a week', () => {
  it('has its school days, and a weekend only with something in it', () => {
    expect(daysOf(week('2026-11-24')).map(({ number }) => number)).toEqual([1, 2, 3, 4, 5]);
    expect(daysOf(week('2026-11-28')).map(({ date }) => date)).toContain('2026-11-28');
    const sunday = daysOf(week('2026-11-24', entry('2026-11-29')));
    expect(sunday.map(({ number, entries }) => [number, entries.length])).toEqual([[1, 0], [2, 0], [3, 0], [4, 0], [5, 0], [7, 1]]);
  });
  it.each([
    ['2026-11-25', 'today', '2026-11-25'],
    ['2026-11-28', 'a weekend’s today', '2026-11-28'],
    ['2026-12-02', 'the first with something', '2026-11-24'],
  ])('opens at %s: %s', (today, _, first) => {
    expect(firstDay(week(today, entry('2026-11-24')))).toBe(first);
  });
  it('opens at its Monday when there is nothing', () => expect(firstDay(week('2026-12-02'))).toBe(kMonday));
  it('is followed by the next, over a year’s end', () => {
    expect(nextWeek(kMonday)).toBe('2026-11-30');
    expect(nextWeek('2026-12-28')).toBe('2027-01-04');
  });
  it('leads to the lesson that is planned at the same moment, not from a break', () => {
    expect(lessonOf(entry(kMonday), [lesson(null), lesson(kMondayMs)])?.page).toBe('/w/x');
    expect(lessonOf(entry(kMonday), [lesson(kMondayMs + 1)])).toBeNull();
    expect(lessonOf(entry(kMonday, { kind: 'break', subject: null }), [lesson(kMondayMs)])).toBeNull();
    expect(lessonOf(entry(kMonday, { live: false }), [lesson(kMondayMs)])).toBeNull();
  });
  it('knows what is now', () => {
    expect([kMondayMs - 1, kMondayMs, kMondayMs + 1_199_999, kMondayMs + 1_200_000].map((ms) => isNow(entry(kMonday), ms))).toEqual([false, true, true, false]);
    expect(isNow(entry(kMonday, { live: false }), kMondayMs)).toBe(false);
  });
});

describe('what the API says', () => {
  const person = { id: 'a', name: '李明', school: { id: 's', name: '一小' }, class: { id: 'c', label: '三年级2班', grade: 3, number: 2 } };
  it('is a home, or some other link', () => {
    const home = decodeHome({ kind: 'home', people: [{ ...person, lessons: [{ id: 'L1', title: '语文', state: 'live', planned_start: null, page: '/w/t' }] }] });
    expect(home).toEqual([{ id: 'a', name: '李明', school: '一小', of: { label: '三年级2班', grade: 3, number: 2 }, lessons: [{ id: 'L1', title: '语文', state: 'live', plannedMs: null, page: '/w/t' }] }]);
    expect(decodeHome({ kind: 'pupil', people: [] })).toBeNull();
    expect(() => decodeHome({ kind: 'home', people: [{ ...person, lessons: [{ id: 'L1', title: 't', state: 'live', page: 'https://elsewhere/' }] }] })).toThrow();
  });
  it('is a week and a term', () => {
    const row = { id: 5, date: kMonday, start: '08:00', end: '08:20', kind: 'eye', delivery: 'live', subject: '', lead: '', goal: '', advice: '', starts: 1, ends: 2 };
    expect(decodeWeek({ week: kMonday, today: kMonday, now: 1, entries: [row] }).entries[0]).toMatchObject({ kind: 'eye', subject: null, lead: null, live: true });
    const counts = { live: 1, tv: 0, late: 0, package: 0, excused: 0, unresolved: 1 };
    const held = { id: 'L1', title: '语文', started_at: 1, state: 'unresolved', declared: null, minutes: 0, replay_minutes: 4, replay: '/w/t' };
    expect(decodeTerm({ counts, lessons: [held, { ...held, replay: null }] }).lessons.map(({ replay }) => replay)).toEqual(['/w/t', null]);
    expect(decodeTerm({ counts, lessons: [held] }).lessons[0]).toMatchObject({ minutes: 0, replayMinutes: 4 });
    expect(() => decodeTerm({ counts, lessons: [{ ...held, state: 'asleep' }] })).toThrow();
  });
});

describe('the door', () => {
  const inside = reduce(kInitial, { type: 'heard', reply: { kind: 'ok', value: [child('a'), child('b')] } });
  it('opens, asks for the number, and says what a link is not', () => {
    expect(inside).toMatchObject({ kind: 'in', chosen: 'a' });
    const refused = (code: string, waitS: number | null = null) => ({ kind: 'refused', code, message: '', field: null, waitS }) as const;
    const asked = reduce(kInitial, { type: 'heard', reply: refused('new_device') });
    expect(asked).toEqual({ kind: 'digits', trouble: null });
    expect(reduce(asked, { type: 'proved', reply: refused('wrong_digits') })).toEqual({ kind: 'digits', trouble: 'wrong' });
    expect(reduce(asked, { type: 'proved', reply: refused('too_many_attempts', 600) })).toEqual({ kind: 'digits', trouble: 'wait' });
    expect(reduce(asked, { type: 'proved', reply: { kind: 'ok', value: null } })).toEqual(kInitial);
    expect(reduce(kInitial, { type: 'heard', reply: { kind: 'ok', value: null } }).kind).toBe('other');
    expect(reduce(inside, { type: 'heard', reply: { kind: 'missing' } }).kind).toBe('gone');
    expect(reduce(kInitial, { type: 'heard', reply: { kind: 'failed' } })).toEqual({ kind: 'loading', offline: true });
    expect(reduce(inside, { type: 'heard', reply: { kind: 'failed' } })).toBe(inside);
  });
  it('keeps the child that was chosen, and lets an erased one go', () => {
    const chosen = reduce(inside, { type: 'chose', child: 'b' });
    const again = reduce(chosen, { type: 'heard', reply: { kind: 'ok', value: [child('a'), child('b')] } });
    expect(again).toMatchObject({ chosen: 'b' });
    const erased = reduce(again, { type: 'erased', child: child('b') });
    expect(erased).toMatchObject({ chosen: 'a', erased: 'child b', children: [{ id: 'a' }] });
    expect(reduce(erased, { type: 'erased', child: child('a') })).toMatchObject({ chosen: null, children: [] });
    const outside: State = { kind: 'gone' };
    expect(reduce(outside, { type: 'chose', child: 'a' })).toBe(outside);
  });
});

describe('feedback', () => {
  it('is three taps, with a text on one line if there is any', () => {
    const taps = { ...kNothingSaid, picture: 'good', sound: 'poor' } as const;
    expect(isWhole(taps)).toBe(false);
    expect(isWhole({ ...taps, pace: 'fits' })).toBe(true);
    expect(bodyOf({ ...taps, pace: 'fits', text: ' \n ' })).toEqual({ picture: 'good', sound: 'poor', pace: 'fits' });
    expect(bodyOf({ ...taps, pace: 'too_long', text: '一\r\n二 ' })).toEqual({ picture: 'good', sound: 'poor', pace: 'too_long', text: '一 二' });
  });
  const row = { week: kMonday, lesson: null, picture: 'good', sound: 'poor', pace: 'fits', text: '', said_at: 1, ticket: null };
  const open = { state: 'open', owner: 'technician', since: 2, next: { desk: 'office', at: 4 }, due_at: 5, overdue: true, answer: null, answered_at: null };
  it('is read with its ticket', () => {
    expect(decodeWeeks({ week: kMonday, said: true, items: [row], lessons: [] })).toMatchObject({ said: true, items: [{ sound: 'poor', ticket: null }] });
    expect(decodeFeedback({ ...row, ticket: open }).ticket).toEqual({ state: 'open', owner: 'technician', sinceMs: 2, next: { desk: 'office', atMs: 4 }, dueMs: 5, overdue: true, answer: null, answeredMs: null });
    expect(() => decodeFeedback({ ...row, pace: 'slow' })).toThrow();
  });

  it('is of a lesson too, once', () => {
    const weeks = decodeWeeks({ week: kMonday, said: false, items: [], lessons: [{ id: 'L1', title: '燕子', ended_at: 7 }] });
    expect(weeks.lessons).toEqual([{ id: 'L1', title: '燕子', endedMs: 7 }]);
    const ofLesson = decodeFeedback({ ...row, lesson: { id: 'L1', title: '燕子' } });
    expect(withSaid(weeks, ofLesson)).toEqual({ said: false, items: [ofLesson], lessons: [] });
    const ofWeek = decodeFeedback(row);
    expect(withSaid(weeks, ofWeek)).toMatchObject({ said: true, items: [ofWeek], lessons: [{ id: 'L1' }] });
    expect([decodeAsked({ open: true }), decodeAsked({ open: false }), decodeAsked({})]).toEqual([true, false, false]);
  });

  const onBoard = { ...row, id: 'T1', ticket: open, class: null, pupil: null, holder: null, answered_by: null, may_answer: true, desks: ['office'] };
  const board = (...items: object[]): Board => decodeBoard({ items, next: null, waiting: items.length, overdue: items.length });
  it('comes to a board, which counts on when something is done', () => {
    const both = board(onBoard, { ...onBoard, id: 'T2' });
    const now = (ticket: object): BoardTicket => decodeBoard({ items: [{ ...onBoard, ticket: { ...open, overdue: false, ...ticket } }], next: null, waiting: 0, overdue: 0 }).items[0] as BoardTicket;
    expect(replaced(both, now({ owner: 'office', overdue: true }))).toMatchObject({ waiting: 2, late: 2, items: [{ ticket: { owner: 'office' } }, { id: 'T2' }] });
    const answered = replaced(both, now({ state: 'answered', answer: '好' }));
    expect(answered).toMatchObject({ waiting: 1, late: 1, items: [{ id: 'T1' }, { id: 'T2' }] });
    expect(replaced(answered, now({ state: 'closed', answer: '好' }))).toMatchObject({ waiting: 1, late: 1, items: [{ id: 'T2' }] });
    expect(() => board({ ...onBoard, ticket: null })).toThrow();
  });
  it.each([
    [{}, ['sound']],
    [{ picture: 'poor', pace: 'too_fast' }, ['picture', 'sound', 'too_fast']],
    [{ sound: 'good' }, ['words']],
  ])('says what is wrong: %j', (more, troubles) => {
    expect(troublesOf(decodeFeedback({ ...row, ...more }))).toEqual(troubles);
  });
});
