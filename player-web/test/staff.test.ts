import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { groupsOf, inGroup, minutesSince, tally } from '../src/core/staff/roster';
import { kInitial, mergeSeats, reduce, type Room, type Staff, type StaffEvent } from '../src/core/staff/state';
import { BadFrame } from '../src/signal/fields';
import { decodeStaff, type Seat } from '../src/signal/staff';

const fixtures = JSON.parse(readFileSync(fileURLToPath(new URL('../../tests/fixtures/signaling/server.json', import.meta.url)), 'utf8')) as readonly {
  readonly name: string;
  readonly frame: unknown;
}[];

describe('decodeStaff', () => {
  it.each(fixtures.map(({ name, frame }) => [name, frame] as const))('reads the fixture "%s"', (_, frame) => {
    const t = (frame as { t: string }).t;
    // The line's own, and what only a pupil is told.
    const others = ['beat', 'slate', 'companion', 'bye'];
    expect(decodeStaff(frame).t).toBe(others.includes(t) ? 'other' : t);
  });
  it('takes a pupil apart', () => {
    const message = decodeStaff(fixtures.find(({ name }) => name === 'roster')?.frame);
    expect(message).toMatchObject({
      room: 'r2',
      seats: [
        { seat: 7, label: '李明', state: 'playing', tv: true, companion: 'mother', sinceMs: 1_770_000_000_000 },
        { seat: 8, label: '张芳', state: 'absent', tv: false, companion: 'none', sinceMs: null },
      ],
    });
  });
  it.each([
    ['a seat in no state', { t: 'seats', room: 'r', part: 0, parts: 1, seats: [{ seat: 1 }] }],
    ['a roster of nothing', { t: 'roster', room: 'r', part: 0, parts: 1 }],
    ['a list in no part', { t: 'roster', room: 'r', seats: [] }],
    ['a room without a name', { t: 'counts', part: 0, parts: 1, rooms: [{ expected: 1, present: 1 }] }],
    ['an unknown companion', { t: 'seats', room: 'r', part: 0, parts: 1, seats: [{ seat: 1, state: 'gone', companion: 'dog' }] }],
    ['an unknown role', { t: 'welcome', role: 'king', rooms: [], resumed: false, state: 'live', frozen: false, now: 1 }],
  ])('refuses %s', (_, frame) => {
    expect(() => decodeStaff(frame)).toThrow(BadFrame);
  });
});

const kNow = 1_770_000_000_000;
const heard = (frame: object): StaffEvent => ({ type: 'heard', message: decodeStaff(frame), atMs: kNow - 5000 });
const after = (state: Staff, ...events: readonly (StaffEvent | object)[]): Staff =>
  events.reduce<Staff>((now, event) => reduce(now, 'type' in event ? (event as StaffEvent) : heard(event)), state);
const welcome = {
  t: 'welcome', lesson: 'l', role: 'teacher', rooms: [{ id: 'r2', label: '三(2)班' }, { id: 'r4' }],
  epoch: 'e', seq: 0, resumed: false, state: 'live', frozen: false, now: kNow, heartbeat: 30,
};
const seats = (...of: readonly object[]) => ({ t: 'seats', room: 'r2', part: 0, parts: 1, seats: of });
const roster = (part: number, parts: number, ...of: readonly number[]) => ({
  t: 'roster', room: 'r2', part, parts, seats: of.map((seat) => ({ seat, label: `n${seat}`, state: 'absent' })),
});
const note = (seq: number, more: object = {}) => ({ t: 'note', seq, room: 'r2', from: '李老师', media_time: 1000 * seq, text: `t${seq}`, ...more });
const room = (state: Staff, id = 'r2'): Room => {
  const found = state.rooms.find((one) => one.id === id);
  if (found === undefined) throw new Error(`no room ${id}`);
  return found;
};
const here = after(kInitial, { type: 'line', up: true, final: null }, welcome, roster(0, 1, 1, 2, 3));

describe('the people of a lesson', () => {
  it('begin with her rooms, named or not', () => {
    expect(here).toMatchObject({ line: 'up', role: 'teacher', onAir: 'live', skewMs: 5000 });
    expect(here.rooms.map(({ id, label }) => [id, label])).toEqual([['r2', '三(2)班'], ['r4', null]]);
  });
  it('come in parts and are shown when the last is there', () => {
    const half = after(here, roster(0, 2, 1, 2, 3, 4));
    expect(room(half).seats).toHaveLength(3);
    expect(room(after(half, roster(1, 2, 5))).seats.map(({ seat }) => seat)).toEqual([1, 2, 3, 4, 5]);
  });
  it('change one by one; those that do not stay the same object', () => {
    const now = after(here, seats({ seat: 2, state: 'playing', since: kNow }));
    expect(room(now).seats[1]).toMatchObject({ label: 'n2', state: 'playing' });
    expect(room(now).seats[0]).toBe(room(here).seats[0]);
    expect(room(now, 'r4')).toBe(room(here, 'r4'));
    expect(room(after(now, seats({ seat: 2, state: 'playing', since: kNow }))).seats[1]).toBe(room(now).seats[1]);
  });
  it('leave the class with the next whole list', () => {
    expect(room(after(here, roster(0, 1, 1, 3))).seats.map(({ seat }) => seat)).toEqual([1, 3]);
  });
  it('are kept while the line is gone, and known again when it is back', () => {
    const away = after(here, { type: 'line', up: false, final: null });
    expect(away.line).toBe('down');
    expect(room(away).seats).toHaveLength(3);
    const back = after(away, { type: 'line', up: true, final: null }, { ...welcome, resumed: true });
    expect(room(back).seats).toHaveLength(3);
    expect(after(here, { type: 'line', up: false, final: 4410 })).toMatchObject({ line: 'over', code: 4410 });
  });
  it('did not follow: the newest list replaces the one before', () => {
    const now = after(
      here,
      { t: 'unclear', room: 'r2', count: 2, part: 0, parts: 1, seats: [{ seat: 1, media_time: 10 }, { seat: 3, media_time: 20 }] },
    );
    expect(room(now).unclear.map(({ seat }) => seat)).toEqual([1, 3]);
    expect(tally(room(now)).groups.unclear).toBe(2);
    expect(room(after(now, { t: 'unclear', room: 'r2', count: 0, part: 0, parts: 1, seats: [] })).unclear).toEqual([]);
  });
  it('are counted by room; what is told of some rooms leaves the others', () => {
    const counts = (...rooms: readonly object[]) => ({ t: 'counts', part: 0, parts: 1, rooms });
    const now = after(here, counts({ room: 'r2', label: '三(2)班', expected: 42, present: 40 }, { room: 'r4', expected: 40, present: 1 }), counts({ room: 'r2', expected: 42, present: 41 }));
    expect(now.counts.map(({ room: id, label, present }) => [id, label, present])).toEqual([['r2', '三(2)班', 41], ['r4', null, 1]]);
  });
  it('co-watch: in her room for her, in the whole lesson for the lead', () => {
    const teachers = [{ label: '李老师', rooms: [], minutes: 3 }];
    expect(room(after(here, { t: 'cowatch', room: 'r2', part: 0, parts: 1, teachers })).teachers).toHaveLength(1);
    const lead = after(here, { t: 'cowatch', part: 0, parts: 2, teachers }, { t: 'cowatch', part: 1, parts: 2, teachers });
    expect(lead.teachers).toHaveLength(2);
  });
  it('are frozen by room or all at once', () => {
    const one = after(here, { t: 'freeze', seq: 1, room: 'r2', on: true });
    expect(one.rooms.map(({ frozen }) => frozen)).toEqual([true, false]);
    expect(after(one, { t: 'freeze', seq: 2, on: true }).rooms.map(({ frozen }) => frozen)).toEqual([true, true]);
    expect(after(one, { ...welcome, resumed: true }).rooms.map(({ frozen }) => frozen)).toEqual([true, false]);
  });
  it('had a link opened once too often: told until it was seen', () => {
    const device = { t: 'device', room: 'r2', seat: 1, label: 'n1' };
    const told = after(here, device, device);
    expect(told.refused).toEqual([{ room: 'r2', seat: 1, label: 'n1' }]);
    expect(after(told, { type: 'seen-refused' }).refused).toEqual([]);
  });
});

describe('notes', () => {
  const said = (text: string, sent = true): StaffEvent => ({ type: 'said', note: { room: 'r2', mediaTime: 5000, text }, sent });
  it('are on their way until the server tells them back', () => {
    const sending = after(here, said('看第12题'));
    expect(sending.pending).toMatchObject([{ failed: false }]);
    const told = after(sending, note(5, { text: '看第12题' }));
    expect(told.pending).toEqual([]);
    expect(told.notes.map(({ text }) => text)).toEqual(['看第12题']);
  });
  it('of the same words twice are two', () => {
    const now = after(here, said('一样'), said('一样'), note(5, { text: '一样' }));
    expect(now.pending).toHaveLength(1);
  });
  it('that nobody heard, or that were refused, can be sent again', () => {
    expect(after(here, said('a', false)).pending).toMatchObject([{ failed: true }]);
    const refused = after(here, said('a'), { t: 'error', code: 'too_fast' });
    expect(refused.pending).toMatchObject([{ failed: true }]);
    const [first] = refused.pending;
    if (first === undefined) throw new Error('none');
    expect(after(refused, { type: 'dropped', note: first }).pending).toEqual([]);
  });
  it('were perhaps lost when the line went; told on coming back, they were not', () => {
    const cut = after(here, said('a'), { type: 'line', up: false, final: null });
    expect(cut.pending).toMatchObject([{ failed: true }]);
    expect(after(cut, { ...welcome, resumed: true }, note(5, { text: 'a' })).pending).toEqual([]);
  });
  it('lie in the order of the lesson, each once, and begin anew with a new past', () => {
    const now = after(here, note(2, { media_time: 9000 }), note(3, { media_time: 1000 }), note(2, { media_time: 9000 }));
    expect(now.notes.map(({ seq }) => seq)).toEqual([3, 2]);
    expect(after(now, welcome).notes).toEqual([]);
    expect(after(now, { ...welcome, resumed: true }).notes).toHaveLength(2);
  });
});

describe('roster', () => {
  const seat = (state: Seat['state'], number = 1): Seat => ({ seat: number, label: null, state, tv: false, companion: 'none', handMs: null, here: false, sinceMs: kNow });
  it('counts whoever is here, however well', () => {
    const all = (['absent', 'gone', 'media', 'playing', 'stalled', 'audio', 'paused'] as const).map((state, at) => seat(state, at));
    expect(tally({ ...room(here), seats: all })).toEqual({
      here: 5,
      expected: 7,
      answered: 0,
      groups: { all: 7, unclear: 0, silent: 5, absent: 1, gone: 1, stalled: 1, audio: 1, alone: 5 },
    });
    expect(inGroup(seat('gone'), 'gone', new Set())).toBe(true);
    expect(inGroup(seat('gone'), 'absent', new Set())).toBe(false);
  });
  it('knows who answered the roll-call, who has not though here, and who is alone', () => {
    const answered = { ...seat('playing', 1), here: true, companion: 'mother' as const };
    const { groups, answered: count } = tally({ ...room(here), seats: [answered, seat('playing', 2), seat('absent', 3)] });
    expect([count, groups.silent, groups.alone]).toEqual([1, 1, 1]);
    expect(groupsOf(false)).not.toContain('silent');
    expect(groupsOf(true)).toContain('silent');
  });
  it('tells minutes by the server’s clock', () => {
    expect(minutesSince(seat('gone'), kNow + 119_000 - 5000, 5000)).toBe(1);
    expect(minutesSince(seat('gone'), kNow - 60_000, 0)).toBe(0);
    expect(minutesSince({ ...seat('absent'), sinceMs: null }, kNow, 0)).toBe(0);
  });
  it('takes news of a class of 42 in, keeping the other 41', () => {
    const all = Array.from({ length: 42 }, (_, at) => seat('playing', at));
    const merged = mergeSeats(all, [seat('stalled', 17)]);
    expect(merged.filter((one, at) => one === all[at])).toHaveLength(41);
  });
});
