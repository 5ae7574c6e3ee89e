/** `npm run latency`: glass to glass on this machine, as JSON on stdout.
 *
 *  Every frame carries the wall clock in milliseconds as black and white bars; ffmpeg
 *  encodes and publishes it, the page plays it, and a canvas reads the bars back the moment
 *  the browser presents the frame. Encoder, relay, player and decoder are all inside; the
 *  camera and the display's own scan-out are not. */
import { startBrowser } from '../support/browser';
import { delayReport, measureDelays, publishClock } from '../support/clock-picture';
import { Server } from '../support/server';
import { waitFor } from '../support/wait';

const kSeconds = Number(process.env['SECONDS'] ?? 20);
const kPartMs = process.env['PART'] ?? '200ms';

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
  await measureDelays(page, 8); // settling
  const delays = await measureDelays(page, kSeconds);
  console.log(
    JSON.stringify({
      bench: 'glass_to_glass',
      part: kPartMs,
      ...delayReport(delays),
      first_picture_ms: Math.round(firstPicture),
    }),
  );
} finally {
  publisher.stop();
  await browser.close();
  await server.close();
}
