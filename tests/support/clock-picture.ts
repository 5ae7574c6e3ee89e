import { spawn } from 'node:child_process';

import type { Page } from 'playwright-core';

/** A clock in the picture: milliseconds as black and white bars, every bit said twice and inverted
 *  the second time, so that a torn or smeared frame is seen and dropped. */
export const kClockWidth = 640;
export const kClockHeight = 360;
export const kClockRate = 30;
/** Low bits of the clock: 2^20 ms is 17 minutes, far more than any delay. */
export const kClockBits = 20;
const kBar = kClockWidth / kClockBits;

/** A frame in I420: the bars above, mid-grey below. */
export function clockFrame(clock: number): Buffer {
  const luma = Buffer.alloc(kClockWidth * kClockHeight, 0x60);
  for (let bit = 0; bit < kClockBits; bit += 1) {
    const one = ((clock >> bit) & 1) === 1;
    for (let y = 0; y < 96; y += 1) {
      const white = y < 48 ? one : !one;
      luma.fill(white ? 0xeb : 0x10, y * kClockWidth + bit * kBar, y * kClockWidth + (bit + 1) * kBar);
    }
  }
  return Buffer.concat([luma, Buffer.alloc((kClockWidth * kClockHeight) / 2, 0x80)]);
}

export interface Publisher {
  stop(): void;
}

/** Publishes the clock as it goes, by ffmpeg. @param rate  frames a second */
export function publishClock(url: string, rate = kClockRate): Publisher {
  const ffmpeg = spawn(
    'ffmpeg',
    [
      '-hide_banner', '-loglevel', 'error',
      '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${kClockWidth}x${kClockHeight}`, '-framerate', String(rate),
      '-use_wallclock_as_timestamps', '1', '-fflags', 'nobuffer', '-i', 'pipe:0',
      '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100',
      '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(rate * 2), '-b:v', '900k', '-fps_mode', 'passthrough',
      '-c:a', 'aac', '-b:a', '64k', '-flush_packets', '1', '-f', 'flv', url,
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  ffmpeg.stdin.on('error', () => undefined);
  const begin = Date.now();
  let sent = 0;
  const timer = setInterval(() => {
    // What the clock says is owed; a late timer must not slow the picture down.
    const owed = Math.floor(((Date.now() - begin) / 1000) * rate);
    if (owed <= sent) return;
    sent = owed;
    if (ffmpeg.stdin.writableLength < 4_000_000) ffmpeg.stdin.write(clockFrame(Date.now() % 2 ** kClockBits));
  }, 4);
  return {
    stop() {
      clearInterval(timer);
      ffmpeg.stdin.end();
      ffmpeg.kill('SIGTERM');
    },
  };
}

/** The page's camera, from before its own scripts run: a canvas that shows the clock. */
export const kClockCamera = `
  navigator.mediaDevices.getUserMedia = async () => {
    const canvas = document.createElement('canvas');
    canvas.width = ${kClockWidth};
    canvas.height = ${kClockHeight};
    const context = canvas.getContext('2d');
    setInterval(() => {
      const clock = Date.now() % 2 ** ${kClockBits};
      context.fillStyle = '#666';
      context.fillRect(0, 0, canvas.width, canvas.height);
      for (let bit = 0; bit < ${kClockBits}; bit += 1) {
        const one = ((clock >> bit) & 1) === 1;
        context.fillStyle = one ? '#fff' : '#000';
        context.fillRect(bit * ${kBar}, 0, ${kBar}, 48);
        context.fillStyle = one ? '#000' : '#fff';
        context.fillRect(bit * ${kBar}, 48, ${kBar}, 48);
      }
    }, 1000 / ${kClockRate});
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const sound = audio.createMediaStreamDestination();
    tone.connect(sound);
    tone.start();
    return new MediaStream([...canvas.captureStream(${kClockRate}).getTracks(), ...sound.stream.getTracks()]);
  };
`;

type Reader = (video: HTMLVideoElement) => number | null;
interface WithReader {
  readClock?: Reader;
}

/** Gives the page a reader of the clock in a frame; a torn frame reads as null. */
function installReader(page: Page): Promise<void> {
  return page.evaluate((bits) => {
    const canvas = document.createElement('canvas');
    canvas.width = bits;
    canvas.height = 2;
    const context = canvas.getContext('2d', { willReadFrequently: true });
    if (!context) throw new Error('no canvas');
    (window as WithReader).readClock = (video) => {
      const bar = video.videoWidth / bits;
      // The middle of each bar, of its first and its inverted half.
      for (let bit = 0; bit < bits; bit += 1) {
        const x = bit * bar + bar * 0.3;
        context.drawImage(video, x, video.videoHeight * 0.045, bar * 0.4, video.videoHeight * 0.04, bit, 0, 1, 1);
        context.drawImage(video, x, video.videoHeight * 0.18, bar * 0.4, video.videoHeight * 0.04, bit, 1, 1, 1);
      }
      const { data } = context.getImageData(0, 0, bits, 2);
      let clock = 0;
      let whole = true;
      for (let bit = 0; bit < bits; bit += 1) {
        const first = (data[bit * 4] ?? 0) > 128;
        const second = (data[(bits + bit) * 4] ?? 0) > 128;
        if (first === second) whole = false;
        if (first) clock += 2 ** bit;
      }
      return whole ? clock : null;
    };
  }, kClockBits);
}

/** How long ago something was shown to the clock, in milliseconds. */
export const sinceClock = (now: number, clock: number): number => (((now - clock) % 2 ** kClockBits) + 2 ** kClockBits) % 2 ** kClockBits;

/** After this long without a picture no more is waited for. */
const kNoPictureMs = 10_000;

/** Delays seen in the page's video, one per presented frame, in milliseconds. None of one that stands still. */
export async function measureDelays(page: Page, seconds: number): Promise<number[]> {
  await installReader(page);
  const seen = await page.evaluate(
    ([ms, patience]) =>
      new Promise<[number, number][]>((resolve) => {
        const video = document.querySelector('video');
        if (!video) throw new Error('no video');
        const read = (window as WithReader).readClock;
        const seen: [number, number][] = [];
        const end = performance.now() + ms;
        const onFrame = (): void => {
          const now = Date.now();
          const clock = read?.(video) ?? null;
          if (clock !== null) seen.push([now, clock]);
          if (performance.now() < end) video.requestVideoFrameCallback(onFrame);
          else resolve(seen);
        };
        video.requestVideoFrameCallback(onFrame);
        setTimeout(() => resolve(seen), ms + patience);
      }),
    [seconds * 1000, kNoPictureMs] as const,
  );
  return seen.map(([now, clock]) => sinceClock(now, clock));
}

/** The clock in the picture when `selector` first says `words`, and when that was. Fails with what the page
 *  shows when that is not to be seen within `ms`. */
export async function clockWhen(page: Page, selector: string, words: string, ms: number): Promise<{ readonly now: number; readonly clock: number }> {
  await installReader(page);
  return page.evaluate(
    ([where, what, patience]) =>
      new Promise<{ now: number; clock: number }>((resolve, reject) => {
        const read = (window as WithReader).readClock;
        // Looked at by itself: a player that takes over brings a <video> of its own.
        const look = setInterval(() => {
          const video = document.querySelector('video');
          const said = document.querySelector(where)?.textContent?.includes(what) === true;
          const clock = said && video ? (read?.(video) ?? null) : null;
          if (clock === null) return;
          clearInterval(look);
          resolve({ now: Date.now(), clock });
        }, 40);
        setTimeout(() => reject(new Error(`no picture that says ${what}: ${document.querySelector('.player')?.outerHTML}`)), patience);
      }),
    [selector, words, ms] as const,
  );
}

const percentile = (sorted: readonly number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;

/** What a benchmark prints of them. */
export function delayReport(delays: readonly number[]): Record<string, number> {
  const sorted = [...delays].sort((a, b) => a - b);
  return { frames: sorted.length, median_ms: percentile(sorted, 0.5), p95_ms: percentile(sorted, 0.95), max_ms: percentile(sorted, 1) };
}
