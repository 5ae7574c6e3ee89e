import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, type View } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, loudness, moves, overflow, playing, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// The pages alone, against a stand-in for the server; what needs the product is in ../e2e.

const use = useDouble();
const { open } = use;
const watch = (view?: View): Promise<Page> => open(`/w/${use.double.link}`, view);

describe('home page', () => {
  it('explains itself, offers the demo lesson and no list of lessons', async () => {
    const home = await open('/');
    await home.waitForSelector('.hero__demo a');
    expect(await home.getAttribute('.hero__demo a', 'href')).toBe(`/w/${use.double.link}`);
    expect(await text(home, 'footer')).toContain('本课免费，老师不会收费');
    expect(await home.locator('a[href^="/w/"]').count()).toBe(1);
  });
  it('offers none when there is none, and is whole without the server’s answer', async () => {
    use.double.script.demo = false;
    const home = await open('/');
    await home.waitForSelector('.version');
    expect(await home.locator('.hero__demo').count()).toBe(0);
  });
  it('speaks the browser’s language, and the other one when asked, and remembers', async () => {
    const home = await open('/', { ...kPhone, locale: 'en-GB' });
    expect(await text(home, 'h1')).toBe('One lesson, every home');
    const speaksChinese = (): Promise<true> =>
      waitFor(async () => (await text(home, 'h1')) === '一堂课，家家都能上' && (await home.getAttribute('html', 'lang')) === 'zh-CN', { what: 'Chinese' });
    await home.getByRole('button', { name: '中文' }).click();
    await speaksChinese();
    await home.reload();
    await speaksChinese();
  });
});

describe('watch page', () => {
  it('says what to do about a link that does not exist', async () => {
    const missing = await open('/w/nothing');
    await missing.waitForSelector('.board__text li');
    expect(await text(missing, 'main')).toContain('请班主任再发一个新的');
  });

  it('waits, and becomes live without a reload', async () => {
    const lesson = await watch();
    await lesson.waitForSelector('.board__lesson');
    expect(await text(lesson, 'h1')).toBe('还没开始上课');
    await lesson.evaluate(() => document.documentElement.setAttribute('data-same', ''));
    await use.double.startTeacher();
    await lesson.waitForSelector('.start', { timeout: 8000 });
    expect(await lesson.getAttribute('html', 'data-same')).toBe('');
  });

  it('is asked for again by itself when the line lost a file of it on the way', async () => {
    const lesson = await watch();
    await lesson.waitForSelector('.board__lesson');
    let asked = 0;
    await lesson.route('**/watch-page*.js', async (route) => ((asked += 1) <= 2 ? route.abort('internetdisconnected') : route.continue()));
    await lesson.reload();
    await waitFor(async () => (await lesson.locator('.board__lesson').count()) === 1, { ms: 20_000, what: 'the page' });
    expect(asked).toBe(3);
  });

  it('plays with sound after one tap, rewinds to the start and goes live again', async () => {
    await use.double.startTeacher();
    const lesson = await watch(kPhone);
    const errors = watchErrors(lesson);
    const foreign = watchForeignRequests(lesson);
    await join(lesson);
    await moves(lesson);
    expect(await loudness(lesson)).toBeGreaterThan(0.05);
    await lesson.waitForSelector('.pill--live');
    await waitFor(async () => (await playing(lesson)).time > 8, { ms: 20_000 });
    await lesson.getByRole('button', { name: '从头看' }).click();
    await lesson.waitForSelector('.late');
    expect((await playing(lesson)).time).toBeLessThan(6);
    await moves(lesson);
    await lesson.getByRole('button', { name: '回到直播' }).click();
    await lesson.waitForSelector('.pill--live');
    await moves(lesson);
    expect(await text(lesson, '.used')).toMatch(/已用 \d+\.\d MB/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('is worked by keyboard alone', async () => {
    await use.double.startTeacher();
    const lesson = await watch();
    await lesson.waitForSelector('.start');
    await lesson.keyboard.press('k');
    await waitFor(async () => (await playing(lesson)).time > 12, { ms: 30_000, what: 'playing' });
    await lesson.keyboard.press(' ');
    await waitFor(async () => (await playing(lesson)).paused);
    await lesson.keyboard.press(' ');
    await waitFor(async () => !(await playing(lesson)).paused);
    const before = (await playing(lesson)).time;
    await lesson.keyboard.press('ArrowLeft');
    await waitFor(async () => (await playing(lesson)).time < before - 5);
    await lesson.waitForSelector('.late');
    await lesson.keyboard.press('l');
    await lesson.waitForSelector('.pill--live');
    await lesson.keyboard.press('m');
    await waitFor(() => lesson.evaluate(() => document.querySelector('video')?.muted), { what: 'muted' });
    await lesson.focus('.tools .tool:nth-last-child(2)');
    await lesson.keyboard.press('Enter');
    await lesson.waitForSelector('[role="dialog"]');
    await lesson.keyboard.press('ArrowUp');
    await lesson.keyboard.press('Escape');
    await waitFor(async () => (await lesson.locator('[role="dialog"]').count()) === 0);
  });

  it('is heard while the player’s code is still on its way, and seen when that has come', async () => {
    const lesson = await watch();
    await lesson.waitForSelector('.board__lesson');
    let come = (): void => undefined;
    const slow = new Promise<void>((resolve) => (come = resolve));
    await lesson.route('**/hls-engine*.js', async (route) => {
      await slow;
      await route.continue();
    });
    await use.double.startTeacher();
    await lesson.click('.start');
    await waitFor(async () => (await playing(lesson)).time > 0, { ms: 10_000, what: 'begins' });
    const heard = (await playing(lesson)).time;
    await waitFor(async () => (await playing(lesson)).time > heard + 3, { ms: 10_000, what: 'goes on' });
    expect(await loudness(lesson)).toBeGreaterThan(0.05);
    expect([await text(lesson, '.words'), (await playing(lesson)).frames]).toEqual(['马上就来……', 0]);
    come();
    await waitFor(async () => (await playing(lesson)).frames > 2, { ms: 20_000, what: 'the picture' });
    expect(await loudness(lesson)).toBeGreaterThan(0.05);
    expect(await text(lesson, '.words')).toBe('');
    await moves(lesson, 3);
  });

  it('goes on with sound only, and back to the picture', async () => {
    await use.double.startTeacher();
    const lesson = await watch();
    await join(lesson);
    await moves(lesson);
    const requested: string[] = [];
    lesson.on('request', (request) => requested.push(new URL(request.url()).pathname));
    await lesson.getByRole('button', { name: /清晰度/ }).click();
    await lesson.getByRole('radio', { name: /只听声音/ }).click();
    await lesson.waitForSelector('.cover--sound');
    const before = (await playing(lesson)).time;
    await waitFor(async () => (await playing(lesson)).time > before + 4, { ms: 15_000, what: 'sound goes on' });
    expect(await loudness(lesson)).toBeGreaterThan(0.05);
    requested.length = 0;
    await waitFor(() => requested.some((path) => path.endsWith('.m4s')), { what: 'segments' });
    expect(requested.filter((path) => /\/(720p|240p)\//.test(path))).toEqual([]);
    await lesson.getByRole('button', { name: '打开画面' }).click();
    await moves(lesson);
  });

  it('survives a server that restarts: keeps trying, says so, goes on by itself', async () => {
    await use.double.startTeacher();
    const lesson = await watch();
    await join(lesson);
    await moves(lesson);
    use.double.down = true;
    await lesson.waitForSelector('.words--stalled', { timeout: 30_000 });
    await waitFor(async () => /重连/.test(await text(lesson, '.words')), { ms: 20_000, what: 'says it reconnects' });
    use.double.down = false;
    await waitFor(async () => (await text(lesson, '.words')) === '', { ms: 40_000, what: 'recovers' });
    await moves(lesson, 1, 30_000);
  });

  it('says when the teacher is away, and turns into a replay when the lesson ends', async () => {
    await use.double.startTeacher();
    const lesson = await watch();
    await join(lesson);
    await moves(lesson, 3);
    use.double.script.state = 'interrupted';
    await waitFor(async () => /老师正在重连/.test(await text(lesson, '.words')), { ms: 12_000 });
    await use.double.stopTeacher();
    use.double.script.state = 'ended';
    use.double.script.mp4 = '/api/v1/lessons/L1/recording.mp4';
    await lesson.waitForSelector('.player--finished', { timeout: 30_000 });
    expect(await lesson.getAttribute('.facts a', 'href')).toBe('/api/v1/lessons/L1/recording.mp4');
    await lesson.click('.start');
    await waitFor(async () => { const now = await playing(lesson); return !now.paused && now.time < 6; }, { what: 'from the start' });
    await lesson.getByRole('button', { name: /速度/ }).click();
    await lesson.getByRole('radio', { name: '1.5' }).click();
    await waitFor(async () => (await lesson.evaluate(() => document.querySelector('video')?.playbackRate)) === 1.5, { what: 'faster' });
    await lesson.context().close();
    const replay = await watch(kPhone);
    await replay.waitForSelector('.start');
    expect(await text(replay, '.start')).toBe('点一下，从头看');
    await join(replay);
    expect((await playing(replay)).time).toBeLessThan(8);
  });

  it('uses the native player where that is the real one', async () => {
    await use.double.startTeacher();
    const tv = await watch({ ...kTelevision, userAgent: 'Mozilla/5.0 (SMART-TV; LINUX; Tizen 6.5) AppleWebKit/537.36 Chrome/85.0 TV Safari/537.36' });
    const requested: string[] = [];
    tv.on('request', (request) => requested.push(request.url()));
    await tv.click('.start');
    await waitFor(() => requested.some((url) => url.includes('master.m3u8')));
    expect(requested.filter((url) => /assets\/hls/.test(url))).toEqual([]);
    expect(await tv.getAttribute('video', 'src')).toContain('/hls/');
  });
});

describe('the waiting page', () => {
  const card = { goal: '认识几分之一', advice: '准备一张纸，跟着折一折' };
  it('says when it begins and what it is about, and counts down', async () => {
    use.double.script.plan = { planned_start: Date.now() + 90_000, planned_end: Date.now() + 1_290_000, card };
    const page = await open(`/w/${use.double.link}`, kPhone);
    await page.waitForSelector('.lesson-card');
    const left = (): Promise<string> => text(page, '.lesson-card__left');
    expect(await left()).toMatch(/^还有 1:[0-3]\d$/);
    const before = await left();
    await waitFor(async () => (await left()) !== before, { what: 'a second less' });
    expect(await text(page, '.lesson-card')).toMatch(/上课.*要学会：.*认识几分之一.*怎么学：.*折一折/);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
  it('says only the hour while it is far, and that it is any moment now when it should have begun', async () => {
    use.double.script.plan = { planned_start: Date.now() + 26 * 3_600_000, planned_end: Date.now() + 27 * 3_600_000, card };
    const page = await open(`/w/${use.double.link}`, { ...kPhone, locale: 'en-US' });
    await page.waitForSelector('.lesson-card');
    expect(await text(page, '.lesson-card__left')).toBe('');
    expect(await text(page, '.lesson-card__when')).toMatch(/^Begins at \w+ \d+/);
    use.double.script.plan = { planned_start: Date.now() - 5000, planned_end: Date.now() + 1_000_000, card };
    await page.reload();
    await page.waitForSelector('.lesson-card');
    expect(await text(page, '.lesson-card__left')).toBe('Any moment now');
  });
});

describe('every size and language', () => {
  const views: readonly (readonly [string, View])[] = [
    ['small phone', { ...kPhone, width: 320, height: 568 }],
    ['phone', kPhone],
    ['phone, English, dark', { ...kPhone, locale: 'en-US', dark: true }],
    ['phone on its side', { width: 640, height: 360, touch: true }],
    ['tablet', { width: 820, height: 1180, touch: true, locale: 'en-US' }],
    ['desktop', kDesktop],
    ['desktop, English, dark', { ...kDesktop, locale: 'en-US', dark: true }],
    ['television', kTelevision],
  ];
  it.each(views)('%s: accessible, nothing over the edge, targets large enough', async (_, view) => {
    const home = await open('/', view);
    await home.waitForSelector('.hero__demo');
    expect(await accessibilityProblems(home)).toEqual([]);
    expect(await overflow(home)).toBeLessThanOrEqual(0);
    await home.context().close();

    await use.double.startTeacher();
    const lesson = await watch(view);
    await lesson.waitForSelector('.start');
    expect(await accessibilityProblems(lesson)).toEqual([]);
    await join(lesson);
    await lesson.waitForSelector('.seek__bar:not(:disabled)');
    await lesson.getByRole('button', { name: /清晰度|Quality/ }).click();
    expect(await accessibilityProblems(lesson)).toEqual([]);
    expect(await overflow(lesson)).toBeLessThanOrEqual(0);
    const small = await lesson.evaluate(() =>
      [...document.querySelectorAll('button, a, input')]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
        .map(({ element, box }) => `${element.className} ${box.width}x${box.height}`),
    );
    expect(small).toEqual([]);
  });
});
