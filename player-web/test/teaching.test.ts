import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { BadFrame } from '../src/signal/fields';
import { decodeTeaching, type TeachingSaying } from '../src/signal/teaching';

const file = (path: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
const serverFrames = file('../../tests/fixtures/signaling/server-teaching.json') as readonly { name: string; frame: { t: string } }[];
const clientFrames = file('../../tests/fixtures/signaling/client.json') as readonly { name: string; frame: string; error?: string }[];
const frame = (name: string): unknown => serverFrames.find((fixture) => fixture.name === name)?.frame;

// Read by the messages of viewers and staff.
const kElsewhere = ['welcome', 'seats', 'counts'];

describe('decodeTeaching', () => {
  it.each(serverFrames.map(({ name, frame }) => [name, frame] as const))('reads the fixture "%s"', (_, frame) => {
    expect(decodeTeaching(frame).t).toBe(kElsewhere.includes(frame.t) ? 'other' : frame.t);
  });

  it('takes a check and its answers apart', () => {
    const check = decodeTeaching(frame('check'));
    expect(check).toMatchObject({ t: 'check', seq: 23, mediaTime: 760_000, room: 'r2' });
    expect(check.t === 'check' && check.items.map(({ kind, options }) => [kind, options.length])).toEqual([
      ['single', 2], ['multi', 4], ['truth', 0], ['number', 0],
    ]);
    expect(decodeTeaching(frame('answer by choices'))).toMatchObject({ reply: { choices: [0, 3] }, right: true });
    expect(decodeTeaching(frame('answer by a number'))).toMatchObject({ reply: { number: '-0.75' }, right: null });
    expect(decodeTeaching(frame('tally'))).toMatchObject({
      items: [{ answered: 40, right: 33, choices: [33, 7] }, { right: null, numbers: [{ number: '0.75', count: 2 }, { number: '3', count: 1 }] }],
    });
  });

  it('tells a waiting line of the chat from a shown one', () => {
    expect(decodeTeaching(frame('chat to its author'))).toMatchObject({ mine: true, pending: true, from: null });
    expect(decodeTeaching(frame('chat to a pupil'))).toMatchObject({ mine: false, pending: false, teacher: false, from: null });
  });

  it.each([
    ['a check without questions', { t: 'check', seq: 1, media_time: 0 }],
    ['an unknown kind', { t: 'check', seq: 1, media_time: 0, items: [{ kind: 'essay', text: 'x' }] }],
    ['an option that is no text', { t: 'check', seq: 1, media_time: 0, items: [{ kind: 'single', text: 'x', options: [1] }] }],
    ['half a choice', { t: 'answer', check: 1, item: 0, choices: [0.5] }],
    ['an answer of nothing', { t: 'answer', check: 1, item: 0 }],
    ['an unknown rest', { t: 'rest', seq: 1, why: 'bored' }],
    ['help of nobody', { t: 'help', id: 1, room: 'r2', teacher: false, text: 'x', at: 1 }],
  ])('refuses %s', (_, bad) => {
    expect(() => decodeTeaching(bad)).toThrow(BadFrame);
  });

  it('leaves the rest to others', () => {
    expect(decodeTeaching({ t: 'note', seq: 1 })).toEqual({ t: 'other' });
  });
});

describe('what pages say', () => {
  const said: Record<string, TeachingSaying> = {
    'page to a room': { t: 'page', media_time: 754_000, page: 12, room: 'r2' },
    chapter: { t: 'chapter', media_time: 600_000, text: '例题讲解' },
    'answer by choices': { t: 'answer', check: 21, item: 1, choices: [0, 3] },
    'roll-call of a room': { t: 'rollcall', room: 'r2' },
    here: { t: 'here' },
    'help answered': { t: 'help', seat: 7, room: 'r2', text: '看第11页例2' },
    'hand taken down': { t: 'hand', on: false, seat: 7, room: 'r2' },
    'chat opens': { t: 'chat_mode', mode: 'moderated', room: 'r2' },
    'chat line shown': { t: 'chat_judge', id: 5, show: true },
    digest: { t: 'digest', text: '2班：分数线没听懂 9人', room: 'r2' },
    'check that does not say what is right': {
      t: 'check',
      media_time: 760_000,
      items: [{ kind: 'multi', text: '选哪几个？', options: ['A', 'B', 'C', 'D', 'E', 'F'] }, { kind: 'number', text: '多少？' }],
    },
  };
  it.each(Object.entries(said))('is the fixture "%s"', (name, saying) => {
    const fixture = clientFrames.find((one) => one.name === name);
    expect(fixture?.error).toBeUndefined();
    expect(saying).toEqual(JSON.parse(fixture?.frame ?? 'null'));
  });
});
