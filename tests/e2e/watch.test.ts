import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kPhone, screenshot, type View } from '../support/browser';
import { type Class, useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import type { Running } from '../support/process';
import type { Link } from '../support/server';
import { waitFor } from '../support/wait';
import { join, loudness, moves, playing, seesSlate, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// A pupil's whole way through a lesson: real server, real publisher, real browser.

const use = useServer();
const tabs = useBrowser();
let teacher: Running | null = null;

async function teach({ lesson, link }: Class): Promise<void> {
  teacher = use.keep(publish(lesson.rtmp, pattern()));
  await use.server.becomes(link.token, 'live');
}
const open = (link: Link, view?: View): Promise<Page> => tabs.open(`${use.server.origin}/w/${link.token}`, view);

describe('a lesson on the watch page', () => {
  it('waits, goes live without a reload, plays with sound after one tap', async () => {
    const one = await use.newClass('三年级语文：燕子');
    const pupil = await open(one.link, kPhone);
    const errors = watchErrors(pupil);
    const foreign = watchForeignRequests(pupil);
    await pupil.waitForSelector('.board__lesson');
    expect(await text(pupil, '.board__lesson')).toBe('三年级语文：燕子');
    await screenshot(pupil, 'e2e-waiting');
    await teach(one);
    await pupil.waitForSelector('.start', { timeout: 10_000 });
    await join(pupil);
    await moves(pupil, 2);
    expect(await loudness(pupil)).toBeGreaterThan(0.02);
    await pupil.waitForSelector('.pill--live');
    await screenshot(pupil, 'e2e-live');
    expect(await accessibilityProblems(pupil)).toEqual([]);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('rewinds to the start and goes live again', async () => {
    const one = await use.newClass('回看');
    await teach(one);
    const pupil = await open(one.link);
    await join(pupil);
    await waitFor(async () => /0:1\d/.test(await text(pupil, '.seek__time--end')), { ms: 25_000, what: 'ten seconds of lesson' });
    await pupil.getByRole('button', { name: '从头看' }).click();
    await waitFor(async () => /^0:0[0-3]$/.test(await text(pupil, '.seek__time')), { what: 'at the start' });
    await moves(pupil, 1);
    expect(await text(pupil, '.late__text')).toMatch(/落后 \d+ 秒/);
    await screenshot(pupil, 'e2e-behind');
    await pupil.getByRole('button', { name: '回到直播' }).click();
    await pupil.waitForSelector('.pill--live');
    await moves(pupil, 1);
  });

  it('goes on with sound only, and back', async () => {
    const one = await use.newClass('只听声音');
    await teach(one);
    const pupil = await open(one.link);
    await join(pupil);
    await moves(pupil, 1);
    await pupil.getByRole('button', { name: /清晰度/ }).click();
    await pupil.getByRole('radio', { name: /只听声音/ }).click();
    await pupil.waitForSelector('.cover--sound');
    const before = (await playing(pupil)).time;
    await waitFor(async () => (await playing(pupil)).time > before + 3, { ms: 15_000, what: 'sound goes on' });
    expect(await loudness(pupil)).toBeGreaterThan(0.02);
    await screenshot(pupil, 'e2e-sound-only');
    await pupil.getByRole('button', { name: '打开画面' }).click();
    await moves(pupil, 1);
  });

  it('says when the teacher drops out, and goes on when she is back', async () => {
    const one = await use.newClass('老师掉线');
    await teach(one);
    const pupil = await open(one.link);
    await join(pupil);
    await moves(pupil, 2);
    await teacher?.stop('SIGKILL');
    await waitFor(async () => /老师正在重连/.test(await text(pupil, '.words')), { ms: 15_000, what: 'the page says so' });
    // A picture that says so plays meanwhile.
    await waitFor(() => seesSlate(pupil), { ms: 15_000, what: 'the slate in the picture' });
    await moves(pupil, 3);
    await screenshot(pupil, 'e2e-interrupted');
    await teach(one);
    await waitFor(async () => !(await seesSlate(pupil)), { ms: 20_000, what: 'the lesson in the picture' });
    await moves(pupil, 3, 20_000);
    await waitFor(async () => (await text(pupil, '.words')) === '', { ms: 10_000, what: 'all is well again' });
  });

  it('goes on by itself after the server was restarted', async () => {
    const one = await use.newClass('服务器重启');
    await teach(one);
    const pupil = await open(one.link);
    await join(pupil);
    await moves(pupil, 2);
    await use.server.kill();
    await teacher?.stop();
    await use.server.up();
    await teach(one);
    await moves(pupil, 3, 40_000);
  });

  it('becomes a replay when the lesson ends, at the same address, from the beginning', async () => {
    const one = await use.newClass('下课以后');
    await teach(one);
    const pupil = await open(one.link);
    await join(pupil);
    await moves(pupil, 5);
    await use.server.endLesson(one.lesson.id);
    await pupil.waitForSelector('.player--finished', { timeout: 20_000 });
    await screenshot(pupil, 'e2e-finished');
    await pupil.context().close();

    const later = await open(one.link, { ...kPhone, locale: 'en-US' });
    await later.waitForSelector('.start');
    expect(await text(later, '.start')).toBe('Tap to watch from the start');
    await join(later);
    expect(await text(later, '.pill')).toBe('Replay');
    expect((await playing(later)).time).toBeLessThan(3);
    await moves(later, 2);
    expect(await loudness(later)).toBeGreaterThan(0.02);
    await screenshot(later, 'e2e-replay-en');
    await later.getByRole('button', { name: '中文' }).click();
    expect(await text(later, '.pill')).toBe('重播');
  });
});

describe('pages beside the lesson', () => {
  it('is kind about a link that does not exist', async () => {
    const page = await tabs.open(`${use.server.origin}/w/not-a-link`, kPhone);
    await page.waitForSelector('.board__text li');
    expect(await text(page, 'h1')).toBe('这个链接打不开课堂');
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'e2e-missing');
  });

  it('welcomes at the front door, without a demo lesson that is not there', async () => {
    const page = await tabs.open(`${use.server.origin}/`);
    await page.waitForSelector('.version');
    expect(await page.locator('.hero__demo').count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('forbids foreign scripts and never tells the address of the page', async () => {
    const response = await fetch(`${use.server.origin}/`);
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'self'/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  });
});
