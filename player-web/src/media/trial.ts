import type { Way } from '../core/state';
import type { Engine, EngineReport, EngineRequest } from './engine';
import { type Engines, makeEngine } from './engines';

/** An engine that has yet to prove itself, muted behind the picture that is shown. */
export interface TrialRequest {
  readonly engines: Engines;
  readonly by: Way;
  readonly request: Omit<EngineRequest, 'report'>;
  /** It shows a picture: whoever asked takes the engine over and shows its <video>. */
  readonly shown: (engine: Engine) => void;
  readonly failed: (why: Parameters<EngineReport['broken']>[0]) => void;
  /** News of the engine, from its first day on. */
  readonly report: Pick<EngineReport, 'levels' | 'broken'>;
  readonly level: () => number | null;
}

/** Without a picture for this long, it has failed. */
const kPatienceMs: Readonly<Record<Way, number>> = { hls: 15_000, whep: 5000 };

/** Calls back once when a picture is on show; returns the way to give up waiting. */
function onFirstFrame(video: HTMLVideoElement, callback: () => void): () => void {
  let over = false;
  const done = (): void => {
    if (over) return;
    over = true;
    callback();
  };
  // Missing in browsers of before 2021 and in Firefox until 2024.
  if (typeof video.requestVideoFrameCallback === 'function') video.requestVideoFrameCallback(done);
  else video.addEventListener('playing', done, { once: true });
  return () => {
    over = true;
  };
}

/** Returns the way to call it off. */
export function startTrial({ engines, by, request, shown, failed, report, level }: TrialRequest): () => void {
  const { video } = request;
  let engine: Engine | null = null;
  let state: 'trying' | 'shown' | 'over' = 'trying';

  const settle = (as: 'shown' | 'over'): void => {
    state = as;
    clearTimeout(deadline);
    stopWaiting();
  };
  const cancel = (): void => {
    if (state !== 'trying') return;
    settle('over');
    engine?.dispose();
  };
  const fail: EngineReport['broken'] = (why) => {
    if (state !== 'trying') return;
    cancel();
    failed(why);
  };
  const deadline = setTimeout(() => fail('media'), kPatienceMs[by]);
  const stopWaiting = onFirstFrame(video, () => {
    if (state !== 'trying' || engine === null) return;
    settle('shown');
    shown(engine);
  });
  makeEngine(
    engines,
    by,
    {
      ...request,
      report: {
        ready() {
          if (state !== 'trying') return;
          const chosen = level();
          if (chosen !== null) engine?.chooseLevel(chosen);
          video.play()?.catch(() => fail('media'));
        },
        levels: report.levels,
        broken: (why) => (state === 'shown' ? report.broken(why) : fail(why)),
      },
    },
    (made) => {
      engine = made;
      if (by === 'whep') video.play()?.catch(() => undefined); // called off before its first track
    },
    () => state !== 'trying',
  );
  return cancel;
}
