import { describe, expect, it } from 'vitest';

import type { OfficeLesson } from '../src/core/office/decode';
import { decodeContents, decodeHold, decodeHolds, decodeOfficeLink, found, type Hold, isOwnWish, standingOf } from '../src/core/office/recordings';
import { DecodeError } from '../src/core/json';

const kWang = { id: 'st1', name: '王主任' };
const kLi = { id: 'st2', name: '李老师' };
const hold = (more: object = {}): Hold => decodeHold({ lesson: 'L1', reason: 'r', asked_by: kWang, asked_at: 1, approved_by: null, approved_at: null, release_asked_by: null, ...more });
const lesson = (id: string, title: string, startedMs: number | null = 1): OfficeLesson => ({
  id, title, state: 'ended', startedMs, lead: '李老师', rooms: [{ id: 'r', label: '三年级2班', classId: 'c2', teacher: null, expected: 42 }],
});

describe('recordings', () => {
  it('are taken apart', () => {
    expect(decodeOfficeLink({ page: '/w/x', recording: '/r', mp4: '/m', m4a: '/a', expires_at: 1 })).toEqual({ page: '/w/x', recording: '/r', mp4: '/m', m4a: '/a' });
    expect(decodeContents({ duration: 60, bytes: 5, gaps: [{}], losses: [{}] })).toEqual({ seconds: 60, bytes: 5, gaps: 2 });
    expect(decodeHolds({ items: [{ lesson: 'L1', reason: 'r', asked_by: { id: null, name: '值班' }, asked_at: 1, approved_by: kLi, approved_at: 2, release_asked_by: null }] })[0]).toMatchObject({ askedBy: { id: null, name: '值班' }, approvedBy: kLi, releaseBy: null });
    expect(() => decodeContents({})).toThrow(DecodeError);
    expect(() => decodeOfficeLink({ page: 1 })).toThrow(DecodeError);
  });
  it('are found by title, teacher and class, once they were on air', () => {
    const all = [lesson('1', '语文：燕子'), lesson('2', '数学'), lesson('3', '语文：春', null)];
    const ids = (words: string): string[] => found(all, words).map(({ id }) => id);
    expect(ids('')).toEqual(['1', '2']);
    expect(ids('燕子')).toEqual(['1']);
    expect(ids(' 李老师  数学 ')).toEqual(['2']);
    expect(ids('五年级')).toEqual([]);
  });
  it.each([
    [undefined, 'free'],
    [hold(), 'asked'],
    [hold({ approved_by: kLi, approved_at: 2 }), 'held'],
    [hold({ approved_by: kLi, approved_at: 2, release_asked_by: kWang }), 'leaving'],
  ] as const)('stand %#: %s', (one, standing) => {
    expect(standingOf(one)).toBe(standing);
  });
  it('wait for somebody else than who asked', () => {
    expect(isOwnWish(hold(), 'st1')).toBe(true);
    expect(isOwnWish(hold(), 'st2')).toBe(false);
    expect(isOwnWish(hold({ approved_by: kLi, approved_at: 2, release_asked_by: kLi }), 'st2')).toBe(true);
    expect(isOwnWish(hold({ approved_by: kLi, approved_at: 2 }), 'st1')).toBe(false);
  });
});
