import { describe, expect, it } from 'vitest';

import { behind, type Event, lessonTime, type State } from '../src/core/state';
import { after, timeline, watch } from './fixtures';

const answered = (...args: Parameters<typeof watch>): Event => ({ type: 'answered', watch: watch(...args) });
const start: Event = { type: 'start' };
const step = (to: 'idle' | 'playing' | 'stalled' | 'paused' | 'finished'): Event => ({ type: 'step', step: to });

describe('what the page shows', () => {
  const table: readonly (readonly [string, readonly Event[], object])[] = [
    ['nothing known yet', [], { kind: 'loading', offline: false }],
    ['server not reached', [{ type: 'unreachable' }], { kind: 'loading', offline: true }],
    ['no such link', [{ type: 'not-found' }], { kind: 'missing' }],
    ['before the lesson', [answered('waiting')], { kind: 'waiting', offline: false }],
    ['before the lesson, network gone', [answered('waiting'), { type: 'unreachable' }], { kind: 'waiting', offline: true }],
    ['back again', [answered('waiting'), { type: 'unreachable' }, answered('waiting')], { kind: 'waiting', offline: false }],
    ['on air', [answered('live')], { kind: 'watching', mode: 'live', step: 'idle' }],
    ['waiting becomes live by itself', [answered('waiting'), answered('live')], { kind: 'watching', step: 'idle' }],
    ['joined while the teacher is away', [answered('interrupted')], { kind: 'watching', mode: 'live', step: 'idle' }],
    ['afterwards', [answered('ended')], { kind: 'watching', mode: 'replay', step: 'idle', justEnded: false }],
    ['ended without having begun', [answered('ended', false)], { kind: 'over' }],
    ['tapped', [answered('live'), start], { step: 'starting' }],
    ['still starting while data comes', [answered('live'), start, step('stalled'), step('paused')], { step: 'starting' }],
    ['playing', [answered('live'), start, step('playing')], { step: 'playing' }],
    ['sound refused: tap again', [answered('live'), start, step('idle')], { step: 'idle' }],
    ['stalled', [answered('live'), start, step('playing'), step('stalled')], { step: 'stalled', offline: false }],
    ['media lost', [answered('live'), start, step('playing'), { type: 'media-lost' }], { offline: true }],
    ['media back', [answered('live'), start, { type: 'media-lost' }, step('playing')], { offline: false, step: 'playing' }],
    ['teacher away', [answered('live'), start, step('playing'), answered('interrupted')], { kind: 'watching', step: 'playing' }],
    ['the bell: nobody is thrown out', [answered('live'), start, step('playing'), answered('ended')], { mode: 'replay', step: 'playing', justEnded: true }],
    ['the end of the replay', [answered('ended'), start, step('playing'), step('finished')], { step: 'finished' }],
    ['once more', [answered('ended'), start, step('playing'), step('finished'), start], { step: 'starting' }],
    ['start while playing does nothing', [answered('live'), start, step('playing'), start], { step: 'playing' }],
    ['late media events before the tap', [answered('live'), step('playing')], { step: 'idle' }],
    ['unplayable stays so', [answered('live'), { type: 'unplayable' }, answered('ended')], { kind: 'unplayable' }],
    ['link revoked while watching', [answered('live'), start, { type: 'not-found' }], { kind: 'missing' }],
    ['media events after that', [{ type: 'not-found' }, step('playing')], { kind: 'missing' }],
  ];
  it.each(table)('%s', (_, events, expected) => {
    expect(after(...events)).toMatchObject(expected);
  });

  it('keeps the viewer’s choices over every answer', () => {
    const state = after(answered('live'), { type: 'choose', choices: { muted: true } }, { type: 'choose', choices: { level: 1 } }, answered('ended'));
    expect(state).toMatchObject({ choices: { muted: true, level: 1, audioOnly: false, speed: 1, volume: 1 } });
  });

  it('takes over time and levels', () => {
    const levels = [{ id: 0, height: 240, bitsPerSecond: 200_000 }];
    const state: State = after(answered('live'), start, { type: 'tick', timeline: timeline() }, { type: 'levels', levels });
    expect(state).toMatchObject({ timeline: timeline(), levels });
  });
});

describe('time', () => {
  it.each([
    [60, 0],
    [58, 0],
    [57, 0],
    [56.9, 3.1],
    [10, 50],
    [61, 0],
  ])('at %d of 60 the viewer is %d s behind', (position, expected) => {
    expect(behind(timeline({ position }))).toBeCloseTo(expected, 5);
  });
  it('counts from the start of the lesson', () => {
    expect(lessonTime(timeline({ start: 20 }), 45)).toBe(25);
    expect(lessonTime(timeline({ start: 20 }), 19)).toBe(0);
  });
});

describe('low delay', () => {
  const watching = [answered('live'), start, step('playing')];
  it.each<readonly [string, readonly Event[], object]>([
    ['comes by playlist unless asked', watching, { way: 'hls', lowDelayLost: false, choices: { lowDelay: false } }],
    ['comes by WebRTC', [...watching, { type: 'choose', choices: { lowDelay: true } }, { type: 'way', way: 'whep', lost: false }], { way: 'whep', step: 'playing' }],
    ['falls back, and says so', [...watching, { type: 'way', way: 'whep', lost: false }, { type: 'way', way: 'hls', lost: true }], { way: 'hls', lowDelayLost: true, step: 'playing' }],
    ['is back', [...watching, { type: 'way', way: 'hls', lost: true }, { type: 'way', way: 'whep', lost: false }], { way: 'whep', lowDelayLost: false }],
  ])('%s', (_, events, expected) => {
    expect(after(...events)).toMatchObject(expected);
  });
});
