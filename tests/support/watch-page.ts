import type { Page } from 'playwright-core';

import { waitFor } from './wait';

/** What a viewer does and sees on the watch page, for tests with the double and with the
 *  real server alike. */

export interface Playing {
  readonly time: number;
  readonly frames: number;
  readonly paused: boolean;
}

export function playing(page: Page): Promise<Playing> {
  return page.evaluate(() => {
    const video = document.querySelector('video');
    return {
      time: video?.currentTime ?? 0,
      frames: video?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
      paused: video?.paused ?? true,
    };
  });
}

/** Waits until the picture has moved on by `seconds` from where it is now. */
export async function moves(page: Page, seconds = 1, ms = 15_000): Promise<void> {
  const before = await playing(page);
  await waitFor(
    async () => {
      const now = await playing(page);
      return now.time - before.time >= seconds && now.frames > before.frames;
    },
    { ms, what: 'the picture moves' },
  );
}

/** Joins by the one tap. */
export async function join(page: Page): Promise<void> {
  await page.click('.start');
  await waitFor(async () => (await playing(page)).frames > 2, { ms: 20_000, what: 'first pictures' });
}

/** Root mean square of the sound during `ms`: 0 is silence, a full-scale sine 0.7. */
export function loudness(page: Page, ms = 800): Promise<number> {
  return page.evaluate(async (duration) => {
    const video = document.querySelector('video') as (HTMLVideoElement & { captureStream(): MediaStream }) | null;
    if (video === null) return 0;
    const stream = video.captureStream();
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 2048;
    context.createMediaStreamSource(stream).connect(analyser);
    await context.resume();
    const samples = new Float32Array(analyser.fftSize);
    let loudest = 0;
    const end = performance.now() + duration;
    while (performance.now() < end) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      loudest = Math.max(loudest, Math.sqrt(power));
    }
    await context.close();
    return loudest;
  }, ms);
}

export const text = async (page: Page, selector: string): Promise<string> => (await page.textContent(selector)) ?? '';

/** Waits until what `selector` finds says so. */
export const says = (page: Page, selector: string, words: RegExp, ms = 20_000): Promise<true> =>
  waitFor(async () => words.test(await text(page, selector)), { ms, what: `${selector} says ${words.source}` });

/** How far the page hangs over its side: never, whatever the width and language. */
export const overflow = (page: Page): Promise<number> => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** Everything the page asked of other servers; must stay empty. */
export function watchForeignRequests(page: Page): string[] {
  const own = new URL(page.url()).origin;
  const foreign: string[] = [];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(own) && !url.startsWith('blob:') && !url.startsWith('data:')) foreign.push(url);
  });
  return foreign;
}

/** Errors of scripts and of the content security policy. */
export function watchErrors(page: Page): string[] {
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text())) errors.push(message.text());
  });
  return errors;
}

/** Whether the picture is the slate: the corner at its top left has the slate's ground (pipeline/worker/slate/picture.cpp). */
export function seesSlate(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const video = document.querySelector('video');
    const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 36 });
    const context = canvas.getContext('2d');
    if (video === null || context === null) return false;
    context.drawImage(video, 0, 0, canvas.width, canvas.height);
    const [red = 0, green = 0, blue = 0] = context.getImageData(2, 2, 1, 1).data;
    return Math.abs(red - 22) < 16 && Math.abs(green - 42) < 16 && Math.abs(blue - 58) < 16;
  });
}
