import type { Backfilled } from './backfill';
import type { Studio } from './decode';
import type { Health } from './health';
import type { Verdict } from './preflight';

/** The studio page as one value. Everything shown is computed from it; everything that
 *  happens goes through `reduce`. */

/** Why there is no camera or microphone to show. */
export type CaptureTrouble =
  | 'insecure' // browsers give devices to https pages only
  | 'denied'
  | 'missing'
  | 'busy' // another program holds it
  | 'lost'; // unplugged

export interface Capture {
  readonly step: 'closed' | 'opening' | 'open';
  readonly trouble: CaptureTrouble | null;
  readonly source: 'camera' | 'screen' | 'none';
  readonly muted: boolean;
  readonly microphone: boolean;
  /** The picture is the teacher's own face: shown mirrored, as everybody knows himself. */
  readonly mirrored: boolean;
  readonly cameras: readonly Device[];
  readonly microphones: readonly Device[];
  readonly cameraId: string;
  readonly microphoneId: string;
}

export interface Device {
  readonly id: string;
  readonly name: string;
}

export type Preflight =
  | { readonly kind: 'none' }
  | { readonly kind: 'running'; readonly done: number; readonly kbps: number }
  | { readonly kind: 'done'; readonly verdict: Verdict };

export type Phase =
  | { readonly kind: 'before'; readonly refused: boolean }
  | { readonly kind: 'starting' }
  | { readonly kind: 'live' }
  /** `retryMs`: wall clock of the next try, null while one is under way. */
  | { readonly kind: 'reconnecting'; readonly tries: number; readonly retryMs: number | null }
  /** Another device or program publishes this lesson now. */
  | { readonly kind: 'superseded'; readonly by: string }
  | { readonly kind: 'ended' };

export interface Teaching {
  readonly kind: 'teaching';
  readonly studio: Studio;
  readonly phase: Phase;
  /** When this page first went on air, wall clock; null before. */
  readonly sinceMs: number | null;
  readonly capture: Capture;
  readonly preflight: Preflight;
  readonly health: Health | null;
  /** What became of the sound of the last drop; null before, and while that is not known. */
  readonly backfill: Backfilled | null;
  /** The server could not be asked just now. */
  readonly offline: boolean;
}

export type State =
  | { readonly kind: 'loading'; readonly offline: boolean }
  | { readonly kind: 'missing' }
  | Teaching;

export type Event =
  | { readonly type: 'answered'; readonly studio: Studio }
  | { readonly type: 'not-found' }
  | { readonly type: 'unreachable' }
  | { readonly type: 'capture'; readonly capture: Partial<Capture> }
  | { readonly type: 'preflight'; readonly preflight: Preflight }
  | { readonly type: 'start' }
  | { readonly type: 'refused' }
  | { readonly type: 'published'; readonly atMs: number }
  | { readonly type: 'lost'; readonly tries: number; readonly retryMs: number | null }
  | { readonly type: 'superseded'; readonly by: string }
  | { readonly type: 'health'; readonly health: Health }
  | { readonly type: 'backfill'; readonly outcome: Backfilled }
  | { readonly type: 'end' };

export const kInitial: State = { kind: 'loading', offline: false };

const kCapture: Capture = {
  step: 'closed',
  trouble: null,
  source: 'none',
  muted: false,
  microphone: false,
  mirrored: true,
  cameras: [],
  microphones: [],
  cameraId: '',
  microphoneId: '',
};

const kBefore: Phase = { kind: 'before', refused: false };

/** This page sends, or tries to. */
export const isTeaching = (phase: Phase): boolean => phase.kind === 'starting' || phase.kind === 'live' || phase.kind === 'reconnecting';

function answered(state: State, studio: Studio): State {
  const ended = studio.lesson.state === 'ended';
  if (state.kind !== 'teaching') {
    return {
      kind: 'teaching',
      studio,
      phase: ended ? { kind: 'ended' } : kBefore,
      sinceMs: null,
      capture: kCapture,
      preflight: { kind: 'none' },
      health: null,
      backfill: null,
      offline: false,
    };
  }
  // While class is being opened, the answer may still be the one from before.
  const phase: Phase =
    ended && state.phase.kind !== 'starting' ? { kind: 'ended' } : !ended && state.phase.kind === 'ended' ? kBefore : state.phase;
  return { ...state, studio, phase, offline: false };
}

function teaching(state: Teaching, event: Event): State {
  switch (event.type) {
    case 'capture':
      return { ...state, capture: { ...state.capture, ...event.capture } };
    case 'preflight':
      return { ...state, preflight: event.preflight };
    case 'start':
      return { ...state, phase: { kind: 'starting' }, health: null, backfill: null, preflight: { kind: 'none' } };
    case 'refused':
      return state.phase.kind === 'ended' ? state : { ...state, phase: { kind: 'before', refused: true } };
    case 'published':
      return isTeaching(state.phase) ? { ...state, phase: { kind: 'live' }, sinceMs: state.sinceMs ?? event.atMs } : state;
    case 'lost':
      // Before the first success it is still the start that takes its time.
      return isTeaching(state.phase) ? { ...state, phase: { kind: 'reconnecting', tries: event.tries, retryMs: event.retryMs }, health: null, backfill: null } : state;
    case 'superseded':
      return isTeaching(state.phase) ? { ...state, phase: { kind: 'superseded', by: event.by }, health: null } : state;
    case 'health':
      return state.phase.kind === 'live' ? { ...state, health: event.health } : state;
    case 'backfill':
      return { ...state, backfill: event.outcome };
    case 'end':
      return { ...state, phase: { kind: 'ended' }, health: null };
    default:
      return state;
  }
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'answered':
      return answered(state, event.studio);
    case 'not-found':
      return { kind: 'missing' };
    case 'unreachable':
      return 'offline' in state ? { ...state, offline: true } : state;
    default:
      return state.kind === 'teaching' ? teaching(state, event) : state;
  }
}

/** Length of the class so far in seconds: since the server's first frame, whichever device
 *  sent it, else since this page went on air. */
export function elapsed(state: Teaching, nowMs: number): number {
  const since = state.studio.lesson.startedMs ?? state.sinceMs;
  return since === null ? 0 : Math.max(0, (nowMs - since) / 1000);
}
