import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { type Browser, kChromium, startBrowser } from '../support/browser';
import { pattern, publish } from '../support/media';
import type { Running } from '../support/process';
import { type Link, Server } from '../support/server';
import { waitFor } from '../support/wait';
import { kMayMakeLines, makeWeakLine, type WeakLine } from '../support/weak-line';
import { type Received, received, watchWhep } from '../support/webrtc';

// Low delay over lines as families have them: Chromium behind a line that loses, or is narrow.

describe.skipIf(!kMayMakeLines)('WHEP over a bad line', () => {
  let line: WeakLine;
  let server: Server;
  let browser: Browser;
  let teacher: Running | null = null;
  let page: Page | null = null;

  beforeAll(async () => {
    line = makeWeakLine();
    server = await Server.start({ env: { TONGKE_SERVER_HOST: line.host } });
    browser = await startBrowser(line.inside(kChromium));
  });
  afterEach(async () => {
    await page?.context().close();
    page = null;
    await teacher?.stop();
    teacher = null;
    line.loses(0);
    line.squeezed(null);
  });
  afterAll(async () => {
    await browser.close();
    await server.close();
    line.close();
  });

  async function watch(title: string): Promise<Page> {
    const lesson = await server.createLesson(title);
    const link: Link = await server.link(lesson.id);
    teacher = publish(lesson.rtmp, pattern({ kilobits: 600 }));
    await server.becomes(link.token, 'live');
    page = await browser.open(`http://${line.host}:${server.ports.http}/`);
    await watchWhep(page, link.whep);
    const open = page;
    await waitFor(async () => (await received(open)).framesDecoded > 30, { ms: 20_000, what: 'pictures' });
    return page;
  }
  /** What came in during `ms`. */
  async function during(open: Page, ms: number): Promise<{ before: Received; after: Received; kilobits: number }> {
    const before = await received(open);
    const began = Date.now();
    await waitFor(() => Date.now() - began >= ms, { ms: ms + 1000 });
    const after = await received(open);
    return { before, after, kilobits: ((after.bytes - before.bytes) * 8) / (Date.now() - began) };
  }

  it('plays on at 5 % loss without standing still for a second', async () => {
    const open = await watch('五年级数学：丢包');
    line.loses(0.05);
    const { before, after } = await during(open, 15_000);
    console.log(JSON.stringify(after));
    expect(after.packetsLost + after.nacks - before.nacks).toBeGreaterThan(20); // it did lose
    expect(after.longestPauseMs).toBeLessThan(1000);
    expect(after.framesDecoded - before.framesDecoded).toBeGreaterThan(15 * 25 * 0.7);
  });

  it('fits into 300 kbit/s by itself, sound going on, and comes back with the line', async () => {
    const open = await watch('五年级数学：窄带');
    line.squeezed(300);
    const squeezed = Date.now();
    // Not what the line lets through counts, but that nothing queues behind it: sound keeps coming in time.
    await waitFor(async () => (await during(open, 1000)).kilobits < 250, { ms: 15_000, every: 10, what: 'a rendition that fits' });
    console.log(`fits after ${Date.now() - squeezed} ms`);
    const narrow = await during(open, 5000);
    expect(narrow.after.audioPackets - narrow.before.audioPackets).toBeGreaterThan(5 * 50 * 0.8);
    line.squeezed(null);
    const freed = Date.now();
    await waitFor(async () => (await during(open, 1000)).kilobits > 400, { ms: 30_000, every: 10, what: 'the picture is back' });
    console.log(`back after ${Date.now() - freed} ms`);
    const back = await during(open, 2000);
    expect(back.after.framesDecoded - back.before.framesDecoded).toBeGreaterThan(40);
  });
});
