/** `npm run latency`: glass to glass on this machine, as JSON on stdout.
 *
 *  Every frame carries the wall clock in milliseconds as black and white bars; ffmpeg
 *  encodes and publishes it, the page plays it, and a canvas reads the bars back the moment
 *  the browser presents the frame. Encoder, relay, player and decoder are all inside; the
 *  camera and the display's own scan-out are not. */
import { spawn } from 'node:child_process';

import type { Page } from 'playwright-core';

import { startBrowser } from '../support/browser';
import { Server } from '../support/server';
import { waitFor } from '../support/wait';

const kWidth = 640;
const kHeight = 360;
const kRate = 30;
/** Low bits of the clock: 2^20 ms is 17 minutes, far more than any delay. */
const kBits = 20;
const kBar = kWidth / kBits;
const kSeconds = Number(process.env['SECONDS'] ?? 20);
const kPartMs = process.env['PART'] ?? '200ms';

/** A frame in I420: the bars above, mid-grey below; every bit is said twice, inverted the
 *  second time, so that a torn or smeared frame is seen and dropped. */
function frame(clock: number): Buffer {
  const luma = Buffer.alloc(kWidth * kHeight, 0x60);
  for (let bit = 0; bit < kBits; bit += 1) {
    const one = ((clock >> bit) & 1) === 1;
    for (let y = 0; y < 96; y += 1) {
      const white = y < 48 ? one : !one;
      luma.fill(white ? 0xeb : 0x10, y * kWidth + bit * kBar, y * kWidth + (bit + 1) * kBar);
    }
  }
  return Buffer.concat([luma, Buffer.alloc((kWidth * kHeight) / 2, 0x80)]);
}

interface Publisher {
  stop(): void;
}

function publishClock(url: string): Publisher {
  const ffmpeg = spawn(
    'ffmpeg',
    [
      '-hide_banner', '-loglevel', 'error',
      '-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', `${kWidth}x${kHeight}`, '-framerate', String(kRate),
      '-use_wallclock_as_timestamps', '1', '-fflags', 'nobuffer', '-i', 'pipe:0',
      '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100',
      '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-g', String(kRate * 2), '-b:v', '900k', '-fps_mode', 'passthrough',
      '-c:a', 'aac', '-b:a', '64k', '-flush_packets', '1', '-f', 'flv', url,
    ],
    { stdio: ['pipe', 'ignore', 'inherit'] },
  );
  ffmpeg.stdin.on('error', () => undefined);
  const begin = Date.now();
  let sent = 0;
  const timer = setInterval(() => {
    // What the clock says is owed; a late timer must not slow the picture down.
    const owed = Math.floor(((Date.now() - begin) / 1000) * kRate);
    if (owed <= sent) return;
    sent = owed;
    if (ffmpeg.stdin.writableLength < 4_000_000) ffmpeg.stdin.write(frame(Date.now() % 2 ** kBits));
  }, 4);
  return {
    stop() {
      clearInterval(timer);
      ffmpeg.stdin.end();
      ffmpeg.kill('SIGTERM');
    },
  };
}

/** Delays seen in the page, one per presented frame, in milliseconds. */
function measure(page: Page, seconds: number): Promise<number[]> {
  return page.evaluate(
    ([bits, ms]) =>
      new Promise<number[]>((resolve) => {
        const video = document.querySelector('video');
        if (!video) throw new Error('no video');
        const canvas = document.createElement('canvas');
        canvas.width = bits;
        canvas.height = 2;
        const context = canvas.getContext('2d', { willReadFrequently: true });
        if (!context) throw new Error('no canvas');
        const delays: number[] = [];
        const end = performance.now() + ms;
        const onFrame = (): void => {
          const now = Date.now();
          const bar = video.videoWidth / bits;
          // The middle of each bar, of its first and its inverted half.
          for (let bit = 0; bit < bits; bit += 1) {
            const x = bit * bar + bar * 0.3;
            context.drawImage(video, x, video.videoHeight * 0.045, bar * 0.4, video.videoHeight * 0.04, bit, 0, 1, 1);
            context.drawImage(video, x, video.videoHeight * 0.18, bar * 0.4, video.videoHeight * 0.04, bit, 1, 1, 1);
          }
          const { data } = context.getImageData(0, 0, bits, 2);
          let clock = 0;
          let sound = true;
          for (let bit = 0; bit < bits; bit += 1) {
            const first = (data[bit * 4] ?? 0) > 128;
            const second = (data[(bits + bit) * 4] ?? 0) > 128;
            if (first === second) sound = false;
            if (first) clock += 2 ** bit;
          }
          if (sound) delays.push((now % 2 ** bits) - clock + ((now % 2 ** bits) < clock ? 2 ** bits : 0));
          if (performance.now() < end) video.requestVideoFrameCallback(onFrame);
          else resolve(delays);
        };
        video.requestVideoFrameCallback(onFrame);
      }),
    [kBits, seconds * 1000] as const,
  );
}

const percentile = (sorted: readonly number[], p: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? NaN;

const server = await Server.start({ env: { TONGKE_HLS_PART: kPartMs } });
const browser = await startBrowser();
const lesson = await server.createLesson('延迟');
const link = await server.link(lesson.id);
const publisher = publishClock(lesson.rtmp);
try {
  await server.becomes(link.token, 'live');
  const page = await browser.open(`${server.origin}/w/${link.token}`, { width: 1280, height: 800 });
  await page.waitForSelector('.start');
  // The library is fetched while people read; let that be over, as it would be.
  await waitFor(() => page.evaluate(() => performance.getEntriesByType('resource').some((entry) => /assets\/hls/.test(entry.name))));
  await page.waitForLoadState('networkidle');
  // As for a pupil who comes in mid-lesson: the first segments are made.
  const playlist = (await (await fetch(link.hls)).text()).split('\n').find((line) => line.includes('media.m3u8') && !line.startsWith('#')) ?? '';
  await waitFor(async () => (await (await fetch(new URL(playlist, link.hls))).text()).split('#EXTINF').length > 3, { ms: 20_000, what: 'three segments' });
  const firstPicture = await page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const begin = performance.now();
        document.querySelector('video')?.requestVideoFrameCallback(() => resolve(performance.now() - begin));
        document.querySelector<HTMLElement>('.start')?.click();
      }),
  );
  await waitFor(() => page.evaluate(() => (document.querySelector('video')?.currentTime ?? 0) > 0));
  await measure(page, 8); // settling
  const delays = (await measure(page, kSeconds)).sort((a, b) => a - b);
  console.log(
    JSON.stringify({
      bench: 'glass_to_glass',
      part: kPartMs,
      frames: delays.length,
      median_ms: percentile(delays, 0.5),
      p95_ms: percentile(delays, 0.95),
      max_ms: percentile(delays, 1),
      first_picture_ms: Math.round(firstPicture),
    }),
  );
} finally {
  publisher.stop();
  await browser.close();
  await server.close();
}
