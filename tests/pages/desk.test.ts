import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, type View } from '../support/browser';
import { fillClass } from '../support/class-script';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, moves, overflow, playing, says, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// The subject teacher's desk against a stand-in for the server that keeps to tongke.v1.

const use = useDouble();
const { open } = use;

const kDeadline = { timeout: 30_000 };

async function desk(view?: View): Promise<Page> {
  const page = await open(`/desk/${use.double.teacher}`, view);
  await page.waitForSelector('.room', kDeadline);
  return page;
}
const tile = (page: Page, name: string) => page.locator('.seat', { hasText: name });

describe('the desk', () => {
  it('is kind about a link that does not exist, and about one for watching', async () => {
    const missing = await open('/desk/nothing', kPhone);
    await missing.waitForSelector('.board__text p');
    expect(await text(missing, 'h1')).toBe('这个任课链接打不开');
    const pupil = await open(`/desk/${use.double.link}`, kPhone);
    await says(pupil, 'h1', /看课用的/);
    expect(await pupil.getAttribute('.board a', 'href')).toBe(`/w/${use.double.link}`);
  });

  it('shows before class who is here already, and goes live without a reload', async () => {
    const page = await desk();
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await says(page, '.desk__picture', /还没开始上课/);
    await says(page, '.room__here', /在 0／1/);
    const pupil = await open(`/w/${use.double.link}`, kPhone);
    await pupil.waitForSelector('.board__lesson');
    await says(page, '.room__here', /在 1／1/);
    await use.double.startTeacher();
    await page.waitForSelector('.start', kDeadline);
    await join(page);
    await moves(page);
    await page.waitForSelector('.pill--live', kDeadline);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it.each([
    ['phone', kPhone],
    ['desktop', kDesktop],
  ])('shows the way to the studio once the lesson was handed to her: %s', async (_, view) => {
    await use.double.startTeacher();
    const page = await desk(view);
    expect(await page.locator('.desk__handed').count()).toBe(0);
    use.double.handover.to = 'li';
    await page.waitForSelector('.desk__handed', kDeadline);
    expect(await page.locator('.desk__handed a').getAttribute('href')).toBe(`/studio/${use.double.lead}`);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBe(0);
    use.double.handover.to = null;
    await page.waitForSelector('.desk__handed', { ...kDeadline, state: 'detached' });
  });

  it('tells how each pupil is doing, and finds those who need her', async () => {
    fillClass(use.double.signal, 'r2', 42);
    const page = await desk();
    await waitFor(async () => (await page.locator('.seat').count()) === 42, { what: '42 pupils' });
    use.double.signal.seat('r2', 3, { state: 'stalled' });
    await waitFor(async () => /卡住了/.test((await tile(page, '王小明').textContent()) ?? ''), { what: 'stalls' });
    use.double.signal.unclear('r2', 4, 125_000);
    await waitFor(async () => /2:05 没听懂/.test((await tile(page, '赵雨').textContent()) ?? ''), { what: 'did not follow' });
    await page.getByRole('button', { name: /没听懂 1/ }).click();
    await waitFor(async () => (await page.locator('.seat').count()) === 1, { what: 'one of them' });
    await page.getByRole('button', { name: /全班/ }).click();
    await waitFor(async () => (await page.locator('.seat').count()) === 42, { what: 'all again' });
    use.double.signal.seat('r2', 5, { state: 'playing', tv: true, companion: 'grandparent' });
    await waitFor(async () => /电视 · 老人陪/.test((await page.locator('.seat').nth(4).textContent()) ?? ''), { what: 'TV and companion' });
  });

  it('keeps every pupil in her place while 42 of them change', async () => {
    fillClass(use.double.signal, 'r2', 42);
    const page = await desk();
    await waitFor(async () => (await page.locator('.seat').count()) === 42, { what: '42 pupils' });
    await page.evaluate(() => {
      const seen = { shift: 0, longest: 0 };
      Object.assign(window, { seen });
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => (seen.shift += (entry as unknown as { value: number }).value))).observe({ type: 'layout-shift', buffered: false });
      let last = performance.now();
      const look = (now: number): void => {
        seen.longest = Math.max(seen.longest, now - last);
        last = now;
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const place = (): Promise<string> => page.evaluate(() => JSON.stringify([...document.querySelectorAll('.seat')].map((seat) => [seat.getBoundingClientRect().x, seat.getBoundingClientRect().y, seat.getBoundingClientRect().height])));
    const before = await place();
    for (let round = 0; round < 10; round += 1) {
      for (let seat = 1; seat <= 42; seat += 1) use.double.signal.seat('r2', seat, { state: ['playing', 'stalled', 'gone', 'audio'][(seat + round) % 4] ?? 'playing' });
    }
    const last = await page.locator('.seat').nth(41);
    await waitFor(async () => /在听课|卡住了|断线|只听/.test((await last.textContent()) ?? '') && (await page.locator('.seat--stalled').count()) >= 10, { what: 'the last round is shown' });
    expect(await place()).toBe(before);
    const seen = await page.evaluate(() => (window as unknown as { seen: { shift: number; longest: number } }).seen);
    console.log(JSON.stringify(seen));
    expect(seen.shift).toBeLessThan(0.02);
  });

  it('places a note at the moment the teacher sees, and the pupil meets it there', async () => {
    await use.double.startTeacher();
    const page = await desk();
    expect(await page.isDisabled('.note__do .button')).toBe(true);
    await join(page);
    const pupil = await open(`/w/${use.double.link}`, kPhone);
    await join(pupil);
    await page.fill('.note__text', '第12题(2)先别做');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.sent__list .sent__one', kDeadline);
    expect(await page.inputValue('.note__text')).toBe('');
    const sent = use.double.signal.said.find(({ t }) => t === 'note');
    const at = (await playing(page)).time;
    expect(Number(sent?.['media_time']) / 1000).toBeLessThanOrEqual(at + 1);
    expect(Number(sent?.['media_time']) / 1000).toBeGreaterThan(at - 15);
    expect(sent?.['room']).toBe('r2');
    await says(pupil, '.notes', /李老师 第12题\(2\)先别做/);
  });

  it('keeps a note that could not be sent, and sends it again', async () => {
    await use.double.startTeacher();
    const page = await desk();
    await join(page);
    use.double.signal.answers = false;
    await page.fill('.note__text', '再看一遍黑板');
    await page.click('.note__do .button');
    await says(page, '.sent', /正在发/);
    use.double.signal.hangUp(4408);
    await says(page, '.sent', /没有发出去/);
    use.double.signal.answers = true;
    await waitFor(async () => (await page.locator('.desk__line:not(:empty)').count()) === 0, { ms: 20_000, what: 'connected again' });
    await page.getByRole('button', { name: '再发一次' }).click();
    await waitFor(async () => (await page.locator('.sent__list .sent__one').count()) === 1, { what: 'sent' });
    expect(await text(page, '.sent')).not.toContain('没有发出去');
  });

  it('freezes her class, and hears of a link that was passed on', async () => {
    const page = await desk();
    await page.getByRole('button', { name: /冻结三\(2\)班/ }).click();
    await says(page, '.room__facts', /已冻结/);
    expect(use.double.signal.said.at(-1)).toMatchObject({ t: 'freeze', on: true, room: 'r2' });
    await page.getByRole('button', { name: /解除三\(2\)班/ }).click();
    await waitFor(async () => !/已冻结/.test(await text(page, '.room__facts')), { what: 'thawed' });
    use.double.signal.tell(['teacher'], { t: 'device', room: 'r2', seat: 7, label: '李明' });
    await says(page, '.refused', /李明的链接在第三台设备上打开/);
    await page.getByRole('button', { name: '知道了' }).click();
    await waitFor(async () => (await page.locator('.refused').count()) === 0, { what: 'seen' });
  });

  it('says that it is cut off, comes back by itself, and gives way to another device for good', async () => {
    const page = await desk();
    use.double.signal.hangUp(4408);
    await says(page, '.desk__line', /断开了，正在重连/);
    await waitFor(async () => (await page.locator('.desk__line:not(:empty)').count()) === 0, { ms: 20_000, what: 'connected again' });
    use.double.signal.hangUp(4410);
    await says(page, 'h1', /不再连着班里/);
  });

  it('is worked by keyboard alone, and letters in a note are letters', async () => {
    await use.double.startTeacher();
    const page = await desk();
    await page.waitForSelector('.start');
    await page.keyboard.press('k');
    await waitFor(async () => !(await playing(page)).paused && (await playing(page)).time > 1, { ms: 30_000, what: 'playing' });
    await page.focus('.note__text');
    await page.keyboard.type('mk l');
    expect(await page.inputValue('.note__text')).toBe('mk l');
    expect((await playing(page)).paused).toBe(false);
    expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(false);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await waitFor(async () => (await page.locator('.sent__list .sent__one').count()) === 1, { what: 'sent' });
  });
});

describe('every size and language', () => {
  const views: readonly (readonly [string, View])[] = [
    ['phone', kPhone],
    ['phone, English, dark', { ...kPhone, locale: 'en-US', dark: true }],
    ['tablet', { width: 820, height: 1180, touch: true, locale: 'en-US' }],
    ['desktop', kDesktop],
    ['desktop, English, dark', { ...kDesktop, locale: 'en-US', dark: true }],
    ['large screen', kTelevision],
  ];
  it.each(views)('%s: accessible, nothing over the edge, targets large enough', async (_, view) => {
    fillClass(use.double.signal, 'r2', 42);
    use.double.signal.rooms['r4'] = { label: '三(4)班', seats: {} };
    fillClass(use.double.signal, 'r4', 38);
    use.double.signal.people[use.double.teacher] = { role: 'teacher', rooms: ['r2', 'r4'], label: '李老师' };
    use.double.signal.unclear('r2', 4, 125_000);
    await use.double.startTeacher();
    const page = await desk(view);
    await waitFor(async () => (await page.locator('.seat').count()) === 80, { what: 'two classes' });
    await join(page);
    await page.fill('.note__text', '看第八页');
    await page.click('.note__do .button');
    await page.waitForSelector('.sent__list .sent__one', kDeadline);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const small = await page.evaluate(() =>
      [...document.querySelectorAll('button, a, input, textarea')]
        .map((element) => ({ element, box: element.getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
        .map(({ element, box }) => `${element.className} ${box.width}x${box.height}`),
    );
    expect(small).toEqual([]);
  });
});
