import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import { hearNumbers, kNoNumbers, teachersWith } from '../src/core/inspect/counts';
import { decodeCheck, decodeDraw, decodeLook, decodeRecord, decodeUrn } from '../src/core/inspect/decode';
import { draw, type OnAir, verify } from '../src/core/inspect/draw';
import { isWhole, kEmpty, kForm, type Marks } from '../src/core/inspect/form';

// The published test vector (docs/inspection.md); tests/unit/school/test_inspection.cpp has it too.
const kSecret = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const lesson = (name: string, school: string, stage: string, subject: string): OnAir => ({ lesson: name, school, stage, subject });
const kOnAir = [
  lesson('a1', 's1', 'low', '语文'),
  lesson('a2', 's1', 'low', '数学'),
  lesson('a3', 's1', 'upper', '语文'),
  lesson('b1', 's2', 'low', '语文'),
  lesson('b2', 's2', 'junior', '物理'),
  lesson('c1', 's3', 'junior', '数学'),
];
const sha256 = (text: string): Promise<string> => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));

describe('a draw', () => {
  it.each([
    ['海湾 42', 1, ['a2']],
    ['海湾 42', 3, ['a2', 'b2', 'c1']],
    ['海湾 42', 9, ['a2', 'b2', 'c1', 'a3', 'b1', 'a1']],
    ['海湾 43', 4, ['a1', 'c1', 'b2', 'a3']],
    ['海湾 42', 0, []],
  ])('with "%s" of %d comes out as published', async (words, count, drawn) => {
    expect(await draw(kSecret, words, count, kOnAir, sha256)).toEqual(drawn);
    expect(await draw(kSecret, words, count, [...kOnAir].reverse(), sha256)).toEqual(drawn);
  });

  it('is verified from its record alone', async () => {
    const record = { commitment: await sha256(kSecret), secret: kSecret, words: '海湾 42', count: 2, onAir: kOnAir, drawn: ['a2', 'b2'] };
    expect(await verify(record, sha256)).toEqual({ bound: true, same: true });
    expect(await verify({ ...record, drawn: ['b2', 'a2'] }, sha256)).toEqual({ bound: true, same: false });
    expect(await verify({ ...record, secret: `${kSecret}0` }, sha256)).toMatchObject({ bound: false });
    expect(await verify({ ...record, onAir: kOnAir.slice(1), words: '别的' }, sha256)).toMatchObject({ bound: true, same: false });
  });
});

const kLesson = { id: 'L1', title: '数学', school: { id: 's', name: '第一小学' }, stage: 'low', subject: '数学', lead: null };
const kCheck = { id: 'C1', draw: 'D1', lesson: kLesson, by: { id: 'x', name: '督学' }, opened_at: 1, signed_at: null, record: null, intact: false };
const kMarks: Marks = { picture: 'good', sound: 'fair', pace: 'fits', taking_part: 'much', teachers: 'all' };

describe('answers', () => {
  it('are decoded whole', () => {
    expect(decodeUrn({ lessons: 3, schools: 2, stages: [{ stage: 'low', lessons: 2 }, { stage: '', lessons: 1 }] }).stages).toEqual([{ stage: 'low', lessons: 2 }, { stage: null, lessons: 1 }]);
    const commitment = { draw: 'D1', number: 1, commitment: 'ab', committed_at: 5 };
    expect(decodeDraw({ ...commitment, drawn_at: 9, by: null, words: '7', lessons: [kLesson, { ...kLesson, title: null, school: null, stage: '' }] }).lessons).toEqual([
      { id: 'L1', title: '数学', school: '第一小学', stage: 'low', subject: '数学', lead: null },
      { id: 'L1', title: null, school: null, stage: null, subject: '数学', lead: null },
    ]);
    expect(decodeRecord({ ...commitment, secret: 's', words: '7', count: 1, on_air: [kOnAir[0]], drawn: ['a1'] })).toMatchObject({ count: 1, onAir: [kOnAir[0]], drawn: ['a1'] });
    expect(decodeLook({ ...kCheck, link: 'T' })).toMatchObject({ link: 'T', check: { id: 'C1', signedMs: null, signed: null } });
  });

  it('of signed checks have marks, words, numbers and stills', () => {
    const record = { marks: kMarks, remark: '好', counts: { rooms: 2, watched: 1, expected: 84, absent: 3 }, stills: [{ at: 7, bytes: 1, sha256: 'x' }] };
    expect(decodeCheck({ ...kCheck, signed_at: 8, record, intact: true })).toMatchObject({
      signedMs: 8,
      intact: true,
      signed: { marks: kMarks, remark: '好', counts: { rooms: 2, watched: 1, expected: 84, absent: 3 }, stills: [7] },
    });
    expect(decodeCheck({ ...kCheck, record: { ...record, counts: null, marks: { picture: 'new mark' } } }).signed).toMatchObject({ counts: null, marks: {} });
  });

  it.each([[null], [{}], [{ ...kCheck, lesson: 'L1' }], [{ ...kCheck, opened_at: '1' }]])('that make no sense are refused: %j', (value) => {
    expect(() => decodeCheck(value)).toThrow();
  });
});

describe('the form', () => {
  it('is whole when every item has a mark', () => {
    expect(isWhole(kEmpty)).toBe(false);
    expect(isWhole({ marks: kMarks, remark: '' })).toBe(true);
    for (const [item] of kForm) expect(isWhole({ marks: Object.fromEntries(Object.entries(kMarks).filter(([name]) => name !== item)), remark: '' })).toBe(false);
  });
});

describe('numbers', () => {
  const room = (id: string, present: number) => ({ room: id, label: id, expected: 42, present });
  it('come by room, and only those that changed', () => {
    const first = hearNumbers(kNoNumbers, { t: 'counts', rooms: [room('A', 1), { ...room('B', 2), stalled: 1 }], part: 0, parts: 1 });
    const then = hearNumbers(first, { t: 'counts', rooms: [room('B', 5), room('C', 0)], part: 0, parts: 1 });
    expect(then.rooms.map(({ room: id, present, stalled }) => [id, present, stalled])).toEqual([['A', 1, 0], ['B', 5, 0], ['C', 0, 0]]);
  });
  it('have the teachers of the whole lesson once their list is whole', () => {
    const rooms = hearNumbers(kNoNumbers, { t: 'counts', rooms: [room('A', 1), room('B', 1)], part: 0, parts: 1 });
    const half = hearNumbers(rooms, { t: 'cowatch', teachers: [{ label: '王', rooms: ['A'], minutes: 1 }], part: 0, parts: 2 });
    expect(half.teachers).toEqual([]);
    const whole = hearNumbers(half, { t: 'cowatch', teachers: [{ label: '李', rooms: ['B'], minutes: 1 }], part: 1, parts: 2 });
    const of = (at: number) => teachersWith(whole, whole.rooms[at] ?? { room: '', label: null, expected: 0, present: 0, stalled: 0 }).map(({ label }) => label);
    expect([of(0), of(1)]).toEqual([['王'], ['李']]);
    expect(hearNumbers(whole, { t: 'cowatch', room: 'A', teachers: [], part: 0, parts: 1 })).toBe(whole);
  });
  it('ignore other frames, and refuse what makes no sense', () => {
    expect(hearNumbers(kNoNumbers, { t: 'roster', room: 'A', seats: [] })).toBe(kNoNumbers);
    expect(() => hearNumbers(kNoNumbers, { t: 'counts', rooms: [{ room: 'A' }] })).toThrow();
    expect(() => hearNumbers(kNoNumbers, 'counts')).toThrow();
  });
});
