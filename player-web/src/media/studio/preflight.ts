import { judge, kPreflightMs, kSlotMs, nextProbeBytes, type Probe, uplinkKbps } from '../../core/studio/preflight';
import type { Preflight } from '../../core/studio/state';
import { type Ear, listen, playTone } from './level';

export interface PreflightRequest {
  readonly link: string;
  readonly microphone: MediaStreamTrack | null;
  /** The preview, whose pictures are counted; null without a camera. */
  readonly preview: HTMLVideoElement | null;
  readonly report: (preflight: Preflight) => void;
}

const kTickMs = 100;
const kProbeDeadlineMs = 8000;
/** The test tone: when it sounds, and where speech has little of its own. */
const kToneHertz = 2400;
const kToneMs = { from: 12_000, to: 13_600 } as const;
/** getRandomValues gives no more at once. */
const kRandomPiece = 65_536;

/** Bytes that no proxy on the way can squeeze. */
function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(count);
  for (let at = 0; at < count; at += kRandomPiece) crypto.getRandomValues(bytes.subarray(at, Math.min(count, at + kRandomPiece)));
  return bytes;
}

async function upload(link: string, bytes: number, signal: AbortSignal): Promise<Probe> {
  const body = randomBytes(bytes);
  const life = new AbortController();
  const abort = (): void => life.abort();
  signal.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kProbeDeadlineMs);
  const begin = performance.now();
  try {
    const headers = { authorization: `Bearer ${link}`, 'content-type': 'application/octet-stream' };
    const response = await fetch('/api/v1/preflight/upload', { method: 'POST', headers, body, cache: 'no-store', signal: life.signal });
    return { bytes, ms: response.ok ? performance.now() - begin : null };
  } catch {
    return { bytes, ms: null };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', abort);
  }
}

interface OldVideo extends HTMLVideoElement {
  readonly webkitDecodedFrameCount?: number;
}

/** Pictures shown so far, in whichever way the browser counts them. */
function pictures(video: OldVideo): number {
  return typeof video.getVideoPlaybackQuality === 'function' ? video.getVideoPlaybackQuality().totalVideoFrames : (video.webkitDecodedFrameCount ?? 0);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}

/** Twenty seconds of trying everything without putting anything on air. Returns the way to
 *  break it off, after which nothing more is reported. */
export function startPreflight({ link, microphone, preview, report }: PreflightRequest): () => void {
  const life = new AbortController();
  const begin = performance.now();
  const picturesBefore = preview === null ? 0 : pictures(preview);
  const ear: Ear | null = microphone === null ? null : listen(microphone);
  const probes: Probe[] = [];
  const peaks: number[] = [];
  const quiet: number[] = [];
  const toned: number[] = [];
  let uploading = false;
  let slots = 0;
  let endTone: (() => void) | null = null;

  const hear = (at: number): void => {
    if (ear === null) return;
    const sounding = at >= kToneMs.from && at < kToneMs.to;
    if (sounding && endTone === null) endTone = playTone(kToneHertz);
    if (!sounding && endTone !== null) {
      endTone();
      endTone = null;
    }
    // The tone itself must not pass for the teacher's voice.
    if (sounding) {
      if (at > kToneMs.from + 400) toned.push(ear.pitch(kToneHertz));
      return;
    }
    peaks.push(ear.peak());
    if (at < kToneMs.from) quiet.push(ear.pitch(kToneHertz));
  };

  const send = (at: number): void => {
    if (uploading || at < slots * kSlotMs) return;
    slots = Math.floor(at / kSlotMs) + 1;
    uploading = true;
    void upload(link, nextProbeBytes(probes), life.signal).then((probe) => {
      uploading = false;
      if (!life.signal.aborted) probes.push(probe);
    });
  };

  const stop = (): void => {
    if (life.signal.aborted) return;
    clearInterval(tick);
    life.abort();
    endTone?.();
    endTone = null;
    ear?.dispose();
  };

  const finish = (elapsedMs: number): void => {
    stop();
    const framesPerSecond = preview === null ? null : ((pictures(preview) - picturesBefore) * 1000) / elapsedMs;
    const echoDb = toned.length > 0 && quiet.length > 0 ? mean(toned) - mean(quiet) : null;
    report({ kind: 'done', verdict: judge({ probes, peaks, framesPerSecond, echoDb }) });
  };

  const look = (): void => {
    const at = performance.now() - begin;
    if (at >= kPreflightMs) {
      finish(at);
      return;
    }
    hear(at);
    send(at);
    report({ kind: 'running', done: at / kPreflightMs, kbps: uplinkKbps(probes) });
  };
  const tick = setInterval(look, kTickMs);
  look();
  return stop;
}
