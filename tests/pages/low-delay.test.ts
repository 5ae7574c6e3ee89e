import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { startAnswerer } from '../support/answerer';
import { accessibilityProblems } from '../support/axe';
import { kPhone, type View } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, loudness, moves, playing, text, watchErrors } from '../support/watch-page';

// Low delay on the watch page: WebRTC from a second page of the same Chromium, playlists
// from ffmpeg, and the way from one to the other and back.

const use = useDouble(async (double, browser) => {
  double.rtc.answerer = await startAnswerer(browser, double.origin);
  double.script.whep = true;
  await double.startTeacher();
});

async function watch(view: View = kPhone): Promise<Page> {
  const page = await use.open(`/w/${use.double.link}`, view);
  await page.waitForSelector('.start');
  return page;
}
const way = (at: Page): Promise<string | null> => at.getAttribute('.player', 'data-way');
const comesBy = (at: Page, expected: string, ms = 20_000): Promise<unknown> =>
  waitFor(async () => (await way(at)) === expected, { ms, what: `comes by ${expected}` });
async function pick(at: Page, name: RegExp): Promise<void> {
  await at.click('.tools .tool:nth-last-child(2)');
  await at.getByRole('radio', { name }).click();
}
/** Counts, in the page, the moments when two pictures have sound at once. */
async function watchVoices(at: Page): Promise<() => Promise<{ most: number; samples: number }>> {
  await at.evaluate(() => {
    const seen = { most: 0, samples: 0 };
    Object.assign(window, { voices: seen });
    const look = (): void => {
      const loud = [...document.querySelectorAll('video')].filter((video) => !video.muted && !video.paused).length;
      seen.most = Math.max(seen.most, loud);
      seen.samples += 1;
      requestAnimationFrame(look);
    };
    look();
  });
  return () => at.evaluate(() => (window as unknown as { voices: { most: number; samples: number } }).voices);
}

describe('low delay', () => {
  it('is not offered where the server has none', async () => {
    use.double.script.whep = false;
    const lesson = await watch();
    await join(lesson);
    await lesson.click('.tools .tool:nth-last-child(2)');
    await lesson.waitForSelector('.sheet');
    expect(await lesson.getByRole('radio', { name: /低延迟/ }).count()).toBe(0);
  });

  it('takes over without a reload or a second voice, is remembered, and gives back', async () => {
    const lesson = await watch();
    const errors = watchErrors(lesson);
    await join(lesson);
    await moves(lesson);
    const voices = await watchVoices(lesson);
    await pick(lesson, /低延迟/);
    await comesBy(lesson, 'whep');
    await moves(lesson);
    expect(await lesson.locator('video').count()).toBe(1);
    expect(await text(lesson, '.pill--live')).toBe('直播，低延迟');
    expect(await loudness(lesson, 2500)).toBeGreaterThan(0.02);
    expect(await accessibilityProblems(lesson)).toEqual([]);
    await waitFor(async () => /已用/.test(await text(lesson, '.used')), { what: 'data used is counted' });

    await pick(lesson, /自动/);
    await comesBy(lesson, 'hls');
    await moves(lesson);
    expect(await lesson.locator('video').count()).toBe(1);
    await waitFor(() => use.double.rtc.closed.length === 1, { what: 'the session is ended' });
    const heard = await voices();
    expect(heard.most).toBe(1);
    expect(heard.samples).toBeGreaterThan(30);
    expect(errors).toEqual([]);

    await pick(lesson, /低延迟/);
    await comesBy(lesson, 'whep');
    await lesson.reload();
    await lesson.waitForSelector('.start');
    await waitFor(() => use.double.rtc.closed.length === 2, { what: 'left politely' });
    await join(lesson);
    await comesBy(lesson, 'whep');
  });

  it('falls back by itself when the connection dies, says so quietly, and comes back', async () => {
    const lesson = await watch();
    await join(lesson);
    await pick(lesson, /低延迟/);
    await comesBy(lesson, 'whep');
    await moves(lesson);
    use.double.rtc.status.whep = 503;
    await use.double.rtc.answerer?.hangUp(use.double.rtc.opened[0] ?? '');
    await comesBy(lesson, 'hls', 30_000);
    await moves(lesson);
    expect(await text(lesson, '.facts')).toMatch(/低延迟暂时接不上/);
    use.double.rtc.status.whep = 201;
    await comesBy(lesson, 'whep', 60_000);
    await moves(lesson);
    expect(await text(lesson, '.facts')).not.toMatch(/低延迟/);
  });

  it('never starts where it is refused: the picture that plays is not disturbed', async () => {
    use.double.rtc.status.whep = 404;
    const lesson = await watch();
    await join(lesson);
    await moves(lesson);
    await pick(lesson, /低延迟/);
    await waitFor(async () => /低延迟暂时接不上/.test(await text(lesson, '.facts')), { what: 'a word' });
    await moves(lesson);
    expect(await way(lesson)).toBe('hls');
    expect(await lesson.locator('video').count()).toBe(1);
  });

  it('starts by playlist when low delay was remembered but is away', async () => {
    use.double.rtc.status.whep = 503;
    const page = await use.open(`/w/${use.double.link}`, { ...kPhone, before: 'localStorage.setItem("tongke.delay", "low")' });
    await page.waitForSelector('.start');
    await join(page);
    await moves(page);
    expect(await way(page)).toBe('hls');
  });

  it('pauses without costing anything, and resumes live', async () => {
    const lesson = await watch();
    await join(lesson);
    await pick(lesson, /低延迟/);
    await comesBy(lesson, 'whep');
    await lesson.click('.play');
    await waitFor(() => use.double.rtc.closed.length === 1, { what: 'the session is ended' });
    expect((await playing(lesson)).paused).toBe(true);
    await lesson.click('.play');
    await comesBy(lesson, 'whep');
    await moves(lesson);
    expect(use.double.rtc.opened.length).toBe(2);
  });

  it('becomes a replay when the lesson ends', async () => {
    const lesson = await watch();
    await join(lesson);
    await pick(lesson, /低延迟/);
    await comesBy(lesson, 'whep');
    await use.double.stopTeacher();
    use.double.script.state = 'ended';
    await lesson.waitForSelector('.player--finished', { timeout: 30_000 });
    await lesson.click('.start');
    await waitFor(async () => { const now = await playing(lesson); return now.frames > 2 && now.time < 6; }, { ms: 20_000, what: 'from the start' });
    expect(await way(lesson)).toBe('hls');
  });
});
