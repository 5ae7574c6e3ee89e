import type { Level } from '../core/state';

/** Where playback of a freshly loaded playlist begins; a number is seconds on the media clock. */
export type Place = 'live' | 'start' | number;

/** Seconds on the media clock. */
export interface Reach {
  readonly start: number;
  readonly end: number;
  /** Where a viewer counts as live; `end` when the lesson is over. */
  readonly target: number;
}

/** A way of getting a lesson into a <video>. Made for one address; another address or a
 *  broken player means another engine. */
export interface Engine {
  /** What can be shown; null until known. */
  reach(): Reach | null;
  /** Wall time of what is shown now, in milliseconds; null where the browser does not tell. */
  date(): number | null;
  /** Media bytes so far; null where the browser does not tell. */
  bytes(): number | null;
  /** null = automatic. */
  chooseLevel(id: number | null): void;
  dispose(): void;
}

export interface EngineReport {
  /** The playlist is known and the element may be asked to play. */
  ready(): void;
  levels(levels: readonly Level[]): void;
  /** Broken beyond the engine's own means: it wants to be replaced. 'refused': by an engine
   *  of its kind there is no use trying again. 'haste': nothing is wrong but that it asked too
   *  much of the line, as the next one will not. */
  broken(why: 'network' | 'media' | 'refused' | 'haste'): void;
}

export interface EngineRequest {
  readonly video: HTMLVideoElement;
  readonly url: string;
  readonly place: Place;
  readonly report: EngineReport;
}
