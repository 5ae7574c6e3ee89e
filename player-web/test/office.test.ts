import { describe, expect, it } from 'vitest';

import { refusal, type Reply } from '../src/core/office/call';
import { draftBody, draftTrouble, sorted, summary } from '../src/core/office/board';
import { decodeClass, decodeLesson, decodeImported, decodePupil, decodeSession, type Imported, named, page, type Session } from '../src/core/office/decode';
import { placeOf, placesOf } from '../src/core/office/places';
import * as roster from '../src/core/office/roster-import';
import * as door from '../src/core/office/session';
import { DecodeError } from '../src/core/json';

const kSession = { login: 'wang', name: '王主任', id: 'st1', school: { id: 'sc1', name: '第一小学' }, csrf: 'c', may: ['see_school', 'change_people'], token: 't' };
const session: Session = decodeSession(kSession);
const tally = (created = 0, updated = 0) => ({ created, updated, unchanged: 40 });
const kImported = {
  applied: false,
  rows: { schools: tally(), pupils: tally(2, 1), staff: tally(), groups: tally() },
  changes: [{ kind: 'pupils', created: true, school: '第一小学', what: '20230107', details: ['班级: 三年级1班 → 三年级2班'] }],
  problems: [{ file: 'a.csv', line: 3, column: 'phone', reason: 'bad_phone' }],
  notes: [],
};
const imported = (more: object = {}): Imported => decodeImported({ ...kImported, ...more });
const ok = <T>(value: T): Reply<T> => ({ kind: 'ok', value });
const refused = (code: string, waitS: number | null = null): Reply<never> => ({ kind: 'refused', code, message: 'm', field: null, waitS });

describe('what the office is told', () => {
  it('is taken apart', () => {
    expect(session).toEqual({ id: 'st1', login: 'wang', name: '王主任', school: { id: 'sc1', name: '第一小学' }, csrf: 'c', may: ['see_school', 'change_people'] });
    expect(decodeSession({ ...kSession, school: null }).school).toBeNull();
    expect(page(named)({ items: [{ id: '1', name: 'a' }], next: '1' })).toEqual({ items: [{ id: '1', name: 'a' }], next: '1' });
    expect(decodeClass({ id: 'c', label: '三年级2班', grade: 3, number: 2, pupils: null, homeroom: { id: 's', name: '李' } })).toEqual({ id: 'c', label: '三年级2班', grade: 3, number: 2, pupils: null, homeroom: '李' });
    expect(decodePupil({ id: 'p', name: '李明', number: '7', condition: 'wifi', standing: 'left' })).toMatchObject({ condition: 'wifi', left: true });
    expect(imported().changes[0]).toEqual({ created: true, school: '第一小学', what: '20230107', details: ['班级: 三年级1班 → 三年级2班'] });
  });
  it.each([
    ['no session', () => decodeSession({ login: 'a' })],
    ['a list of nothing', () => page(named)({ next: null })],
    ['a class without a number', () => decodeClass({ id: 'c', grade: 3 })],
    ['no tallies', () => imported({ rows: {} })],
  ])('refuses %s', (_, read) => {
    expect(read).toThrow(DecodeError);
  });
  it('reads problem JSON, and what is none', () => {
    expect(refusal({ error: { code: 'too_many_attempts', message: 'm' } }, '30')).toEqual({ kind: 'refused', code: 'too_many_attempts', message: 'm', field: null, waitS: 30 });
    expect(refusal(null, null)).toMatchObject({ code: '', waitS: null });
    expect(refusal({ error: { field: 'name' } }, 'soon')).toMatchObject({ field: 'name', waitS: null });
  });
});

describe('the door', () => {
  const after = (...events: readonly door.Event[]): door.State => events.reduce(door.reduce, door.kInitial);
  it('opens for who is signed in already, and waits for the server', () => {
    expect(after({ type: 'asked', reply: ok(session) })).toEqual({ kind: 'in', session });
    expect(after({ type: 'asked', reply: { kind: 'signed-out' } })).toMatchObject({ kind: 'out', trouble: null });
    expect(after({ type: 'asked', reply: { kind: 'failed' } })).toEqual({ kind: 'loading', offline: true });
  });
  it.each([
    [refused('wrong_password'), { kind: 'wrong' }],
    [refused('too_many_attempts', 12), { kind: 'wait', seconds: 12 }],
    [{ kind: 'failed' } as const, { kind: 'offline' }],
  ])('says why it stays shut: %j', (reply, trouble) => {
    const state = after({ type: 'asked', reply: { kind: 'signed-out' } }, { type: 'signing' }, { type: 'signed', reply });
    expect(state).toEqual({ kind: 'out', busy: false, trouble });
  });
  it('shuts when the session ended, or at a wish', () => {
    const inside: readonly door.Event[] = [{ type: 'asked', reply: ok(session) }];
    expect(after(...inside, { type: 'ended' })).toMatchObject({ trouble: { kind: 'ended' } });
    expect(after(...inside, { type: 'left' })).toMatchObject({ kind: 'out', trouble: null });
  });
});

describe('a list', () => {
  const after = (...events: readonly roster.Event[]): roster.State => events.reduce(roster.reduce, roster.kInitial);
  const look: roster.Event = { type: 'send', file: 'a.csv', dry: true };
  const keep: roster.Event = { type: 'send', file: 'a.csv', dry: false };
  it('is looked at, shown, and then kept', () => {
    const seen = after(look, { type: 'answered', reply: ok(imported()) });
    expect(seen).toMatchObject({ kind: 'seen', trouble: false });
    expect(roster.reduce(roster.reduce(seen, keep), { type: 'answered', reply: ok(imported({ applied: true })) })).toMatchObject({ kind: 'done' });
  });
  it('that could not be kept is still seen', () => {
    expect(after(look, { type: 'answered', reply: ok(imported()) }, keep, { type: 'answered', reply: { kind: 'failed' } })).toMatchObject({ kind: 'seen', trouble: true });
    expect(after(look, { type: 'answered', reply: ok(imported()) }, keep, { type: 'answered', reply: ok(imported()) })).toMatchObject({ kind: 'seen', trouble: false });
  });
  it('that is no list at all is told in the server’s words', () => {
    expect(after(look, { type: 'answered', reply: refused('invalid') })).toEqual({ kind: 'unusable', file: 'a.csv', message: 'm' });
    expect(after(look, { type: 'answered', reply: { kind: 'failed' } })).toMatchObject({ message: null });
    expect(after(look, { type: 'again' })).toEqual({ kind: 'none' });
  });
  it('with nothing new needs no keeping', () => {
    expect(roster.isEmpty(imported())).toBe(false);
    expect(roster.isEmpty(imported({ rows: { schools: tally(), pupils: tally(), staff: tally(), groups: tally() } }))).toBe(true);
  });
});

describe('places', () => {
  it('are those that this account has something at', () => {
    expect(placesOf(session)).toContain('import');
    expect(placesOf({ ...session, may: ['see_school'] })).not.toContain('import');
    expect(placeOf('#/account', session)).toBe('account');
    expect(placeOf('#/import', { ...session, may: ['see_school'] })).toBe('classes');
    expect(placeOf('', { ...session, may: [] })).toBe('account');
  });
});

describe('the board', () => {
  const lesson = (id: string, state: string, ...teachers: readonly (string | null)[]) =>
    decodeLesson({
      id, title: id, state, started_at: state === 'waiting' ? null : 5, lead: null, mode: 'joint',
      rooms: teachers.map((name, at) => ({ id: `r${at}`, label: '三年级2班', class: 'c1', group: null, teacher: name === null ? null : { id: 't', name }, expected: 42 })),
    });
  const all = [lesson('a', 'ended'), lesson('b', 'live', '李老师', null), lesson('c', 'waiting', null), lesson('d', 'interrupted', '王老师')];
  it('has those that need somebody first', () => {
    expect(sorted(all).map(({ id }) => id)).toEqual(['d', 'b', 'c', 'a']);
  });
  it('counts what is on air, and classes in it that nobody is named for', () => {
    expect(summary(all)).toEqual({ onAir: 2, alone: 1 });
  });
  it('makes a lesson of one class, or of several together', () => {
    expect(draftTrouble(' ', ['c1'])).toBe('title');
    expect(draftTrouble('数学', [])).toBe('classes');
    expect(draftTrouble('数学', ['c1'])).toBeNull();
    expect(draftBody(' 数学 ', ['c1'], '')).toEqual({ title: '数学', mode: 'class', rooms: [{ class: 'c1' }] });
    expect(draftBody('数学', ['c1', 'c2'], 't1')).toEqual({ title: '数学', mode: 'joint', rooms: [{ class: 'c1' }, { class: 'c2' }], lead: 't1' });
  });
});
