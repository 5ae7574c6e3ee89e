/** `npm run guide-shots`: the pictures of docs/guide, in both languages, small. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';

import type { Page } from 'playwright-core';

import { startAnswerer } from './answerer';
import { type Browser, kDesktop, kPhone, startBrowser, type View } from './browser';
import { fillClass } from './class-script';
import { type Double, startDouble } from './double';
import { familyWeek, ticketBoard } from './family-week';
import { officeMorning } from './office-morning';
import { kRoot } from './paths';
import { waitFor } from './wait';
import { join } from './watch-page';

const kFolder = `${kRoot}docs/guide/img/`;
/** A guide is read on a phone, over the same line as the lesson. */
const kMostBytes = 60_000;
const kBoard = [
  'color=c=0x1d3a33:size=1280x720:rate=15',
  "drawtext=font='Noto Sans CJK SC':text='分数的意义':fontcolor=0xf4efe2:fontsize=80:x=100:y=110",
  "drawtext=font='Noto Sans CJK SC':text='1/2 + 1/3 = ?':fontcolor=0xf2b84b:fontsize=120:x=100:y=290",
].join(',');

const raw = mkdtempSync(path(tmpdir(), 'tongke-guide-'));
let language = 'zh';

/** The window, or a part of it, in 32 colours. */
async function shoot(page: Page, name: string, selector?: string): Promise<void> {
  const file = `${name}-${language}.png`;
  if (selector === undefined) await page.screenshot({ path: path(raw, file) });
  else await page.locator(selector).first().screenshot({ path: path(raw, file) });
  const shrink = 'split[a][b];[a]palettegen=max_colors=32[p];[b][p]paletteuse=dither=none';
  execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', '-i', path(raw, file), '-filter_complex', shrink, '-pred', 'none', kFolder + file]);
  const { size } = statSync(kFolder + file);
  if (size >= kMostBytes) throw new Error(`${file} has ${size} bytes`);
}

async function family(double: Double, browser: Browser, view: View): Promise<void> {
  const small = { ...view, ...kPhone };
  const page = await browser.open(`${double.origin}/w/${double.link}`, small);
  await page.waitForSelector('.start');
  await shoot(page, 'family-tap');
  await join(page);
  await page.waitForSelector('.company .tool:not(:disabled)');
  double.signal.chats['r2'] = 'moderated';
  double.signal.tell(['pupil'], { t: 'note', seq: 900, from: '李老师', media_time: 0, text: '第12题(2)先别做' });
  await page.waitForSelector('.notes p');
  await shoot(page, 'family-lesson');
  double.signal.tell(['pupil'], { t: 'rollcall', seq: 901 });
  await page.waitForSelector('.roll-card');
  await shoot(page, 'family-roll', '.roll-card');
  await page.locator('.roll-card .link').click();
  await page.locator('.company .tool').nth(3).click();
  await shoot(page, 'family-who', '.sheet');
  await page.keyboard.press('Escape');
  await page.locator('.company .tool').nth(4).click();
  await shoot(page, 'family-tv', '.sheet');
  await page.context().close();
  const tv = await browser.open(`${double.origin}/tv`, { ...view, width: 960, height: 540 });
  await tv.waitForSelector('.tv__code');
  await shoot(tv, 'family-tv-code');
  await tv.context().close();
}

async function home(double: Double, browser: Browser, view: View): Promise<void> {
  familyWeek(double.family);
  const page = await browser.open(`${double.origin}/family/${double.family.link}`, { ...view, ...kPhone });
  await page.waitForSelector('.family__line--now');
  await shoot(page, 'family-home');
  await page.waitForSelector('.family__bar');
  await page.evaluate(() => document.querySelector('.family__sum')?.closest('section')?.scrollIntoView());
  await shoot(page, 'family-term');
  await page.context().close();
}

async function teacher(double: Double, browser: Browser, view: View): Promise<void> {
  const page = await browser.open(`${double.origin}/desk/${double.teacher}`, view);
  await join(page);
  await page.waitForSelector('.seat');
  double.signal.unclear('r2', 4, 125_000);
  double.signal.tell(['teacher'], { t: 'help', id: 1, room: 'r2', seat: 4, label: '赵雨', teacher: false, text: '为什么要通分？', at: Date.now() });
  await page.waitForSelector('.help--waits');
  await shoot(page, 'teacher-desk');
  await shoot(page, 'teacher-help', '.helps');
  await page.fill('.note__text', '第12题(2)先别做');
  await shoot(page, 'teacher-note', '.note');
  await page.locator('.room__head .button').first().click();
  [1, 2, 3, 4, 5, 6, 7, 8, 10, 12].forEach((seat) => double.signal.seat('r2', seat, { here: true }));
  await page.locator('.chip--absent').click();
  await page.waitForSelector('.room__contact');
  await shoot(page, 'teacher-missing', '.room');
  await page.click('.checks summary');
  await page.fill('.checks__text', '1/2 + 1/3 = ?');
  await shoot(page, 'teacher-check', '.checks');
  await page.context().close();
}

async function lead(double: Double, browser: Browser, view: View): Promise<void> {
  double.rtc.answerer = await startAnswerer(browser, double.origin);
  double.signal.state = 'live';
  const page = await browser.open(`${double.origin}/studio/${double.lead}`, view);
  await page.waitForSelector('.devices');
  await waitFor(() => page.evaluate(() => (document.querySelector('video')?.videoWidth ?? 0) > 0));
  await page.click('.preflight__do');
  await page.waitForSelector('.findings', { timeout: 40_000 });
  await shoot(page, 'lead-test', '.preflight');
  await page.click('.bell__do');
  await page.waitForSelector('.light--live', { timeout: 30_000 });
  await page.waitForSelector('.overview');
  await page.evaluate(() => window.scrollTo(0, 0));
  await shoot(page, 'lead-live');
  await page.click('.chapters summary');
  await page.fill('.chapters .field', '分数的意义');
  await page.keyboard.press('Enter');
  await page.waitForSelector('.chapters .sent__one');
  await shoot(page, 'lead-chapters', '.chapters');
  await page.context().close();
  await double.rtc.answerer.close();
}

async function office(double: Double, browser: Browser, view: View): Promise<void> {
  officeMorning(double.office);
  ticketBoard(double.family);
  double.office.may.push('answer_tickets');
  const page = await browser.open(`${double.origin}/office`, view);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('.lesson-row__missing');
  await shoot(page, 'office-board');
  const go = async (hash: string, selector: string): Promise<void> => {
    await page.evaluate((to) => (location.hash = to), `#/${hash}`);
    await page.waitForSelector(selector);
  };
  await go('absent', '.grid .link');
  await page.locator('.grid .link').first().click();
  await page.locator('.find .button').first().click();
  await page.locator('.contact .chip').first().click();
  await shoot(page, 'office-missing');
  await go('import', '.file__input');
  await page.setInputFiles('.file__input', { name: 'grade-3.csv', mimeType: 'text/csv', buffer: Buffer.from('学号,姓名\n1,李明\n') });
  await page.waitForSelector('.report--bad');
  await shoot(page, 'office-import', '.office__card');
  await go('tickets', '.ticket');
  await shoot(page, 'office-tickets');
  await go('timetable', '.slot');
  await page.locator('.week__choose .chip').nth(1).click();
  await page.locator('.office__do .button').first().click();
  await page.waitForSelector('.finding');
  await shoot(page, 'office-timetable');
  await go('recordings', '.lesson-row .link');
  await page.locator('.lesson-row .link').first().click();
  await page.waitForSelector('.lesson-row .button');
  await shoot(page, 'office-recordings');
  await page.context().close();
}

mkdirSync(kFolder, { recursive: true });
const browser = await startBrowser();
for (const [short, locale] of [['zh', 'zh-CN'], ['en', 'en-US']] as const) {
  language = short;
  const view: View = { ...kDesktop, locale };
  const double = await startDouble();
  double.script.picture = kBoard;
  fillClass(double.signal, 'r2', 42);
  await double.startTeacher();
  await family(double, browser, { ...view, locale });
  await home(double, browser, { ...view, locale });
  await teacher(double, browser, view);
  await office(double, browser, view);
  await lead(double, browser, view);
  await double.close();
}
await browser.close();
rmSync(raw, { recursive: true, force: true });
