import { describe, expect, it } from 'vitest';

import { decodeCounts, decodeLoop, decodePupilLine, type Event, isToday, kInitial, needOf, reduce, type State, sumOf } from '../src/core/office/absent';
import { decodeUnwatched } from '../src/core/office/decode';
import { detailOf } from '../src/core/office/places';
import { DecodeError } from '../src/core/json';

const counts = (more: object = {}) => ({ class: { id: 'c2', label: '三年级2班', grade: 3, number: 2 }, expected: 4, absent: 1, live: 2, tv: 0, late: 0, package: 0, excused: 0, unresolved: 2, ...more });
const pupil = (id: string, more: object = {}) => ({ pupil: { id, number: `n${id}`, name: `p${id}` }, state: 'unresolved', absent: false, minutes: 3, replay_minutes: 2, declared: null, overdue: false, last_seen: null, last_device: null, contact: null, ...more });
const loop = decodeLoop({ ...counts(), lesson: 'L1', pupils: [pupil('1', { absent: true }), pupil('2', { last_seen: 5 })] });
const contact = (way: string) => ({ contact: { by: 'called', way, at: 9 } });
const after = (...events: readonly Event[]): State => events.reduce<State>(reduce, kInitial);
const loaded: Event = { type: 'loaded', reply: { kind: 'ok', value: loop } };
const noted = (line: object): Event => ({ type: 'noted', pupil: '1', reply: { kind: 'ok', value: decodePupilLine(line) } });

describe('what is told of the missing', () => {
  it('is taken apart', () => {
    expect(decodeCounts({ classes: [counts()] })[0]).toMatchObject({ of: { id: 'c2' }, expected: 4, absent: 1, states: { live: 2, unresolved: 2 } });
    expect(loop.pupils.map(({ id, lastSeenMs, contact: reached }) => [id, lastSeenMs, reached])).toEqual([['1', null, null], ['2', 5, null]]);
    expect(decodePupilLine(pupil('1', contact('tv'))).contact).toEqual({ by: 'called', way: 'tv', atMs: 9 });
    expect(decodeUnwatched({ items: [{ lesson: 'L1', title: 't', room: { id: 'r', label: 'x' }, was_here: true, minutes: 7 }] })).toEqual([
      { lesson: 'L1', title: 't', room: 'r', label: 'x', wasHere: true, minutes: 7 },
    ]);
  });
  it.each([
    ['a class without numbers', () => decodeCounts({ classes: [{ class: null }] })],
    ['a pupil in no state', () => decodePupilLine(pupil('1', { state: 'asleep' }))],
    ['a way nobody knows', () => decodePupilLine(pupil('1', contact('pigeon')))],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(DecodeError);
  });
});

describe('what a pupil needs', () => {
  it.each([
    [{}, 'contact'],
    [contact('none'), 'contact'],
    [contact('replay'), 'wait'],
    [{ state: 'excused' }, 'done'],
  ] as const)('%j: %s', (more, need) => {
    expect(needOf(decodePupilLine(pupil('1', more)))).toBe(need);
  });
});

describe('one class', () => {
  it('goes to zero, a contact at a time', () => {
    const now = after(loaded, { type: 'sending', pupil: '1' }, noted(pupil('1', { state: 'tv', ...contact('tv') })));
    expect(now).toMatchObject({ kind: 'open', sending: null, failed: null, loop: { counts: { absent: 0, states: { unresolved: 1, tv: 1 } } } });
  });
  it('keeps what could not be sent where it was', () => {
    const now = after(loaded, { type: 'sending', pupil: '1' }, { type: 'noted', pupil: '1', reply: { kind: 'failed' } });
    expect(now).toMatchObject({ kind: 'open', sending: null, failed: '1', loop });
  });
  it('is not for everybody, and may not be reached', () => {
    expect(after({ type: 'loaded', reply: { kind: 'missing' } })).toEqual({ kind: 'missing' });
    expect(after({ type: 'loaded', reply: { kind: 'failed' } })).toEqual({ kind: 'failed' });
    expect(after(noted(pupil('1')))).toEqual(kInitial);
  });
});

describe('the day', () => {
  it('adds up', () => {
    expect(sumOf(decodeCounts({ classes: [counts(), counts({ unresolved: 1, absent: 0 })] }))).toEqual({ expected: 8, absent: 1, unresolved: 3 });
  });
  it('is this day by this clock', () => {
    const noon = new Date(2026, 10, 25, 12).getTime();
    expect(isToday(noon - 4 * 3_600_000, noon)).toBe(true);
    expect(isToday(noon - 24 * 3_600_000, noon)).toBe(false);
    expect(isToday(null, noon)).toBe(false);
  });
  it('may be asked for one lesson by address', () => {
    expect(detailOf('#/absent/q8xyepst05')).toBe('q8xyepst05');
    expect(detailOf('#/absent')).toBeNull();
    expect(detailOf('#/absent/<b>')).toBeNull();
  });
});
