import { changeLesson, fetchStudio } from '../../core/studio/api';
import type { Studio } from '../../core/studio/decode';
import { healthOf, readUplink, type Uplink, type Wanted } from '../../core/studio/health';
import { republishDelay } from '../../core/studio/republish';
import type { Event } from '../../core/studio/state';
import { type Sender, startSender } from './sender';

/** Keeps one lesson on air from this device, through every break of the line, until it is
 *  ended or another device takes over. */
export interface Publisher {
  /** Opens class and publishes; whoever published before is taken over from. */
  start(startKbps: number): void;
  /** Ends class for everybody; false when the server could not be told. */
  end(): Promise<boolean>;
  /** What is sent from now on. */
  replace(video: MediaStreamTrack | null, audio: MediaStreamTrack | null): void;
  /** The page goes away: the server hears of it at once. */
  leave(): void;
  dispose(): void;
}

export interface PublisherOptions {
  readonly link: string;
  readonly dispatch: (event: Event) => void;
  readonly tracks: () => { readonly video: MediaStreamTrack | null; readonly audio: MediaStreamTrack | null };
  /** What the teacher wants to send, for judging how it fares. */
  readonly wanted: () => Wanted;
}

const kHealthMs = 2000;
/** A stream that broke sooner did not hold: the next try waits instead of spinning. */
const kStableMs = 10_000;

export function createPublisher({ link, dispatch, tracks, wanted }: PublisherOptions): Publisher {
  let life = new AbortController(); // of the present attempt to be on air
  let sender: Sender | null = null;
  let opened = false; // the server knows that class has begun
  let failures = 0;
  let connectedMs: number | null = null; // of the present session
  /** An offer went unanswered: the server may hold a session of ours that we know nothing of. */
  let ghost = false;
  let kbps = 1000;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let before: Uplink | null = null;

  const hangUp = (): void => {
    clearTimeout(retry);
    retry = undefined;
    life.abort();
    life = new AbortController();
    sender?.dispose();
    before = null;
  };

  const later = (): void => {
    failures += 1;
    const delay = republishDelay(failures, Math.random());
    dispatch({ type: 'lost', tries: failures, retryMs: Date.now() + delay });
    retry = setTimeout(() => void comeBack(), delay);
  };

  const lost = (): void => {
    const stable = connectedMs !== null && Date.now() - connectedMs > kStableMs;
    hangUp();
    if (stable) {
      failures = 0;
      void comeBack();
    } else {
      later();
    }
  };

  const publish = async (studio: Studio): Promise<void> => {
    const mine = life;
    connectedMs = null;
    const sent = await startSender({
      whip: studio.whip,
      key: studio.publishKey,
      ...tracks(),
      startKbps: kbps,
      signal: mine.signal,
      connected() {
        if (mine !== life) return;
        connectedMs = Date.now();
        dispatch({ type: 'published', atMs: connectedMs });
      },
      lost: () => mine === life && lost(),
    });
    if (mine !== life) {
      if (sent.kind === 'sent') {
        sent.sender.dispose();
        void sent.sender.session.close();
      }
    } else if (sent.kind === 'sent') {
      ghost = false;
      sender = sent.sender;
      const now = tracks();
      sender.replace(now.video, now.audio); // changed while the server was asked
    } else if (sent.kind === 'refused') {
      dispatch({ type: 'refused' });
    } else {
      ghost = true;
      later();
    }
  };

  /** Settles what became of the session that broke, then publishes anew. Once the server has
   *  answered its DELETE, whoever still holds the lesson is somebody else. */
  const comeBack = async (): Promise<void> => {
    const mine = life;
    if (opened) dispatch({ type: 'lost', tries: failures, retryMs: null });
    if (sender !== null && !(await sender.session.close())) {
      if (mine === life) later();
      return;
    }
    if (mine !== life) return;
    sender = null;
    const answer = opened ? await fetchStudio(link, mine.signal) : await changeLesson(link, 'start', mine.signal);
    if (mine !== life) return;
    if (answer.kind === 'missing') {
      dispatch({ type: 'not-found' });
    } else if (answer.kind === 'failed') {
      later();
    } else {
      const another = answer.value.publisher;
      const taken = opened && !ghost && another !== null;
      opened = true;
      dispatch({ type: 'answered', studio: answer.value });
      if (answer.value.lesson.state === 'ended') return;
      if (taken) dispatch({ type: 'superseded', by: another });
      else await publish(answer.value);
    }
  };

  const health = setInterval(() => {
    const mine = sender;
    if (mine === null || mine.peer.connectionState !== 'connected') return;
    void mine.peer.getStats().then((report) => {
      if (mine !== sender) return;
      const entries: Record<string, unknown>[] = [];
      report.forEach((entry: Record<string, unknown>) => entries.push(entry));
      const now = readUplink(entries, performance.now());
      if (before !== null) dispatch({ type: 'health', health: healthOf(before, now, wanted()) });
      before = now;
    });
  }, kHealthMs);

  const onOnline = (): void => {
    if (retry === undefined) return;
    clearTimeout(retry);
    retry = undefined;
    void comeBack();
  };
  window.addEventListener('online', onOnline);

  const close = (leaving: boolean): void => {
    hangUp();
    void sender?.session.close(leaving);
    sender = null;
  };

  return {
    start(startKbps) {
      kbps = startKbps;
      failures = 0;
      opened = false;
      ghost = false;
      close(false);
      dispatch({ type: 'start' });
      void comeBack();
    },
    async end() {
      const answer = await changeLesson(link, 'end', new AbortController().signal);
      if (answer.kind !== 'ok') return false;
      close(false);
      dispatch({ type: 'end' });
      dispatch({ type: 'answered', studio: answer.value });
      return true;
    },
    replace(video, audio) {
      before = null;
      sender?.replace(video, audio);
    },
    leave: () => close(true),
    dispose() {
      clearInterval(health);
      window.removeEventListener('online', onOnline);
      close(true);
    },
  };
}
