import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { startAnswerer } from '../support/answerer';
import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { fillClass } from '../support/class-script';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { text, watchErrors, watchForeignRequests } from '../support/watch-page';

// The studio page against a stand-in for the server; media really flows, to a second page of
// the same Chromium.

const use = useDouble(async (double, browser) => {
  double.rtc.answerer = await startAnswerer(browser, double.origin);
});

const kDeadline = { timeout: 30_000 };

const open = (view?: View, link = use.double.lead): Promise<Page> => use.open(`/studio/${link}`, view);
/** A studio with its camera on. */
async function studio(view?: View): Promise<Page> {
  const page = await open(view);
  await page.waitForSelector('.devices', kDeadline);
  return page;
}
async function teach(page: Page): Promise<void> {
  await page.click('.bell__do');
  await page.waitForSelector('.light--live', kDeadline);
}
const phase = (page: Page, name: string): Promise<unknown> => page.waitForSelector(`.light--${name}`, kDeadline);
const session = (): string => use.double.rtc.opened[use.double.rtc.opened.length - 1] ?? '';
const received = () => use.double.rtc.answerer?.received(session()) ?? Promise.reject(new Error('no answerer'));

describe('before class', () => {
  it('is kind about a link that does not exist', async () => {
    const page = await open(kPhone, 'nothing');
    await page.waitForSelector('.board__text p');
    expect(await text(page, 'h1')).toBe('这个上课链接打不开');
  });

  it('asks for the devices with words, then shows picture and level', async () => {
    const page = await open({ ...kPhone, before: 'navigator.permissions.query = () => Promise.resolve({ state: "prompt" })' });
    await page.waitForSelector('.cover .button');
    expect(await page.isDisabled('.bell__do')).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.click('.cover .button');
    await page.waitForSelector('.devices', kDeadline);
    await waitFor(() => page.evaluate(() => (document.querySelector('video')?.videoWidth ?? 0) > 0), { what: 'a preview' });
    const level = async (): Promise<number> => Number(await page.getAttribute('.meter__bar', 'data-level'));
    await waitFor(async () => (await level()) > 0.5, { what: 'the fake microphone beeps' });
    await waitFor(async () => (await level()) < 0.3, { what: 'and is quiet in between' });
    expect(await page.locator('.picker__select').first().locator('option').count()).toBeGreaterThan(1);
    expect(use.double.rtc.opened).toEqual([]);
  });

  it('explains why plain http gives no camera', async () => {
    const page = await open({ ...kPhone, before: 'Object.defineProperty(window, "isSecureContext", { value: false })' });
    await page.waitForSelector('.cover__text');
    expect(await text(page, '.cover__text')).toMatch(/https/);
    expect(await page.locator('.cover .button').count()).toBe(0);
  });

  it('says what to do when the devices are refused', async () => {
    const refused = 'navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("no", "NotAllowedError"))';
    const page = await open({ ...kDesktop, before: refused });
    await waitFor(async () => /没有得到允许/.test(await text(page, '.cover__text')), { what: 'words' });
    expect(await text(page, '.cover .button')).toBe('再打开一次');
  });

  it('tests line, microphone and camera without going on air', async () => {
    const page = await studio(kPhone);
    await page.click('.preflight__do');
    await page.waitForSelector('[data-preflight="running"]');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.waitForSelector('.findings', { timeout: 40_000 });
    const findings = await text(page, '.findings');
    expect(findings).toMatch(/上传 [\d.]+ (k|M)bps/);
    expect(findings).toMatch(/声音/);
    expect(findings).toMatch(/摄像头/);
    expect(use.double.uploaded).toBeGreaterThan(100_000);
    expect(use.double.uploaded).toBeLessThan(2_800_000);
    expect(use.double.rtc.opened).toEqual([]);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('can break the test off', async () => {
    const page = await studio();
    await page.click('.preflight__do');
    await page.click('.preflight .link');
    await page.waitForSelector('.preflight__do');
  });
});

describe('class', () => {
  it('goes on air with H.264 and sound, says how the upload fares, and ends', async () => {
    const page = await studio();
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await teach(page);
    await waitFor(async () => (await received()).frames > 10, { ms: 20_000, what: 'pictures arrive' });
    const there = await received();
    expect(there.codec).toBe('video/H264');
    expect(there.audioPackets).toBeGreaterThan(10);
    await page.waitForSelector('.health__words', kDeadline);
    expect(await text(page, '.health__words')).toMatch(/^上行 [\d.]+ [kM]bps，声音正常，画面(正常|已降低)$/);
    await waitFor(async () => /^0:0[2-9]/.test(await text(page, '.light__time')), { what: 'class time runs' });
    expect(await page.title()).toMatch(/^● 正在直播/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.click('.button--end');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.light--live');
    await page.click('.button--end');
    await page.click('.sheet__do');
    await phase(page, 'ended');
    expect(use.double.rtc.closed).toEqual(['whip-1']);
    expect(await text(page, '.bell')).toMatch(/一共上了 0:\d\d/);
    expect(await page.getAttribute('.bell a', 'href')).toBe(`/w/${use.double.link}`);
    await waitFor(() => page.evaluate(() => document.querySelector('video')?.srcObject === null), { what: 'the camera is off' });
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    await page.click('.bell .link');
    await phase(page, 'live');
    expect(use.double.rtc.opened.length).toBe(2);
  });

  it('mutes, and says so where it matters', async () => {
    const page = await studio(kPhone);
    await teach(page);
    await page.getByRole('button', { name: '静音' }).click();
    await waitFor(async () => /听不到声音/.test(await text(page, '.light')), { what: 'the light says it' });
    await waitFor(async () => /已静音/.test(await text(page, '.health__words')), { ms: 20_000, what: 'the health says it' });
    await page.getByRole('button', { name: '打开声音' }).click();
    await waitFor(async () => /听得到/.test(await text(page, '.light')));
  });

  it('shares the screen and comes back in the same session', async () => {
    const page = await studio();
    await teach(page);
    await waitFor(async () => (await received()).frames > 10, { ms: 20_000 });
    const cameraHeight = (await received()).height;
    await page.getByRole('button', { name: '共享屏幕' }).click();
    await page.getByRole('button', { name: '换回摄像头' }).waitFor(kDeadline);
    const before = (await received()).frames;
    await waitFor(async () => (await received()).frames > before, { ms: 20_000, what: 'the screen arrives' });
    await page.getByRole('button', { name: '换回摄像头' }).click();
    const screen = (await received()).frames;
    await waitFor(
      async () => {
        const now = await received();
        return now.frames > screen + 15 && now.height <= cameraHeight;
      },
      { ms: 20_000, what: 'the camera is back' },
    );
    expect(use.double.rtc.opened).toEqual(['whip-1']);
    expect(await page.locator('.light--live').count()).toBe(1);
  });

  it('publishes the same lesson again after the line broke, and says when', async () => {
    const page = await studio();
    await teach(page);
    await waitFor(async () => (await received()).frames > 10, { ms: 20_000 });
    use.double.down = true;
    await use.double.rtc.answerer?.hangUp(session());
    await phase(page, 'reconnecting');
    await waitFor(async () => /\d+ 秒后再试（第 \d+ 次）/.test(await text(page, '.bell')), { ms: 30_000, what: 'the back-off is shown' });
    use.double.down = false;
    await phase(page, 'live');
    expect(use.double.rtc.opened.length).toBe(2);
    expect(use.double.rtc.closed).toEqual(['whip-1']);
    await waitFor(async () => (await received()).frames > 10, { ms: 20_000, what: 'pictures again' });
  });

  it('goes on from the phone: the laptop says so, stops, and can take back', async () => {
    const laptop = await studio();
    await teach(laptop);
    await laptop.getByRole('button', { name: '用手机上' }).click();
    await laptop.waitForSelector('.code__svg');
    expect(await accessibilityProblems(laptop)).toEqual([]);
    await laptop.keyboard.press('Escape');

    const phone = await studio(kPhone);
    expect(await text(phone, '.light')).toBe('正在另一台设备上直播');
    expect(await text(phone, '.bell__do')).toBe('在这台设备上接着上');
    await teach(phone);
    await phase(laptop, 'superseded');
    expect(await text(laptop, '.bell')).toMatch(/现在由另一台设备上课/);
    expect(await phone.locator('.light--live').count()).toBe(1);
    expect(await accessibilityProblems(laptop)).toEqual([]);

    await laptop.getByRole('button', { name: '接回这台设备' }).click();
    await phase(laptop, 'live');
    await phase(phone, 'superseded');
    expect(use.double.rtc.opened).toEqual(['whip-1', 'whip-2', 'whip-3']);
  });

  it('is handed over: asks to whom, says that she has to go on until then, and can be taken back', async () => {
    const page = await studio();
    await teach(page);
    await page.getByRole('button', { name: '交给同事' }).click();
    await page.waitForSelector('.colleague');
    expect(await text(page, '.sheet')).toMatch(/交给李老师.*三\(2\)班 三\(4\)班.*交给赵老师/s);
    expect(await accessibilityProblems(page)).toEqual([]);

    use.double.handover.refuses = true;
    await page.getByRole('button', { name: '交给李老师' }).click();
    await waitFor(async () => /没有交成/.test(await text(page, '.sheet')), { what: 'that it failed' });
    expect(use.double.handover.to).toBeNull();
    use.double.handover.refuses = false;
    await page.getByRole('button', { name: '交给李老师' }).click();
    await page.waitForSelector('.handed', kDeadline);
    expect(use.double.handover.to).toBe('li');
    expect(await text(page, '.handed')).toMatch(/课已经交给李老师.*请您接着讲/s);
    expect(await page.locator('.light--live').count()).toBe(1);
    expect(await page.getByRole('button', { name: '交给同事' }).count()).toBe(0);
    expect(await accessibilityProblems(page)).toEqual([]);

    const li = await studio(kPhone); // the stand-in has one lead's link for both
    await li.getByRole('button', { name: '收回来，还是我讲' }).click();
    await li.waitForSelector('.handed', { state: 'detached' });
    expect(use.double.handover.to).toBeNull();
    await page.waitForSelector('.handed', { ...kDeadline, state: 'detached' });
  });

  it('says that nobody is there to hand over to', async () => {
    use.double.handover.colleagues = [];
    const page = await studio(kPhone);
    await page.getByRole('button', { name: '交给同事' }).click();
    await waitFor(async () => /还没有登记别的老师/.test(await text(page, '.sheet')), { what: 'words' });
  });

  it('is ended from elsewhere', async () => {
    const page = await studio();
    await teach(page);
    use.double.script.state = 'ended';
    await phase(page, 'ended');
    await waitFor(() => use.double.rtc.closed.length === 1, { what: 'nothing is sent any more' });
  });

  it('tells the server when the tab is closed', async () => {
    const page = await studio();
    await teach(page);
    page.on('dialog', (dialog) => void dialog.accept());
    await page.goto('about:blank');
    await waitFor(() => use.double.rtc.closed.includes('whip-1'), { ms: 20_000, what: 'DELETE' });
  });

  it('says when the server refuses', async () => {
    use.double.rtc.status.whip = 403;
    const page = await studio();
    await page.click('.bell__do');
    await page.waitForSelector('[role="alert"]', kDeadline);
    expect(await text(page, '[role="alert"]')).toMatch(/不接受/);
  });
});

describe('every size and language', () => {
  const views: readonly (readonly [string, View])[] = [
    ['small phone', { ...kPhone, width: 320, height: 568 }],
    ['phone, English, dark', { ...kPhone, locale: 'en-US', dark: true }],
    ['tablet', { width: 820, height: 1180, touch: true }],
    ['desktop, English, dark', { ...kDesktop, locale: 'en-US', dark: true }],
  ];
  it.each(views)('%s: accessible, nothing over the edge, targets large enough', async (_, view) => {
    const page = await studio(view);
    const check = async (): Promise<void> => {
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      const small = await page.evaluate(() =>
        [...document.querySelectorAll('button, a, input, select')]
          .map((element) => ({ element, box: element.getBoundingClientRect() }))
          .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
          .map(({ element, box }) => `${element.className} ${box.width}x${box.height}`),
      );
      expect(small).toEqual([]);
    };
    await check();
    await teach(page);
    await check();
  });
});

describe('her classes', () => {
  it('are numbers by room; who is lost rises, a class without a teacher is named, and a note reaches all', async () => {
    fillClass(use.double.signal, 'r2', 42);
    use.double.signal.rooms['r4'] = { label: '三(4)班', seats: {} };
    fillClass(use.double.signal, 'r4', 38);
    const page = await studio();
    await page.waitForSelector('.overview', kDeadline);
    const says = (selector: string, words: RegExp): Promise<true> =>
      waitFor(async () => words.test(await text(page, selector)), { ms: 15_000, what: `${selector} says ${words.source}` });
    await says('.room__here', /在 74／80/);
    expect(await text(page, '.studio__side')).not.toMatch(/李明|张芳/); // names stay in the class
    await teach(page);
    use.double.signal.state = 'live';
    use.double.signal.tell(['lead'], { t: 'state', seq: 1, state: 'live' });
    await says('.studio__side', /没有任课老师：三\(2\)班 三\(4\)班/);
    [3, 4, 5, 7].forEach((seat) => use.double.signal.unclear('r2', seat, 60_000));
    await says('.lost', /4 人没听懂.*比刚才多 4 人/);
    await page.fill('.note__text', '翻到第八页');
    await page.click('.note__do .button');
    await waitFor(() => use.double.signal.said.find(({ t }) => t === 'note'), { what: 'the note' });
    const note = use.double.signal.said.find(({ t }) => t === 'note');
    expect(note).toMatchObject({ text: '翻到第八页' });
    expect(note).not.toHaveProperty('room');
    await says('.sent', /翻到第八页/);
    await page.getByRole('button', { name: '全体点名' }).click();
    use.double.signal.seat('r2', 3, { here: true });
    await says('.roll', /1 人答到/);
    expect(use.double.signal.said.find(({ t }) => t === 'rollcall')).not.toHaveProperty('room');
    await page.click('.chapters summary');
    await page.fill('.chapters .field', '分数的意义');
    await page.keyboard.press('Enter');
    await says('.chapters', /分数的意义/);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
