import type { LessonState, Watch } from '../src/core/decode';
import { type Event, kInitial, reduce, type State, type Timeline } from '../src/core/state';

export function watch(state: LessonState, started = state !== 'waiting'): Watch {
  return {
    lesson: { id: 'L1', title: 'Fractions', state, started },
    plan: null,
    nowMs: null,
    airedMs: null,
    soundFirstMs: 0,
    hls: { master: '/hls/t/L1/master.m3u8', audio: '/hls/t/L1/audio/media.m3u8' },
    whep: '/whep/L1',
    recording: { mp4: null },
    signal: null,
    studio: null,
  };
}

export const after = (...events: readonly Event[]): State => events.reduce(reduce, kInitial);

export function timeline(changed: Partial<Timeline> = {}): Timeline {
  return { start: 0, end: 61, position: 59, target: 60, bytes: 1000, ...changed };
}
