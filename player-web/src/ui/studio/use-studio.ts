import { useEffect, useMemo, useRef } from 'preact/hooks';

import { fetchStudio } from '../../core/studio/api';
import { startPoll } from '../../core/poll';
import type { Wanted } from '../../core/studio/health';
import { type Event, isTeaching, kInitial, type Preflight, reduce, type State } from '../../core/studio/state';
import { createStore, type Store } from '../../core/store';
import { type CaptureDesk, createCapture } from '../../media/studio/capture';
import { stayAwake } from '../../media/studio/preview';
import type { Keeper } from '../../media/studio/keeper';
import { createPublisher, type Publisher } from '../../media/studio/publisher';

type StudioStore = Store<State, Event>;

/** Everything of the studio that outlives a redraw, for one link. */
export interface Workshop {
  readonly store: StudioStore;
  readonly link: string;
  readonly capture: CaptureDesk;
  readonly publisher: Publisher;
  startPreflight(preview: HTMLVideoElement | null): void;
  stopPreflight(): void;
  /** Begins class, or takes it back from another device. */
  teach(): Promise<void>;
  /** Asks the server at once how the lesson is. */
  refresh(): void;
  dispose(): void;
}

const kStartKbps = 1000;

function nextPoll(state: State, failures: number, random: number): number | null {
  if (state.kind === 'missing') return null;
  const base = failures > 0 ? Math.min(15_000, 2000 * failures) : state.kind === 'teaching' && isTeaching(state.phase) ? 10_000 : 5000;
  return Math.round(base * (0.75 + random / 2));
}

function heightOf(track: MediaStreamTrack | null): number | null {
  return track?.getSettings().height ?? null;
}

function createWorkshop(link: string, store: StudioStore): Workshop {
  let stopTest: (() => void) | null = null;
  let letSleep: (() => void) | null = null;
  let keeper: Keeper | null = null;
  const capture = createCapture({
    changed: (changes) => store.dispatch({ type: 'capture', capture: changes }),
    tracks(video, audio) {
      publisher.replace(video, audio);
      keeper?.listen(audio);
    },
  });
  const wanted = (): Wanted => {
    const state = store.state();
    const { source, muted } = state.kind === 'teaching' ? state.capture : { source: 'none' as const, muted: false };
    return { source, muted, height: heightOf(capture.video()) };
  };
  const tracks = (): ReturnType<Parameters<typeof createPublisher>[0]['tracks']> => ({ video: capture.video(), audio: capture.audio() });
  const publisher = createPublisher({ link, dispatch: store.dispatch, tracks, wanted });

  const stopPreflight = (): void => {
    stopTest?.();
    stopTest = null;
    store.dispatch({ type: 'preflight', preflight: { kind: 'none' } });
  };
  const poll = startPoll({
    load: (signal) => fetchStudio(link, signal),
    heard(answer) {
      if (answer.kind === 'ok') store.dispatch({ type: 'answered', studio: answer.value });
      else store.dispatch({ type: answer.kind === 'missing' ? 'not-found' : 'unreachable' });
    },
    next: (failures, random) => nextPoll(store.state(), failures, random),
  });
  // On air, the last minute's sound is kept for the recording; asked for only then, so that the page
  // is there sooner.
  let phase = '';
  const followAir = (): void => {
    const state = store.state();
    const before = phase;
    phase = state.kind === 'teaching' ? state.phase.kind : '';
    if (phase === before) return;
    if (phase === 'live' && keeper !== null) keeper.back();
    else if (phase === 'live') void beginKeeping();
    else if (phase === 'reconnecting') keeper?.broke();
    else stopKeeping();
  };
  const stopKeeping = (): void => {
    keeper?.dispose();
    keeper = null;
  };
  const beginKeeping = async (): Promise<void> => {
    const module = await import('../../media/studio/keeper').catch(() => null); // without it the lesson goes on as well
    if (module === null || keeper !== null || phase !== 'live') return;
    keeper = module.createKeeper(link, (outcome) => store.dispatch({ type: 'backfill', outcome }));
    keeper.listen(capture.audio());
  };
  // Ended from elsewhere, or the link withdrawn: nothing is sent any more.
  let wasTeaching = false;
  const unsubscribe = store.subscribe(() => {
    followAir();
    const state = store.state();
    const teaching = state.kind === 'teaching' && isTeaching(state.phase);
    if (teaching === wasTeaching) return;
    wasTeaching = teaching;
    if (teaching) {
      letSleep = stayAwake();
    } else {
      letSleep?.();
      letSleep = null;
      publisher.leave();
      if (state.kind !== 'teaching' || state.phase.kind === 'ended') capture.close();
    }
  });
  const leave = (): void => publisher.leave();
  window.addEventListener('pagehide', leave);
  // Brought back from the browser's memory, the page would show a class that is not sent.
  const onShow = (event: PageTransitionEvent): void => {
    if (event.persisted) location.reload();
  };
  window.addEventListener('pageshow', onShow);

  return {
    store,
    link,
    capture,
    publisher,
    startPreflight(preview) {
      stopTest?.();
      let asked = true;
      stopTest = () => {
        asked = false;
      };
      store.dispatch({ type: 'preflight', preflight: { kind: 'running', done: 0, kbps: 0 } });
      import('../../media/studio/preflight').then(
        (module) => {
          if (!asked) return;
          const report = (preflight: Preflight): void => store.dispatch({ type: 'preflight', preflight });
          stopTest = module.startPreflight({ link, microphone: capture.audio(), preview, report });
        },
        () => asked && stopPreflight(), // no line to fetch it by: nothing to measure either
      );
    },
    stopPreflight,
    async teach() {
      if (capture.audio() === null) await capture.open();
      if (capture.audio() === null) return; // the stage says why not
      const state = store.state();
      const measured = state.kind === 'teaching' && state.preflight.kind === 'done' ? state.preflight.verdict.kbps : null;
      stopPreflight();
      // What the test found leaves room for the voice and for the line's moods.
      publisher.start(measured === null ? kStartKbps : Math.max(100, Math.min(kStartKbps, Math.round(measured * 0.6))));
    },
    refresh: poll.hurry,
    dispose() {
      window.removeEventListener('pagehide', leave);
      window.removeEventListener('pageshow', onShow);
      unsubscribe();
      stopKeeping();
      poll.stop();
      stopTest?.();
      letSleep?.();
      publisher.dispose();
      capture.dispose();
    },
  };
}

/** The workshop for a link, for as long as the page shows it. */
export function useWorkshop(link: string | null): { readonly store: StudioStore; readonly workshop: () => Workshop | null } {
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const made = useRef<Workshop | null>(null);
  useEffect(() => {
    if (link === null) {
      store.dispatch({ type: 'not-found' });
      return undefined;
    }
    const workshop = createWorkshop(link, store);
    made.current = workshop;
    return () => {
      made.current = null;
      workshop.dispose();
    };
  }, [store, link]);
  return { store, workshop: () => made.current };
}
