/* eslint-disable no-console */
import { dirname, join } from 'node:path';

import type { Page } from 'playwright-core';

import { kPhone, kChromium, startBrowser } from '../support/browser';
import { Running } from '../support/process';
import { kTongke, Server } from '../support/server';
import { makeWeakLine } from '../support/weak-line';
import { waitFor } from '../support/wait';

// `npm run weak-phone`: a pupil's link on a phone behind 200 kbit/s that lose 2 % of all packets, by Chromium in a
// network namespace with tbf and iptables: how long from the tap to sound and to picture, how often and how long
// it stands still over a lesson, and what it costs; then the line falls to 60 kbit/s. Needs root. Prints JSON.
//   [SECONDS=1200] [KBIT=200] [LOSS=0.02]

const kSeconds = Number(process.env['SECONDS'] ?? 1200);
const kKilobits = Number(process.env['KBIT'] ?? 200);
const kLoss = Number(process.env['LOSS'] ?? 0.02);
const kFloorKilobits = 60;
const kFloorSeconds = 60;

interface Watched {
  /** Since the tap. */
  soundMs: number | null;
  pictureMs: number | null;
  stalls: number;
  stalledMs: number;
  seconds: number;
}
type Window = { watched: Watched } & typeof globalThis;

/** Looks at the video ten times a second: it stands still when its time does not move for half a second. */
async function watch(page: Page): Promise<void> {
  await page.evaluate(() => {
    const began = performance.now();
    const watched: Watched = { soundMs: null, pictureMs: null, stalls: 0, stalledMs: 0, seconds: 0 };
    (globalThis as Window).watched = watched;
    let time = 0;
    let moved = began;
    let looked = began;
    let still = false;
    setInterval(() => {
      const now = performance.now();
      const video = document.querySelector('video');
      watched.seconds = (now - began) / 1000;
      if (video === null) return;
      if (video.currentTime !== time) {
        time = video.currentTime;
        moved = now;
        still = false;
        watched.soundMs ??= video.paused || video.muted ? null : now - began;
      } else if (watched.soundMs !== null && now - moved > 500) {
        watched.stalledMs += still ? now - looked : now - moved;
        if (!still) watched.stalls += 1;
        still = true;
      }
      if (video.getVideoPlaybackQuality().totalVideoFrames > 2 || document.querySelector('.cover--slides img') !== null) watched.pictureMs ??= now - began;
      looked = now;
    }, 100);
  });
}
const seen = (page: Page): Promise<Watched> => page.evaluate(() => (globalThis as Window).watched);
const kinds = (page: Page): Promise<object> =>
  page.evaluate(() => {
    const video = document.querySelector('video');
    return { webrtc: video?.srcObject !== null, width: video?.videoWidth ?? 0, slides: document.querySelector('.cover--slides') !== null };
  });

const line = makeWeakLine();
const server = await Server.start({ env: { TONGKE_SERVER_HOST: line.host } });
const browser = await startBrowser(line.inside(kChromium));
const lesson = await server.createLesson('五年级数学：分数');
// The demo's teacher, who writes at a board and speaks, as lessons are.
const publisher = new Running(join(dirname(kTongke), 'tongke-pipeline'), ['demo', '--url', lesson.rtmp]);
try {
  const link = await server.link(lesson.id);
  await server.becomes(link.token, 'live');
  line.squeezed(kKilobits);
  line.loses(kLoss, 'all');
  const opened = Date.now();
  const page = await browser.open(`http://${line.host}:${server.ports.http}/w/${link.token}`, kPhone);
  await page.waitForSelector('.start', { timeout: 60_000 });
  const readyMs = Date.now() - opened;
  const before = line.carried();
  await page.tap('.start');
  await watch(page);
  await waitFor(async () => (await seen(page)).seconds >= kSeconds, { ms: (kSeconds + 60) * 1000, every: 1000, what: 'the lesson' });
  const whole = await seen(page);
  const megabytes = (line.carried() - before) / 1e6;
  const by = await kinds(page);

  line.squeezed(kFloorKilobits);
  const squeezed = Date.now();
  const slides = await waitFor(async () => (await page.$('.cover--slides')) !== null, { ms: 120_000, every: 200, what: 'slides' }).then(
    () => Date.now() - squeezed,
    () => null,
  );
  const atFloor = await seen(page);
  const bytes = line.carried();
  await waitFor(async () => (await seen(page)).seconds >= atFloor.seconds + kFloorSeconds, { ms: (kFloorSeconds + 30) * 1000, every: 1000, what: 'a minute of it' });
  const floor = await seen(page);
  await page.screenshot({ path: '../build/screenshots/weak-phone-floor.png' });
  console.log(
    JSON.stringify({
      bench: 'weak_phone',
      line: { kilobits: kKilobits, loss: kLoss },
      page_ms: readyMs,
      tap_to_sound_ms: whole.soundMs,
      tap_to_picture_ms: whole.pictureMs,
      seconds: whole.seconds,
      stalls: whole.stalls,
      stalled_s: whole.stalledMs / 1000,
      megabytes,
      by,
      floor: {
        kilobits: kFloorKilobits,
        slides_after_ms: slides,
        stalls: floor.stalls - atFloor.stalls,
        stalled_s: (floor.stalledMs - atFloor.stalledMs) / 1000,
        kilobits_used: ((line.carried() - bytes) * 8) / 1000 / (floor.seconds - atFloor.seconds),
        by: await kinds(page),
      },
    }),
  );
} finally {
  await publisher.stop();
  await browser.close();
  await server.close();
  line.close();
}
