import type { Choice } from '../core/choose';
import type { LessonState } from '../core/decode';
import { backOff } from '../core/delay';
import type { Event, Level, Timeline } from '../core/state';
import type { Engine, EngineReport, Place } from './engine';
import { loadHls, startHlsEngine } from './hls-engine';
import { startNativeEngine } from './native-engine';

/** One lesson in one <video>: start, move, switch, and come back from every failure. */
export interface Player {
  /** Called in the tap itself: this is what lets sound begin. */
  start(url: string, place: Place): void;
  /** Goes on with another playlist (sound only, or picture again) from the same moment. */
  switchTo(url: string): void;
  play(): void;
  /** Pauses what plays (or tries to), plays what is paused. */
  toggle(): void;
  seek(position: number): void;
  goLive(): void;
  chooseLevel(id: number | null): void;
  setSpeed(rate: number): void;
  /** While the teacher is away, nothing to play is no failure. */
  setLesson(state: LessonState): void;
  dispose(): void;
}

export interface PlayerOptions {
  readonly video: HTMLVideoElement;
  readonly choice: Exclude<Choice, 'none'>;
  /** Native failed: may hls.js try instead? */
  readonly mayFallBack: boolean;
  readonly dispatch: (event: Event) => void;
}

const kTickMs = 250;
/** Wanting to play with nothing to play for this long means the engine is stuck. */
const kStuckMs = 10_000;

export function createPlayer({ video, choice, mayFallBack, dispatch }: PlayerOptions): Player {
  let kind = choice;
  let engine: Engine | null = null;
  let generation = 0;
  let url = '';
  let wanted = false; // the viewer wants it to play
  let everShown = false;
  let shown = false; // by the present engine: before that its position means nothing
  let lesson: LessonState = 'live';
  let lastPlace: Place = 'live';
  let level: number | null = null;
  let speed = 1;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let bytesBefore: number | null = null; // of engines already gone
  let lastPosition = -1;
  let movedAt = Date.now();

  const bytes = (): number | null => {
    const current = engine?.bytes() ?? null;
    return current === null ? bytesBefore : (bytesBefore ?? 0) + current;
  };

  const timeline = (): Timeline | null => {
    const reach = engine?.reach();
    if (!reach || !shown) return null;
    const position = Math.max(reach.start, video.currentTime);
    return { ...reach, end: Math.max(reach.end, position), position, bytes: bytes() };
  };

  const attemptPlay = (): void => {
    if (!wanted) return;
    const promise: Promise<void> | undefined = video.play(); // old WebViews return nothing
    promise?.catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        wanted = false;
        dispatch({ type: 'step', step: 'idle' });
      } // AbortError: another load took its place and plays itself
    });
  };

  const dropEngine = (): void => {
    generation += 1;
    clearTimeout(retry);
    retry = undefined;
    if (engine === null) return;
    bytesBefore = bytes();
    engine.dispose();
    engine = null;
  };

  /** Where to go on after losing the engine: the same moment, or live for those who were. */
  const resumePlace = (): Place => {
    const now = timeline();
    if (now === null) return lastPlace;
    if (lesson === 'ended') return now.position;
    return now.target - now.position < 10 ? 'live' : now.position;
  };

  const load = (place: Place): void => {
    dropEngine();
    lastPlace = place;
    shown = false;
    const mine = generation;
    const report: EngineReport = {
      ready() {
        if (mine !== generation) return;
        video.playbackRate = speed;
        if (level !== null) engine?.chooseLevel(level);
        attemptPlay();
      },
      levels(levels: readonly Level[]) {
        // The sound-only playlist has no levels; the menu keeps those of the picture.
        if (mine === generation && levels.length > 0) dispatch({ type: 'levels', levels });
      },
      broken(why) {
        if (mine === generation) lose(why);
      },
    };
    movedAt = Date.now();
    if (kind === 'native') {
      engine = startNativeEngine({ video, url, place, report });
      return;
    }
    loadHls().then(
      (library) => {
        if (mine !== generation) return;
        engine = startHlsEngine(library, { video, url, place, report });
        // Started at once, so that the tap's permission still counts.
        attemptPlay();
      },
      () => report.broken('network'),
    );
  };

  const lose = (why: 'network' | 'media'): void => {
    failures += 1;
    dispatch({ type: 'media-lost' });
    const again = resumePlace();
    if (kind === 'native' && why === 'media' && !everShown && mayFallBack && failures >= 2) kind = 'hlsjs';
    dropEngine();
    lastPlace = again;
    retry = setTimeout(() => load(again), backOff(failures, Math.random()));
  };

  const onPlaying = (): void => {
    shown = true;
    everShown = true;
    failures = 0;
    dispatch({ type: 'step', step: 'playing' });
  };
  const onWaiting = (): void => {
    if (wanted) dispatch({ type: 'step', step: 'stalled' });
  };
  const onPause = (): void => {
    // The element also pauses when its source is replaced; only the viewer's own counts,
    // and the system's (headphones pulled out, a phone call).
    if (engine === null || video.ended || video.readyState === 0) return;
    wanted = false;
    dispatch({ type: 'step', step: 'paused' });
  };
  const onPlay = (): void => {
    wanted = true;
  };
  const onEnded = (): void => {
    wanted = false;
    dispatch({ type: 'step', step: 'finished' });
  };
  const onOnline = (): void => {
    if (retry !== undefined) load(lastPlace);
  };

  const tick = setInterval(() => {
    const now = timeline();
    if (now !== null) dispatch({ type: 'tick', timeline: now });
    if (video.currentTime !== lastPosition || !wanted || lesson === 'interrupted') {
      lastPosition = video.currentTime;
      movedAt = Date.now();
      return;
    }
    if (retry === undefined && Date.now() - movedAt > kStuckMs) lose('media');
  }, kTickMs);

  const listeners: readonly (readonly [string, () => void])[] = [
    ['playing', onPlaying],
    ['waiting', onWaiting],
    ['pause', onPause],
    ['play', onPlay],
    ['ended', onEnded],
  ];
  listeners.forEach(([type, listener]) => video.addEventListener(type, listener));
  window.addEventListener('online', onOnline);

  return {
    start(address, place) {
      url = address;
      wanted = true;
      load(place);
      if (kind === 'native') attemptPlay();
    },
    switchTo(address) {
      url = address;
      load(resumePlace());
    },
    play() {
      wanted = true;
      attemptPlay();
    },
    toggle() {
      wanted = !wanted;
      if (wanted) attemptPlay();
      else video.pause();
    },
    seek(position) {
      const now = timeline();
      if (now === null) return;
      video.currentTime = Math.min(Math.max(position, now.start), now.target);
    },
    goLive() {
      const now = timeline();
      if (now === null) return;
      video.currentTime = now.target;
      wanted = true;
      attemptPlay();
    },
    chooseLevel(id) {
      level = id;
      engine?.chooseLevel(id);
    },
    setSpeed(rate) {
      speed = rate;
      video.playbackRate = rate;
    },
    setLesson(state) {
      lesson = state;
    },
    dispose() {
      clearInterval(tick);
      listeners.forEach(([type, listener]) => video.removeEventListener(type, listener));
      window.removeEventListener('online', onOnline);
      dropEngine();
    },
  };
}
