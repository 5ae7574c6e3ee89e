import type { LessonState } from '../core/decode';
import { backOff } from '../core/delay';
import { bufferedAhead } from '../core/hurry';
import { soundOf } from '../core/sound';
import type { Level, Timeline, Way } from '../core/state';
import type { Engine, EngineReport, Place } from './engine';
import { type Engines, makeEngine } from './engines';
import { startFirstSound } from './first-sound';
import { isHlsHere, loadHls } from './hls-loader';
import { createLowTries } from './low-tries';
import { createPace } from './pace';
import type { Player, PlayerOptions } from './playing';
import { createScreen } from './screen';
import { startTrial } from './trial';

const kTickMs = 250;
/** Wanting to play with nothing to play for this long means the engine is stuck. */
const kStuckMs: Readonly<Record<Way, number>> = { hls: 10_000, whep: 5000 };
/** WebRTC tells of no stall by itself; sooner than this a gap is not worth a word. */
const kStalledMs = 1500;
/** Code that is not here so long after the tap is on a slow line: sound goes before it. */
const kCodeMs = 1000;
/** Nearer than this to live counts as being there when a player has to be replaced. */
const kNearLiveS = 10;

type Why = Parameters<EngineReport['broken']>[0];

export function createPlayer({ host, choice, mayFallBack, door, dispatch }: PlayerOptions): Player {
  const pace = createPace();
  const engines: Engines = { door, kind: choice };
  let engine: Engine | null = null;
  let way: Way = 'hls';
  let generation = 0;
  let url = '';
  let wanted = false; // the viewer wants it to play
  let everShown = false;
  let shown = false; // by the present engine: before that its position means nothing
  let lesson: LessonState = 'live';
  let begunAt: number | null = null; // when the lesson's first frame was, on this page's clock
  let lastPlace: Place = 'live';
  let level: number | null = null;
  let speed = 1;
  let failures = 0;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let codeDue: ReturnType<typeof setTimeout> | undefined;
  let hearing = false; // nothing but sound, until there is a picture to go with it
  let bytesBefore: number | null = null; // of engines already gone
  let lastPosition = -1;
  let movedAt = Date.now();
  let endTrial: (() => void) | null = null;

  const bytes = (): number | null => {
    const current = engine?.bytes() ?? null;
    return current === null ? bytesBefore : (bytesBefore ?? 0) + current;
  };

  const timeline = (): Timeline | null => {
    const reach = engine?.reach();
    if (!reach || !shown) return null;
    const position = Math.max(reach.start, screen.video().currentTime);
    // WebRTC knows nothing of the lesson's beginning: what it shows is on air now.
    const start = way === 'whep' && begunAt !== null ? position - (performance.now() - begunAt) / 1000 : reach.start;
    const ahead = bufferedAhead(screen.video().buffered, position);
    return { ...reach, start, end: Math.max(reach.end, position), position, date: engine?.date() ?? null, bytes: bytes(), ahead };
  };

  const setWay = (to: Way, lost = false): void => {
    way = to;
    dispatch({ type: 'way', way: to, lost });
  };

  const attemptPlay = (): void => {
    if (!wanted) return;
    const promise: Promise<void> | undefined = screen.video().play(); // old WebViews return nothing
    promise?.catch((error: unknown) => {
      if (error instanceof DOMException && error.name === 'NotAllowedError') {
        wanted = false;
        dispatch({ type: 'step', step: 'idle' });
      } // AbortError: another load took its place and plays itself
    });
  };

  const stopTrial = (): void => {
    if (endTrial === null) return;
    endTrial();
    endTrial = null;
    screen.drop();
  };

  const dropEngine = (): void => {
    generation += 1;
    clearTimeout(retry);
    retry = undefined;
    clearTimeout(codeDue);
    hearing = false;
    stopTrial();
    if (engine === null) return;
    bytesBefore = bytes();
    engine.dispose();
    engine = null;
  };

  /** Where to go on after losing the engine: the same moment, or live for those who were. */
  const resumePlace = (): Place => {
    const now = timeline();
    if (way === 'whep') return 'live';
    if (now === null) return lastPlace;
    if (lesson === 'ended') return now.position;
    return now.target - now.position < kNearLiveS ? 'live' : now.position;
  };

  const levels = (all: readonly Level[]): void => {
    // The sound-only playlist has no levels; the menu keeps those of the picture.
    if (all.length > 0) dispatch({ type: 'levels', levels: all });
  };

  const load = (place: Place, by: Way = 'hls'): void => {
    dropEngine();
    if (by !== way) setWay(by);
    lastPlace = place;
    shown = false;
    movedAt = Date.now();
    const mine = generation;
    const video = screen.video();
    if (by === 'hls' && video.srcObject) video.srcObject = null;
    const report: EngineReport = {
      ready() {
        if (mine !== generation) return;
        video.playbackRate = speed;
        if (level !== null) engine?.chooseLevel(level);
        attemptPlay();
      },
      levels(all) {
        if (mine === generation) levels(all);
      },
      broken(why) {
        if (mine === generation) lose(why);
      },
    };
    const made = (started: Engine): void => {
      engine = started;
      // Started at once, so that the tap's permission still counts.
      if (engines.kind !== 'native' || by === 'whep') attemptPlay();
    };
    makeEngine(engines, by, { video, url, place, report }, made, () => mine !== generation);
    if (by === 'hls' && place === 'live' && engines.kind === 'hlsjs' && !isHlsHere()) codeDue = setTimeout(hearFirst, kCodeMs);
  };

  /** Sound in place of what is still waited for; the picture takes over when there is one. */
  const hearFirst = (): void => {
    if (isHlsHere()) return;
    dropEngine();
    hearing = true;
    const mine = generation;
    const report: EngineReport = { ready: attemptPlay, levels: () => undefined, broken: () => undefined };
    engine = startFirstSound({ video: screen.video(), url: soundOf(url), place: 'live', report });
    attemptPlay();
    loadHls().then(
      () => mine === generation && tryBehind('hls', () => load('live')),
      () => mine === generation && lose('network'),
    );
  };

  /** Tries another way behind the picture that is shown, and swaps when it has one itself. */
  const tryBehind = (by: Way, failed: (why: Why) => void): void => {
    stopTrial();
    let taken: Engine | null = null;
    endTrial = startTrial({
      engines,
      by,
      request: { video: screen.behind(), url, place: resumePlace() },
      shown(started) {
        endTrial = null;
        taken = started;
        adopt(by, started);
      },
      failed(why) {
        endTrial = null;
        screen.drop();
        failed(why);
      },
      report: {
        levels,
        broken(why) {
          if (taken === engine) lose(why);
        },
      },
      level: () => level,
    });
  };

  const adopt = (by: Way, started: Engine): void => {
    dropEngine();
    engine = started;
    screen.show();
    shown = true;
    everShown = true;
    failures = 0;
    movedAt = Date.now();
    if (by === 'whep') low.arrived();
    setWay(by, by === 'hls' && low.isLost());
    if (wanted) {
      attemptPlay();
      dispatch({ type: 'step', step: 'playing' });
    } else {
      screen.video().pause();
    }
  };

  /** The usual way goes on, or comes back; low delay is tried again later by itself. */
  const lowDelayFailed = (why: Why): void => {
    dispatch({ type: 'way', way, lost: true });
    low.failed(why !== 'refused');
  };
  const low = createLowTries(() => {
    if (door === null || lesson === 'ended') return true;
    if (endTrial !== null) return false; // the usual way is still on its way in
    if (way === 'hls') tryBehind('whep', lowDelayFailed);
    return true;
  });

  const leaveLowDelay = (why: Why): void => {
    lowDelayFailed(why);
    const again = (): void => load('live');
    // The last picture stays until the other way has one; before the first there is none.
    if (shown) tryBehind('hls', again);
    else again();
  };

  const lose = (why: Why): void => {
    if (way === 'whep') {
      leaveLowDelay(why);
      return;
    }
    if (why === 'haste') {
      load(resumePlace());
      return;
    }
    failures += 1;
    dispatch({ type: 'media-lost' });
    const again = resumePlace();
    if (engines.kind === 'native' && why === 'media' && !everShown && mayFallBack && failures >= 2) engines.kind = 'hlsjs';
    dropEngine();
    lastPlace = again;
    retry = setTimeout(() => load(again), backOff(failures, Math.random()));
  };

  const onPlaying = (): void => {
    if (hearing) return;
    shown = true;
    everShown = true;
    failures = 0;
    dispatch({ type: 'step', step: 'playing' });
  };
  const onWaiting = (): void => {
    if (wanted) dispatch({ type: 'step', step: 'stalled' });
  };
  const onPause = (): void => {
    const video = screen.video();
    // The element also pauses when its source is replaced; only the viewer's own counts,
    // and the system's (headphones pulled out, a phone call).
    if (engine === null || video.ended || video.readyState === 0) return;
    wanted = false;
    pace.asked(false);
    dispatch({ type: 'step', step: 'paused' });
    if (way === 'whep') dropEngine(); // live media that nobody sees costs the viewer's money
  };
  const onPlay = (): void => {
    wanted = true;
    if (way === 'whep' && engine === null) load('live', 'whep');
  };
  const onEnded = (): void => {
    if (way === 'whep') return; // a connection's end says nothing about the lesson
    wanted = false;
    dispatch({ type: 'step', step: 'finished' });
  };
  const onOnline = (): void => {
    if (retry !== undefined) load(lastPlace);
    low.hurry();
  };

  const screen = createScreen(host, { playing: onPlaying, waiting: onWaiting, pause: onPause, play: onPlay, ended: onEnded });
  const tick = setInterval(() => {
    const video = screen.video();
    const now = timeline();
    if (now !== null) {
      dispatch({ type: 'tick', timeline: now });
      // The speed a viewer chose is left alone.
      if (way === 'hls' && lesson === 'live' && speed === 1) pace.keep(video, now);
    }
    if (video.currentTime !== lastPosition || !wanted || lesson === 'interrupted') {
      const stood = way === 'whep' && Date.now() - movedAt > kStalledMs;
      if (stood && wanted && video.currentTime !== lastPosition) dispatch({ type: 'step', step: 'playing' });
      lastPosition = video.currentTime;
      movedAt = Date.now();
      return;
    }
    const standing = Date.now() - movedAt;
    if (way === 'whep' && shown && standing > kStalledMs) dispatch({ type: 'step', step: 'stalled' });
    if (retry === undefined && endTrial === null && !hearing && standing > kStuckMs[way]) lose('media');
  }, kTickMs);
  window.addEventListener('online', onOnline);

  const resume = (): void => {
    wanted = true;
    if (way === 'whep' && engine === null) load('live', 'whep');
    else attemptPlay();
  };

  return {
    start(address, place, byLowDelay) {
      url = address;
      wanted = true;
      pace.asked(place === 'live');
      low.wish(byLowDelay && door !== null);
      load(place, low.wished() ? 'whep' : 'hls');
      if (engines.kind === 'native' && way === 'hls') attemptPlay();
    },
    show(address, byLowDelay) {
      const other = address !== url;
      url = address;
      low.wish(byLowDelay && door !== null);
      stopTrial();
      if (low.wished()) low.now();
      else if (way === 'whep' && !other) tryBehind('hls', () => load('live'));
      else if (way === 'whep' || other) load(resumePlace());
    },
    reload(address) {
      url = address;
      load(resumePlace());
    },
    again(address) {
      wanted = true;
      if (engine !== null && address === url && way === 'hls') {
        screen.video().currentTime = timeline()?.start ?? 0;
        attemptPlay();
        return;
      }
      url = address;
      load('start');
      if (engines.kind === 'native') attemptPlay();
    },
    play: resume,
    toggle() {
      if (wanted) {
        wanted = false;
        screen.video().pause();
      } else {
        resume();
      }
    },
    seek(position) {
      const now = timeline();
      if (now === null || way === 'whep') return;
      pace.seek(screen.video(), now, position);
    },
    goLive() {
      const now = timeline();
      if (now === null) return;
      if (way === 'hls') pace.goLive(screen.video(), now);
      resume();
    },
    chooseLevel(id) {
      level = id;
      engine?.chooseLevel(id);
    },
    setSpeed(rate) {
      speed = rate;
      screen.video().playbackRate = rate;
    },
    setSound: screen.setSound,
    setLesson(state, airedMs) {
      const before = lesson;
      lesson = state;
      begunAt = airedMs === null ? null : performance.now() - airedMs;
      if (state === 'live' && before !== 'live' && engine !== null) {
        low.forget(); // what was refused without a teacher may be there with one
        low.now();
      }
      if (state !== 'ended' || before === 'ended' || way !== 'whep') return;
      // All of it has been seen: there is nothing left behind live to finish.
      low.stop();
      dropEngine();
      wanted = false;
      setWay('hls');
      dispatch({ type: 'step', step: 'finished' });
    },
    video: screen.video,
    dispose() {
      clearInterval(tick);
      low.stop();
      window.removeEventListener('online', onOnline);
      dropEngine();
      screen.dispose();
    },
  };
}
