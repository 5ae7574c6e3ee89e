import type { Choice } from '../core/choose';
import type { LessonState } from '../core/decode';
import type { Event } from '../core/state';
import type { Place } from './engine';
import type { Engines } from './engines';

/** One lesson on one screen: start, move, switch, and come back from every failure. */
export interface Player {
  /** Called in the tap itself: this is what lets sound begin. `low`: by WebRTC if it plays. */
  start(url: string, place: Place, low: boolean): void;
  /** Goes on with another playlist (sound only, or picture again) or another way, from the
   *  same moment. */
  show(url: string, low: boolean): void;
  /** The same playlist has become another: it is loaded anew, from the same moment. */
  reload(url: string): void;
  /** The replay, from its beginning. */
  again(url: string): void;
  play(): void;
  /** Pauses what plays (or tries to), plays what is paused. */
  toggle(): void;
  seek(position: number): void;
  goLive(): void;
  chooseLevel(id: number | null): void;
  setSpeed(rate: number): void;
  setSound(volume: number, muted: boolean): void;
  /** While the teacher is away, nothing to play is no failure.
   *  @param airedMs  how long ago the lesson's first frame was, now; null: not known */
  setLesson(state: LessonState, airedMs: number | null): void;
  video(): HTMLVideoElement;
  dispose(): void;
}

export interface PlayerOptions {
  readonly host: HTMLElement;
  readonly choice: Exclude<Choice, 'none'>;
  /** Native failed: may hls.js try instead? */
  readonly mayFallBack: boolean;
  readonly door: Engines['door'];
  readonly dispatch: (event: Event) => void;
}
