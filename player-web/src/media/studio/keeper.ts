import { backfillDelay, backfilled, type Backfilled, backfillPath, keep, missed, type Piece } from '../../core/studio/backfill';

/** Keeps the microphone's last minute, in this page's memory only, and sends what a drop of the
 *  line cost once the line is back. */
export interface Keeper {
  /** Which microphone is on air; muted is silence. */
  listen(microphone: MediaStreamTrack | null): void;
  /** The stream has just been found broken. */
  broke(): void;
  /** It is on air again. */
  back(): void;
  dispose(): void;
}

const kPieceMs = 10_000;
const kBps = 32_000;
const kUploadMs = 30_000;
const kTypes = ['audio/webm;codecs=opus', 'audio/mp4'];

interface Recording {
  /** Resolves when its piece is in the ring. */
  stop(): Promise<void>;
}

/** Whether this browser can keep sound at all. */
const typeHere = (): string | undefined =>
  typeof MediaRecorder === 'undefined' ? undefined : kTypes.find((type) => MediaRecorder.isTypeSupported(type));

async function send(link: string, pieces: readonly Piece[], type: string, life: AbortSignal): Promise<Backfilled | null> {
  const request = new AbortController();
  const abort = (): void => request.abort();
  life.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kUploadMs);
  try {
    const init: RequestInit & { priority?: string } = {
      method: 'POST',
      headers: { 'content-type': type },
      body: new Blob(pieces.map(({ blob }) => blob)),
      credentials: 'same-origin',
      priority: 'low',
      signal: request.signal,
    };
    const response = await fetch(backfillPath(link, pieces, performance.now()), init);
    return backfilled(response.status, response.ok ? await response.json() : null);
  } catch {
    return null;
  } finally {
    clearTimeout(deadline);
    life.removeEventListener('abort', abort);
  }
}

export function createKeeper(link: string, report: (outcome: Backfilled) => void): Keeper {
  const type = typeHere();
  const life = new AbortController();
  let ring: readonly Piece[] = [];
  let microphone: MediaStreamTrack | null = null;
  let now: Recording | null = null;
  let lostMs: number | null = null;

  const record = (track: MediaStreamTrack): Recording | null => {
    try {
      const recorder = new MediaRecorder(new MediaStream([track]), { mimeType: type ?? '', audioBitsPerSecond: kBps });
      let beginMs = performance.now();
      let endMs: number | null = null;
      recorder.onstart = () => {
        beginMs = performance.now();
      };
      const done = new Promise<void>((resolve) => {
        recorder.ondataavailable = ({ data }) => {
          if (data.size > 0) ring = keep(ring, { beginMs, endMs: endMs ?? performance.now(), blob: data });
        };
        recorder.onstop = () => resolve();
        recorder.onerror = () => resolve();
      });
      recorder.start();
      return {
        stop() {
          endMs = performance.now();
          if (recorder.state !== 'inactive') recorder.stop();
          return done;
        },
      };
    } catch {
      return null; // a track that has just ended
    }
  };

  /** Ends the present piece and begins the next one. */
  const turn = (): Promise<void> => {
    const ended = now?.stop();
    now = microphone !== null && microphone.readyState === 'live' ? record(microphone) : null;
    return ended ?? Promise.resolve();
  };
  const turning = setInterval(() => void turn(), kPieceMs);

  const deliver = async (pieces: readonly Piece[]): Promise<void> => {
    for (let failures = 0; ; failures += 1) {
      const delay = backfillDelay(failures);
      if (delay === null) return report('failed');
      await new Promise((resolve) => setTimeout(resolve, delay));
      if (life.signal.aborted) return;
      const outcome = await send(link, pieces, pieces[0]?.blob.type.split(';')[0] ?? '', life.signal);
      if (life.signal.aborted) return;
      if (outcome !== null) return report(outcome);
    }
  };

  return {
    listen(track) {
      if (type === undefined || track === microphone) return;
      microphone = track;
      void turn();
    },
    broke() {
      lostMs ??= performance.now();
    },
    back() {
      if (lostMs === null) return;
      const fromMs = lostMs;
      const backMs = performance.now();
      lostMs = null;
      void turn().then(() => {
        const pieces = missed(ring, fromMs, backMs);
        if (pieces.length > 0) void deliver(pieces);
        else report('failed');
      });
    },
    dispose() {
      life.abort();
      clearInterval(turning);
      microphone = null;
      void turn();
      ring = [];
    },
  };
}
