/* eslint-disable no-console */
import type { Page } from 'playwright-core';

import { kPhone, startBrowser } from '../support/browser';
import { pattern, publish } from '../support/media';
import { Server } from '../support/server';

// `npm run slow-phone`: the watch page of a lesson on air on a phone of years ago, as Chromium imitates it:
// slow 4G (1.6 Mbit/s down, 0.75 up, 150 ms), the processor four times slower, nothing cached. Prints JSON.
//   [ROUNDS=5] [KBIT=1600] [RTT=150] [SLOWER=4]

const kRounds = Number(process.env['ROUNDS'] ?? 5);
const kKilobits = Number(process.env['KBIT'] ?? 1600);
const kRoundTrip = Number(process.env['RTT'] ?? 150);
const kSlower = Number(process.env['SLOWER'] ?? 4);

interface Marks {
  /** Since the link was tapped: first text, and the button there with the page ready to hear a tap. */
  textMs?: number;
  interactiveMs?: number;
  longestTaskMs: number;
  shift: number;
  /** Since the button was tapped. */
  tappedAt?: number;
  pictureMs?: number;
}
type Window = { marks: Marks } & typeof globalThis;

/** Runs before the page's own script. */
const kLook = `(() => {
  const marks = { longestTaskMs: 0, shift: 0 };
  window.marks = marks;
  new PerformanceObserver((list) => list.getEntries().forEach((task) => { marks.longestTaskMs = Math.max(marks.longestTaskMs, task.duration); })).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((one) => { marks.shift += one.hadRecentInput ? 0 : one.value; })).observe({ type: 'layout-shift', buffered: true });
  new PerformanceObserver((list) => list.getEntriesByName('first-contentful-paint').forEach((one) => { marks.textMs = one.startTime; })).observe({ type: 'paint', buffered: true });
  const look = () => {
    if (!document.querySelector('.start')) return requestAnimationFrame(look);
    // A task of its own: it runs when the page has nothing left to do before a tap.
    setTimeout(() => { marks.interactiveMs ??= performance.now(); }, 0);
  };
  requestAnimationFrame(look);
})()`;

async function imitatePhone(page: Page): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Network.enable');
  await cdp.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: kRoundTrip,
    downloadThroughput: (kKilobits * 1000) / 8,
    uploadThroughput: 750_000 / 8,
  });
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: kSlower });
}

const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
const figures = (of: readonly number[]): { median: number; worst: number } => ({ median: Math.round(median(of)), worst: Math.round(Math.max(...of)) });

const server = await Server.start();
const browser = await startBrowser();
const lesson = await server.createLesson('慢手机');
const publisher = publish(lesson.rtmp, pattern({ kilobits: 600 }));
try {
  const rounds: Marks[] = [];
  let bytes = 0;
  let requests = 0;
  for (let round = 0; round < kRounds; round += 1) {
    const link = await server.link(lesson.id);
    await server.becomes(link.token, 'live');
    const page = await browser.open('about:blank', { ...kPhone, before: kLook });
    await imitatePhone(page);
    await page.goto(`${server.origin}/w/${link.token}`);
    await page.waitForFunction(() => (globalThis as Window).marks.interactiveMs !== undefined);
    [bytes, requests] = await page.evaluate(() => {
      const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')] as PerformanceResourceTiming[];
      return [all.reduce((sum, one) => sum + one.transferSize, 0), all.length] as const;
    });
    await page.evaluate(() => {
      const { marks } = globalThis as Window;
      document.addEventListener('click', () => (marks.tappedAt ??= performance.now()), { capture: true });
      const look = (): void => {
        const video = document.querySelector('video');
        if (video !== null && video.currentTime > 0 && video.readyState > 2 && !video.paused) marks.pictureMs = performance.now() - (marks.tappedAt ?? 0);
        else requestAnimationFrame(look);
      };
      look();
    });
    await page.tap('.start');
    await page.waitForFunction(() => (globalThis as Window).marks.pictureMs !== undefined, undefined, { timeout: 60_000 });
    rounds.push(await page.evaluate(() => (globalThis as Window).marks));
    await page.context().close();
  }
  console.log(
    JSON.stringify({
      line: { kilobits: kKilobits, roundTripMs: kRoundTrip, slower: kSlower },
      text_ms: figures(rounds.map(({ textMs }) => textMs ?? Number.NaN)),
      interactive_ms: figures(rounds.map(({ interactiveMs }) => interactiveMs ?? Number.NaN)),
      tap_to_play_ms: figures(rounds.map(({ pictureMs }) => pictureMs ?? Number.NaN)),
      longest_task_ms: figures(rounds.map(({ longestTaskMs }) => longestTaskMs)),
      layout_shift: Math.max(...rounds.map(({ shift }) => shift)),
      before_the_tap: { bytes, requests },
    }),
  );
} finally {
  await publisher.stop();
  await browser.close();
  await server.close();
}
