import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { kChromium } from '../support/browser';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import { waitFor } from '../support/wait';
import { kMayMakeLines, makeWeakLine, type WeakLine } from '../support/weak-line';
import { received, watchWhep } from '../support/webrtc';

// Low delay over lines as families have them: Chromium behind a line that loses, or is narrow.

describe.skipIf(!kMayMakeLines)('WHEP over a bad line', () => {
  let line: WeakLine;
  beforeAll(() => {
    line = makeWeakLine();
  });
  afterAll(() => line.close());
  const lessons: string[] = [];
  afterEach(async () => {
    line.loses(0);
    line.squeezed(null);
    // Each has the machine for itself: what was watched is made for a minute more otherwise.
    for (const lesson of lessons.splice(0)) await use.server.endLesson(lesson);
  });
  const use = useServer(() => ({ env: { TONGKE_SERVER_HOST: line.host } }));
  const tabs = useBrowser(() => line.inside(kChromium));

  async function watch(title: string, media = pattern({ kilobits: 600 })): Promise<Page> {
    const { lesson, link } = await use.newClass(title);
    lessons.push(lesson.id);
    use.keep(publish(lesson.rtmp, media));
    await use.server.becomes(link.token, 'live');
    const page = await tabs.open(`http://${line.host}:${use.server.ports.http}/`);
    await watchWhep(page, link.whep);
    await waitFor(async () => (await received(page)).framesDecoded > 30, { ms: 20_000, what: 'pictures' });
    return page;
  }
  /** What came in until so many more sounds or pictures had; fails after `ms`. */
  async function during(page: Page, kind: 'audioSeconds' | 'framesDecoded', more: number, ms: number): Promise<{ lost: number; longestPauseMs: number; kilobits: number; audioPackets: number; concealed: number }> {
    const before = await received(page);
    const began = Date.now();
    let longestPauseMs = 0;
    const after = await waitFor(async () => {
      const now = await received(page);
      longestPauseMs = Math.max(longestPauseMs, now.longestPauseMs);
      return now[kind] - before[kind] >= more ? now : null;
    }, { ms, what: `${more} ${kind}` });
    return {
      lost: after.packetsLost + after.nacks - before.packetsLost - before.nacks,
      longestPauseMs,
      audioPackets: after.audioPackets - before.audioPackets,
      concealed: (after.concealed - before.concealed) / 48_000,
      kilobits: ((after.bytes - before.bytes) * 8) / (Date.now() - began),
    };
  }
  it('plays on at 5 % loss without standing still for a second', async () => {
    const page = await watch('五年级数学：丢包');
    line.loses(0.05);
    // Fifteen seconds of pictures, seven of ten of them in time.
    const seen = await during(page, 'framesDecoded', 15 * 25, 15_000 / 0.7);
    console.log(JSON.stringify(seen));
    expect(seen.lost).toBeGreaterThan(20); // it did lose
    expect(seen.longestPauseMs).toBeLessThan(1000);
  });

  it('fits into 300 kbit/s by itself, sound going on, and comes back with the line', async () => {
    const page = await watch('五年级数学：窄带');
    const second = async (): Promise<number> => (await during(page, 'audioSeconds', 1, 5000)).kilobits;
    line.squeezed(300);
    const squeezed = Date.now();
    // Not what the line lets through counts, but that nothing queues behind it: sound keeps coming in time.
    await waitFor(async () => (await second()) < 250, { ms: 15_000, every: 10, what: 'a rendition that fits' });
    console.log(`fits after ${Date.now() - squeezed} ms`);
    await during(page, 'audioSeconds', 5, 5000 / 0.8);
    line.squeezed(null);
    const freed = Date.now();
    // Padding fills the line too, while a smaller picture tries it.
    await waitFor(async () => (await second()) > 400 && (await received(page)).width === 640, { ms: 30_000, every: 10, what: 'the picture is back' });
    console.log(`back after ${Date.now() - freed} ms`);
    await during(page, 'framesDecoded', 2 * 25, 2000 / 0.8);
  });

  it('goes to a smaller picture that 300 kbit/s carry, and back to the large one', async () => {
    const page = await watch('五年级数学：小画面', pattern({ size: '1280x720', kilobits: 1200 }));
    await waitFor(async () => (await received(page)).width === 1280, { ms: 10_000, what: 'the source' });
    line.squeezed(300);
    const squeezed = Date.now();
    await waitFor(async () => (await received(page)).width === 426, { ms: 30_000, every: 50, what: '240p' });
    console.log(`240p after ${Date.now() - squeezed} ms`);
    const seen = await during(page, 'framesDecoded', 5 * 12, 5000 / 0.7);
    console.log(JSON.stringify(seen));
    expect(seen.concealed).toBeLessThan(0.5);
    line.squeezed(null);
    const freed = Date.now();
    await waitFor(async () => (await received(page)).width === 1280, { ms: 60_000, every: 50, what: 'the source again' });
    console.log(`back after ${Date.now() - freed} ms`);
  }, 150_000);

  it('keeps the sound on a line of 100 kbit/s, in fewer and larger packets', async () => {
    const page = await watch('五年级数学：只有声音');
    expect((await during(page, 'audioSeconds', 2, 5000)).audioPackets).toBeGreaterThan(45); // of 20 and 40 ms, beside 25 pictures
    line.squeezed(100);
    const seen = await waitFor(async () => {
      const second = await during(page, 'audioSeconds', 1, 5000);
      return second.audioPackets < 21 && second.concealed < 0.2 ? second : null; // of 60 ms
    }, { ms: 25_000, every: 10, what: 'sound in larger packets' });
    console.log(JSON.stringify(seen));
    const later = await during(page, 'audioSeconds', 8, 8000 / 0.8);
    console.log(JSON.stringify(later));
    expect(later.concealed).toBeLessThan(0.5);
    expect(later.kilobits).toBeLessThan(100);
  });
});
