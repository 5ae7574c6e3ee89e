import type { Watch } from './decode';

/** The watch page as one value. Everything shown is computed from it; everything that
 *  happens goes through `reduce`. */

/** Where the player stands. Seconds on the media element's own clock. */
export interface Timeline {
  /** Earliest moment that can be shown: the lesson's beginning. */
  readonly start: number;
  /** Latest moment that can be shown. */
  readonly end: number;
  readonly position: number;
  /** Where a viewer counts as live: the edge less the hold-back of the stream. */
  readonly target: number;
  /** Wall time of the position, in milliseconds; null or absent where the browser does not tell. */
  readonly date?: number | null;
  /** Bytes of media so far; null where the browser does not tell. */
  readonly bytes: number | null;
  /** Seconds that can be played without another byte. */
  readonly ahead?: number;
}

export interface Level {
  readonly id: number;
  readonly height: number;
  readonly bitsPerSecond: number;
}

export type Step =
  | 'idle' // nothing loaded: the big play button
  | 'starting' // tapped, no picture yet
  | 'playing'
  | 'stalled' // wants to play, has nothing to play
  | 'paused'
  | 'finished'; // replay ran to its end

/** How the lesson comes: by playlist, or by WebRTC with next to no delay. */
export type Way = 'hls' | 'whep';

export interface Choices {
  /** null = the player decides. */
  readonly level: number | null;
  readonly audioOnly: boolean;
  /** WebRTC where it plays. */
  readonly lowDelay: boolean;
  readonly muted: boolean;
  readonly volume: number;
  readonly speed: number;
}

export interface Watching {
  readonly kind: 'watching';
  readonly watch: Watch;
  readonly mode: 'live' | 'replay';
  /** The lesson ended while it was being watched live. */
  readonly justEnded: boolean;
  readonly step: Step;
  readonly timeline: Timeline | null;
  readonly levels: readonly Level[];
  readonly choices: Choices;
  readonly way: Way;
  /** Low delay was chosen and could not be kept (or had). */
  readonly lowDelayLost: boolean;
  /** The server could not be asked or the media not be fetched just now. */
  readonly offline: boolean;
}

export type State =
  | { readonly kind: 'loading'; readonly offline: boolean }
  | { readonly kind: 'missing' }
  | { readonly kind: 'waiting'; readonly watch: Watch; readonly offline: boolean }
  /** Ended without a minute on air: nothing to replay. */
  | { readonly kind: 'over'; readonly watch: Watch }
  /** This browser plays no HLS by any means. */
  | { readonly kind: 'unplayable'; readonly watch: Watch }
  | Watching;

export type Event =
  | { readonly type: 'answered'; readonly watch: Watch }
  | { readonly type: 'not-found' }
  | { readonly type: 'unreachable' }
  | { readonly type: 'start' }
  | { readonly type: 'step'; readonly step: Exclude<Step, 'starting'> }
  | { readonly type: 'tick'; readonly timeline: Timeline }
  | { readonly type: 'levels'; readonly levels: readonly Level[] }
  | { readonly type: 'choose'; readonly choices: Partial<Choices> }
  | { readonly type: 'way'; readonly way: Way; readonly lost: boolean }
  | { readonly type: 'media-lost' }
  /** Something else is shown in place of the player. */
  | { readonly type: 'put-away' }
  | { readonly type: 'unplayable' };

export const kInitial: State = { kind: 'loading', offline: false };

const kChoices: Choices = { level: null, audioOnly: false, lowDelay: false, muted: false, volume: 1, speed: 1 };

/** Nearer than this to the target counts as live: a part or two of jitter is not "behind". */
export const kLiveToleranceS = 3;

function answered(state: State, watch: Watch): State {
  const lesson = watch.lesson;
  if (state.kind === 'watching') {
    // A viewer is never thrown out of a running picture: the end of the lesson only turns
    // it into a replay, and he finishes what he is watching.
    const mode = lesson.state === 'ended' ? 'replay' : 'live';
    const justEnded = mode === 'replay' && (state.justEnded || (state.mode === 'live' && state.step !== 'idle'));
    return { ...state, watch, mode, justEnded, offline: false };
  }
  if (state.kind === 'unplayable') return { ...state, watch };
  if (lesson.state === 'waiting' || (lesson.state === 'interrupted' && !lesson.started)) {
    return { kind: 'waiting', watch, offline: false };
  }
  if (lesson.state === 'ended' && !lesson.started) return { kind: 'over', watch };
  return {
    kind: 'watching',
    watch,
    mode: lesson.state === 'ended' ? 'replay' : 'live',
    justEnded: false,
    step: 'idle',
    timeline: null,
    levels: [],
    choices: kChoices,
    way: 'hls',
    lowDelayLost: false,
    offline: false,
  };
}

function watching(state: Watching, event: Event): State {
  switch (event.type) {
    case 'start':
      return state.step === 'idle' || state.step === 'finished'
        ? { ...state, step: 'starting' } : state;
    case 'step':
      // While the first picture is on its way, "waiting for data" is still starting.
      if (state.step === 'starting' && (event.step === 'stalled' || event.step === 'paused')) return state;
      if (state.step === 'idle') return state;
      return { ...state, step: event.step, offline: event.step === 'playing' ? false : state.offline };
    case 'tick':
      return { ...state, timeline: event.timeline };
    case 'levels':
      return { ...state, levels: event.levels };
    case 'choose':
      return { ...state, choices: { ...state.choices, ...event.choices } };
    case 'way':
      return { ...state, way: event.way, lowDelayLost: event.lost };
    case 'put-away':
      return { ...state, justEnded: false, step: 'idle', timeline: null, levels: [], way: 'hls', lowDelayLost: false };
    case 'media-lost':
      return { ...state, offline: true };
    case 'unplayable':
      return { kind: 'unplayable', watch: state.watch };
    default:
      return state;
  }
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'answered':
      return answered(state, event.watch);
    case 'not-found':
      return { kind: 'missing' };
    case 'unreachable':
      return 'offline' in state ? { ...state, offline: true } : state;
    default:
      return state.kind === 'watching' ? watching(state, event) : state;
  }
}

/** Seconds behind live; 0 when live. */
export function behind(timeline: Timeline): number {
  const lag = timeline.target - timeline.position;
  return lag <= kLiveToleranceS ? 0 : lag;
}

/** Seconds into the lesson of a moment on the media clock. */
export function lessonTime(timeline: Timeline, moment: number): number {
  return Math.max(0, moment - timeline.start);
}
