import { describe, expect, it } from 'vitest';

import { hear } from '../src/core/hear';
import { chatModeOf, checkAt, isCalled, isChatOn, kNothing, marksOf, restOf, type Teaching, threads } from '../src/core/teaching';

const after = (...frames: readonly object[]): Teaching => frames.reduce<Teaching>(hear, kNothing);
const help = (id: number, seat: number, teacher = false) => ({ t: 'help', id, room: 'r2', seat, label: `n${seat}`, teacher, text: `t${id}`, at: 1 });
const check = (seq: number, media_time: number) => ({ t: 'check', seq, room: 'r2', media_time, items: [{ kind: 'single', text: '?', options: ['a', 'b'] }] });
const welcome = (resumed: boolean) => ({ t: 'welcome', resumed });

describe('private help', () => {
  it('is a thread a pupil; those who wait come first, the longest waiting first', () => {
    const all = threads(after(help(1, 7), help(2, 8), help(3, 7, true), help(4, 9), help(2, 8)).help);
    expect(all.map(({ seat, waits }) => [seat, waits])).toEqual([[8, true], [9, true], [7, false]]);
    expect(all[2]?.lines.map(({ id }) => id)).toEqual([1, 3]);
  });
  it('is told anew with a new past, and kept over a gap', () => {
    const known = after(help(1, 7));
    expect(hear(known, welcome(true)).help).toHaveLength(1);
    expect(hear(known, welcome(false)).help).toEqual([]);
  });
});

describe('checks', () => {
  it('are there when the player reaches them, the newest one', () => {
    const { checks } = after(check(5, 60_000), check(6, 90_000), check(5, 60_000));
    expect(checks).toHaveLength(2);
    expect(checkAt(checks, 59_999, 120_000)).toBeNull();
    expect(checkAt(checks, 60_000, 120_000)?.seq).toBe(5);
    expect(checkAt(checks, 100_000, 120_000)?.seq).toBe(6);
    expect(checkAt(checks, 300_000, 120_000)).toBeNull();
  });
  it('keep this pupil’s answers, and how classes answered', () => {
    const [known] = after(
      check(5, 0),
      { t: 'answer', check: 5, item: 0, choices: [1], right: true },
      { t: 'tally', check: 5, room: 'r2', items: [{ kind: 'single', answered: 3, choices: [1, 2] }] },
    ).checks;
    expect(known?.answers[0]).toEqual({ reply: { choices: [1] }, right: true });
    expect(known?.tallies['r2']?.[0]).toMatchObject({ answered: 3, choices: [1, 2] });
  });
});

describe('rest', () => {
  it('is the own class’s, or everybody’s, until it is over', () => {
    const rest = (room: string | null, why: string) => ({ t: 'rest', seq: 1, ...(room === null ? {} : { room }), why });
    expect(restOf(after().rests)).toBeNull();
    expect(restOf(after(rest('r2', 'cap')).rests)).toBe('cap');
    expect(restOf(after(rest(null, 'evening')).rests)).toBe('evening');
    expect(restOf(after(rest('r2', 'cap'), rest('r2', 'none')).rests)).toBeNull();
    expect(restOf(after(rest(null, 'evening'), rest('r2', 'none')).rests)).toBe('evening');
  });
});

describe('the roll-call', () => {
  const call = (seq: number, room?: string) => ({ t: 'rollcall', seq, ...(room === undefined ? {} : { room }) });
  it('is one class’s, or everybody’s, and is made once', () => {
    expect(isCalled(after(), 'r2')).toBe(false);
    expect(isCalled(after(call(1, 'r4')), 'r2')).toBe(false);
    expect(isCalled(after(call(1, 'r4')), 'r4')).toBe(true);
    expect(isCalled(after(call(1)), 'r2')).toBe(true);
    expect(after(call(1, 'r4'), call(1, 'r4')).calls).toEqual(['r4']);
  });
});

describe('chapters', () => {
  const chapter = (seq: number, media_time: number) => ({ t: 'chapter', seq, media_time, text: `c${seq}` });
  it('are in the lesson’s order, each once, with the notes between them', () => {
    const { chapters } = after(chapter(5, 60_000), chapter(3, 0), chapter(5, 60_000));
    expect(chapters.map(({ seq }) => seq)).toEqual([3, 5]);
    const marks = marksOf(chapters, [{ seq: 9, mediaTime: 60_000, text: 'n' }, { seq: 4, mediaTime: 30_000, text: 'm' }]);
    expect(marks.map(({ key }) => key)).toEqual(['chapter 3', 'note 4', 'chapter 5', 'note 9']);
  });
});

describe('the class’s chat', () => {
  const line = (id: number, more: object = {}) => ({ t: 'chat', id, room: 'r2', text: `t${id}`, at: 1, ...more });
  const mode = (name: string) => ({ t: 'chat_mode', seq: 1, room: 'r2', mode: name });
  it('is off until somebody opens it, and as a welcome says', () => {
    expect(isChatOn(after())).toBe(false);
    expect(isChatOn(after(mode('open')))).toBe(true);
    expect(isChatOn(after(mode('open'), mode('off')))).toBe(false);
    const known = after(mode('open'), { t: 'welcome', resumed: true, rooms: [{ id: 'r2', chat: 'moderated' }, { id: 'r4' }, null] });
    expect([chatModeOf(known, 'r2'), chatModeOf(known, 'r4')]).toEqual(['moderated', 'off']);
  });
  it('shows a line that waited, once, and lets one go', () => {
    const known = after(line(2, { pending: true, mine: true }), line(1), line(2, { mine: true }));
    expect(known.chat.map(({ id, pending }) => [id, pending])).toEqual([[1, false], [2, false]]);
    expect(after(line(1), { t: 'chat_gone', id: 1, room: 'r2' }).chat).toEqual([]);
  });
});

describe('a warning', () => {
  it('is the last one told', () => {
    const warn = (minutes: number) => ({ t: 'warning', seq: minutes, room: 'r2', why: 'cap', minutes });
    expect(after(warn(5), warn(1)).warning).toMatchObject({ room: 'r2', why: 'cap', minutes: 1 });
  });
});

describe('what makes no sense', () => {
  it.each([[null], ['x'], [{}], [{ t: 'help', id: 'x' }], [{ t: 'fireworks' }], [{ t: 'tally', check: 1 }]])('is left out: %j', (frame) => {
    expect(hear(kNothing, frame)).toBe(kNothing);
  });
});
