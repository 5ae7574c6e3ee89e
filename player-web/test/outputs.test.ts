import { describe, expect, it } from 'vitest';

import type { Session } from '../src/core/office/decode';
import { decodeOutput, decodeOutputs, isUnderWay, outputPath, troubleOf, withOutput } from '../src/core/office/outputs';
import { placesOf } from '../src/core/office/places';

const sent = {
  destination: 'cable-3', kind: 'ts', delay_ms: 30_000, state: 'sending', since: 5, bytes: 9, restarts: 1, dropped_segments: 2, dropped_frames: 3, late: 4, underruns: 0, cut: true, cut_since: 7, last_error: null,
};

describe('lessons to others', () => {
  it('are read as the server says them', () => {
    const read = decodeOutputs({ destinations: [{ name: 'dingtalk', kind: 'rtmp', wants_key: true, delay_ms: 3000 }], items: [sent] });
    expect(read.destinations).toEqual([{ name: 'dingtalk', kind: 'rtmp', wantsKey: true, delayMs: 3000 }]);
    expect(read.items).toEqual([{ destination: 'cable-3', state: 'sending', sinceMs: 5, bytes: 9, droppedSegments: 2, droppedFrames: 3, late: 4, cutMs: 7, lastError: null }]);
    expect(decodeOutput({ ...sent, cut: false, cut_since: null, last_error: 'no_answer: …' })).toMatchObject({ cutMs: null, lastError: 'no_answer: …' });
  });

  it.each([{ state: 'asleep' }, { since: null }, { cut_since: null }, { destination: 7 }])('are not read when they make no sense: %j', (wrong) => {
    expect(() => decodeOutput({ ...sent, ...wrong })).toThrow();
  });

  it('are changed one at a time, and over when all was sent', () => {
    const one = decodeOutput(sent);
    const other = decodeOutput({ ...sent, destination: 'iptv', cut: false, state: 'ended' });
    const restored = { ...one, cutMs: null };
    expect(withOutput({ destinations: [], items: [one, other] }, restored).items).toEqual([other, restored]);
    expect([one, other, undefined].map(isUnderWay)).toEqual([true, false, false]);
    expect(outputPath('L5', 'cable-3')).toBe('/api/v1/lessons/L5/outputs/cable-3');
  });

  it.each([
    ['unreachable: connection: Input/output error', 'unreachable'],
    ['parameters_changed: the sound has other parameters now', 'parameters_changed'],
    ['unsupported: only H.264 and AAC can be sent to others', 'unsupported'],
    ['no_answer: the sending process hangs', 'no_answer'],
    ['signal 9', 'other'],
  ] as const)('%s is %s', (said, trouble) => {
    expect(troubleOf(said)).toBe(trouble);
  });

  it('are a place of who manages lessons', () => {
    const session: Session = { id: 's1', login: 'w', name: '王', school: null, csrf: '', may: ['manage_lessons'] };
    expect(placesOf(session)).toEqual(['outputs', 'account']);
    expect(placesOf({ ...session, may: ['see_lessons'] })).toEqual(['board', 'account']);
  });
});
