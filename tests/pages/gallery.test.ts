import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join as path } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { type Answerer, startAnswerer } from '../support/answerer';
import { fillClass } from '../support/class-script';
import { type Double, startDouble } from '../support/double';
import { familyWeek, ticketBoard } from '../support/family-week';
import { emptyGallery, openWall } from '../support/gallery';
import { inspectMorning } from '../support/inspect-morning';
import { createInspectDouble } from '../support/inspect-double';
import { officeMorning } from '../support/office-morning';
import { useBrowser } from '../support/pages';
import { kScreenshots } from '../support/paths';
import { waitFor } from '../support/wait';
import { join, playing, says } from '../support/watch-page';

// Every page in its main states, at three sizes, in both languages: pictures in build/screenshots/gallery to be looked at,
// and all that needs no eyes asserted. One stand-in, one browser and one lesson for all of it, in the order of a day.

// A state is looked at twelve times over.
vi.setConfig({ testTimeout: 240_000 });

const kMinute = 60_000;
const kBoard = [
  'color=c=0x1d3a33:size=1280x720:rate=15',
  "drawtext=font='Noto Sans CJK SC':text='分数的意义':fontcolor=0xf4efe2:fontsize=80:x=100:y=110",
  "drawtext=font='Noto Sans CJK SC':text='1/2 + 1/3 = ?':fontcolor=0xf2b84b:fontsize=120:x=100:y=290",
].join(',');
const kUnasked = 'navigator.permissions.query = () => Promise.resolve({ state: "prompt" })';

let double: Double;
beforeAll(async () => {
  emptyGallery();
  double = await startDouble();
  double.script.picture = kBoard;
  fillClass(double.signal, 'r2', 42);
});
const tabs = useBrowser();
afterAll(() => double.close());

const wall = (where: string, before?: string) => openWall(tabs, double.origin + where, before);
const picture = (page: Page): Promise<boolean> => waitFor(async () => (await playing(page)).frames > 2, { ms: 30_000, what: 'a picture' });
const plan = (from: number, to: number) => ({ planned_start: Date.now() + from, planned_end: Date.now() + to, card: { goal: '会比较两个分数的大小', advice: '准备一张纸，跟着折一折' } });
async function signIn(page: Page): Promise<void> {
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('.office__nav');
}
async function place(page: Page, hash: string, selector: string): Promise<void> {
  await page.evaluate((to) => (location.hash = to), `#/${hash}`);
  await page.waitForSelector(selector);
  await waitFor(async () => (await page.locator('.list__end[role="status"]').count()) === 0, { what: 'loaded' });
}

describe('before the lesson', () => {
  it('home', async () => {
    const seen = await wall('/');
    const { page, hang } = seen;
    await page.waitForSelector('.hero__demo');
    await hang('home');
    expect(seen.problems).toEqual([]);
  });
  it('a link that is none, and the waiting room', async () => {
    const missing = await wall('/w/nothing');
    await missing.page.waitForSelector('.board__text li');
    await missing.hang('watch-missing', ['phone', 'desktop']);
    double.script.plan = plan(90_000, 21 * kMinute);
    const waiting = await wall(`/w/${double.link}`);
    await waiting.page.waitForSelector('.lesson-card');
    await waiting.hang('watch-waiting');
    expect([...missing.problems, ...waiting.problems]).toEqual([]);
  });
  it('eye exercises, and the break they are in', async () => {
    double.between.pauses = [{ kind: 'eye', starts: Date.now() - kMinute, ends: Date.now() + 5 * kMinute }];
    const eyes = await wall(`/w/${double.link}`);
    await eyes.page.waitForSelector('.guide');
    await eyes.hang('watch-eyes');
    await eyes.page.click('.guide__away');
    await eyes.page.waitForSelector('.board');
    await eyes.hang('watch-break', ['phone', 'tv']);
    double.between.pauses = [];
    expect(eyes.problems).toEqual([]);
  });
  it('television and the phone beside it', async () => {
    const tv = await wall('/tv');
    await tv.page.waitForSelector('.code__svg');
    await tv.hang('tv-code');
    const phone = await wall('/tv#482913');
    await phone.page.waitForSelector('h1');
    await phone.hang('tv-phone-stranger', ['phone']);
    expect([...tv.problems, ...phone.problems]).toEqual([]);
  });
  it('the desk with nobody teaching yet', async () => {
    const desk = await wall(`/desk/${double.teacher}`);
    await desk.page.waitForSelector('.seat');
    await desk.hang('desk-waiting', ['phone', 'desktop']);
    const wrong = await wall('/desk/nothing');
    await wrong.page.waitForSelector('.board__text p');
    await wrong.hang('desk-missing', ['phone']);
    expect([...desk.problems, ...wrong.problems]).toEqual([]);
  });
});

describe('the lesson', () => {
  beforeAll(async () => {
    double.script.plan = null;
    await double.startTeacher();
  });
  it('a pupil’s phone: the tap, the lesson, a note, a check, the roll-call, sheets', async () => {
    const seen = await wall(`/w/${double.link}`);
    const { page, hang } = seen;
    await page.waitForSelector('.start');
    await hang('watch-tap');
    await join(page);
    await page.waitForSelector('.company .tool:not(:disabled)');
    await hang('watch-live');
    double.signal.tell(['pupil'], { t: 'note', seq: 900, from: '李老师', media_time: 0, text: '第12题(2)先别做，看黑板' });
    double.signal.tell(['pupil'], { t: 'check', seq: 901, room: 'r2', media_time: 0, items: [{ kind: 'single', text: '1/2 + 1/3 = ?', options: ['5/6', '2/5'] }] });
    await page.waitForSelector('.check');
    await page.waitForSelector('.notes p');
    await hang('watch-note-check');
    double.signal.tell(['pupil'], { t: 'rollcall', seq: 902 });
    await page.waitForSelector('.roll-card');
    await hang('watch-roll', ['phone']);
    await page.locator('.roll-card .link').click();
    for (const [at, state] of [[2, 'ask'], [3, 'who'], [4, 'cast'], [5, 'size']] as const) {
      await page.locator('.company .tool').nth(at).click();
      await page.waitForSelector('.sheet');
      await hang(`watch-${state}`, ['phone', 'desktop']);
      await page.keyboard.press('Escape');
    }
    await page.getByRole('button', { name: /清晰度/ }).click();
    await page.waitForSelector('.sheet');
    await hang('watch-quality', ['phone', 'desktop']);
    await page.keyboard.press('Escape');
    double.signal.tell(['pupil'], { t: 'rest', seq: 903, room: 'r2', why: 'cap' });
    await says(page, '.cover--sound', /时间到了/);
    await hang('watch-rest');
    expect(seen.problems).toEqual([]);
  });
  it('a line too slow for pictures: sound, and stills of the board', async () => {
    const still = path(kScreenshots, 'gallery-still.png');
    execFileSync('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-y', '-f', 'lavfi', '-i', kBoard, '-frames:v', '1', '-s', '640x360', still]);
    const seen = await wall(`/w/${double.link}`);
    const { page, hang } = seen;
    await page.route('**/stills.json', (route) => route.fulfill({ json: { stills: [{ n: 1, at: 0 }] } }));
    await page.route('**/stills/*.webp', (route) => route.fulfill({ contentType: 'image/png', body: readFileSync(still) }));
    await join(page);
    await page.getByRole('button', { name: /清晰度/ }).click();
    await page.getByRole('radio', { name: /只听声音/ }).click();
    await page.waitForSelector('.still');
    await hang('watch-stills');
    expect(seen.problems).toEqual([]);
  });
  it('a server that is busy: sound first', async () => {
    double.script.soundFirstUntil = Date.now() + 600_000;
    const seen = await wall(`/w/${double.link}`);
    await seen.page.click('.start');
    await seen.page.waitForSelector('.words--playing');
    await seen.hang('watch-sound-first');
    double.script.soundFirstUntil = 0;
    expect(seen.problems).toEqual([]);
  });
  it('the family’s television with the lesson on it', async () => {
    double.tv.link = double.link;
    const seen = await wall('/tv');
    const { page, hang } = seen;
    await page.waitForSelector('.lesson', { timeout: 20_000 });
    await waitFor(async () => (await playing(page)).frames > 2 || (await page.locator('.start:focus').count()) === 1, { ms: 20_000, what: 'plays or asks' });
    if ((await playing(page)).frames <= 2) await page.keyboard.press('Enter');
    await picture(page);
    await hang('tv-lesson', ['tv', 'desktop']);
    double.tv.link = null;
    expect(seen.problems).toEqual([]);
  });
  it('the desk beside the lesson', async () => {
    const seen = await wall(`/desk/${double.teacher}`);
    const { page, hang } = seen;
    await join(page);
    await page.waitForSelector('.seat');
    double.signal.unclear('r2', 4, 125_000);
    double.signal.seat('r2', 8, { hand: Date.now() });
    double.signal.tell(['teacher'], { t: 'help', id: 1, room: 'r2', seat: 4, label: '赵雨', teacher: false, text: '为什么要通分？', at: Date.now() });
    await page.waitForSelector('.help--waits');
    await page.fill('.note__text', '第12题(2)先别做，看黑板');
    await page.click('.note__do .button');
    await page.waitForSelector('.sent__list .sent__one');
    await hang('desk-live');
    await page.locator('.chip--absent').click();
    await page.waitForSelector('.room__contact');
    await page.click('.checks summary');
    await page.fill('.checks__text', '1/2 + 1/3 = ?');
    await page.click('.chat summary');
    await hang('desk-cards', ['phone', 'desktop']);
    expect(seen.problems).toEqual([]);
  });
  it('the inspector: draw, look and form, record', async () => {
    const { office } = double;
    const before = { may: office.may, school: office.school };
    inspectMorning(double);
    const seen = await wall('/inspect');
    const { page, hang } = seen;
    await page.waitForSelector('#login');
    await hang('inspect-door', ['phone', 'desktop']);
    await signIn(page);
    await page.waitForSelector('#words');
    await hang('inspect-before', ['phone', 'desktop']);
    await page.fill('#words', '海湾 42');
    await page.locator('form .inspect__do').click();
    await page.waitForSelector('.inspect__lessons');
    await page.locator('.inspect__draw .link').first().click();
    await page.waitForSelector('.office__fine');
    await hang('inspect-draw', ['phone', 'desktop']);
    await page.locator('.inspect__lessons .button').first().click();
    await picture(page);
    double.signal.tell(['inspector'], {
      t: 'counts', part: 0, parts: 1,
      rooms: [{ room: 'r1', label: '三年级1班', expected: 42, present: 40, stalled: 2 }, { room: 'r2', label: '三年级2班', expected: 42, present: 41 }],
    });
    await page.waitForSelector('.inspect__counts');
    await hang('inspect-look', ['desktop', 'tv']);
    for (const choices of await page.locator('.inspect__choices').all()) await choices.locator('.chip').first().click();
    await page.fill('#remark', '板书清楚，讲得慢而明白。');
    await hang('inspect-form', ['phone', 'desktop']);
    await page.locator('form .inspect__do').click();
    await page.waitForSelector('.inspect__record');
    await hang('inspect-record', ['phone', 'desktop']);
    Object.assign(office, before, { inspect: createInspectDouble() });
    office.forget();
    expect(seen.problems).toEqual([]);
  });
});

describe('the office', () => {
  it('its door and an empty morning', async () => {
    const seen = await wall('/office');
    const { page, hang } = seen;
    await page.waitForSelector('#login');
    await hang('office-door', ['phone', 'desktop']);
    await signIn(page);
    for (const [hash, selector] of [['board', '.office__title'], ['absent', '.office__title'], ['recordings', '.office__title'], ['attendance', '.office__title'], ['retention', '.grid'], ['outputs', '.office__title'], ['channels', '.screen'], ['duty', '.duty']] as const) {
      await place(page, hash, selector);
      await hang(`office-empty-${hash}`, ['phone', 'desktop']);
    }
    double.office.forget();
    expect(seen.problems).toEqual([]);
  });
  it('today, who is missing, timetable, recordings, classes, lists', async () => {
    officeMorning(double.office);
    ticketBoard(double.family);
    double.office.may.push('answer_tickets');
    const seen = await wall('/office');
    const { page, hang } = seen;
    await signIn(page);
    await page.waitForSelector('.lesson-row__missing');
    await hang('office-board');
    await page.click('.office__bar .button');
    await page.waitForSelector('.ticks .tick');
    await hang('office-new', ['phone', 'desktop']);
    await place(page, 'absent', '.grid tbody tr:nth-child(2)');
    await hang('office-absent', ['phone', 'desktop']);
    await page.locator('.grid .link').first().click();
    await page.locator('.find .button').first().click();
    await page.locator('.contact .chip').first().click();
    await hang('office-contact', ['phone', 'desktop']);
    await place(page, 'attendance', '.chart svg');
    await hang('office-attendance', ['phone', 'desktop']);
    await place(page, 'timetable', '.slot');
    await hang('office-timetable');
    await page.locator('.week__choose .chip').nth(1).click();
    await page.locator('.office__do .button').first().click();
    await page.waitForSelector('.finding');
    await hang('office-drafts', ['phone', 'desktop']);
    await place(page, 'recordings', '.lesson-row');
    await page.locator('.lesson-row .link').first().click();
    await page.waitForSelector('.lesson-row .button');
    await hang('office-recordings', ['phone', 'desktop']);
    await place(page, 'retention', '.kept__lines summary');
    await page.locator('.kept__lines summary').first().click();
    await hang('office-retention', ['phone', 'desktop']);
    await page.locator('.kept__lines .link').first().click();
    await page.waitForSelector('.sheet');
    await hang('office-hold', ['phone']);
    await page.keyboard.press('Escape');
    await place(page, 'outputs', '.output--cut');
    await hang('office-outputs', ['phone', 'desktop']);
    await place(page, 'duty', '.duty tbody tr');
    await hang('office-duty', ['phone', 'desktop']);
    await place(page, 'tickets', '.ticket');
    await page.locator('.ticket .button').first().click();
    await hang('office-tickets', ['phone', 'desktop']);
    await place(page, 'classes', '.tile');
    await hang('office-classes', ['phone', 'desktop']);
    await page.click('.tile');
    await page.waitForSelector('.grid');
    await hang('office-class', ['phone', 'desktop']);
    await place(page, 'import', '.file__input');
    await hang('office-import', ['phone', 'desktop']);
    await page.setInputFiles('.file__input', { name: '三年级.csv', mimeType: 'text/csv', buffer: Buffer.from('学号,姓名\n1,李明\n') });
    await page.waitForSelector('.report--bad');
    await hang('office-imported', ['phone', 'desktop']);
    await place(page, 'account', '#old');
    await hang('office-account', ['phone']);
    double.office.forget();
    expect(seen.problems).toEqual([]);
  });
  it('the district, which sees numbers', async () => {
    Object.assign(double.office, { school: null, may: ['see_school', 'see_counts', 'see_lessons', 'see_timetable', 'see_inspections', 'activate'] });
    double.office.plans = [{ plan: 2, date: '2099-11-30', drill: false, state: 'active', reason: '暴雪', lessons: 1630, made_ms: Date.now() - 3_600_000 }, { plan: 1, date: '2026-11-20', drill: true, state: 'undone', reason: '', lessons: 0, made_ms: Date.now() - 86_400_000 }];
    const seen = await wall('/office');
    const { page, hang } = seen;
    await signIn(page);
    await page.waitForSelector('.lesson-row__missing');
    await hang('district-board', ['phone', 'desktop']);
    await place(page, 'attendance', '.chart svg');
    await hang('district-attendance', ['phone', 'desktop']);
    await place(page, 'plans', '.grid tbody tr');
    await page.click('.office__card .button--primary');
    await page.waitForSelector('[role="alertdialog"]');
    await hang('district-plans', ['phone', 'desktop']);
    double.office.forget();
    expect(seen.problems).toEqual([]);
  });
});

describe('the family', () => {
  it('its door, and its week', async () => {
    familyWeek(double.family);
    double.family.digits = '1300';
    const seen = await wall(`/family/${double.family.link}`);
    const { page, hang } = seen;
    await page.waitForSelector('input');
    await hang('family-door', ['phone', 'desktop']);
    await page.fill('input', '1300');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.family__said');
    await page.waitForSelector('.family__bar');
    await hang('family-week', ['phone', 'desktop']);
    expect(seen.problems).toEqual([]);
  });
});

describe('after the lesson', () => {
  it('the teacher is away; then what comes next, the replay, its chapters', async () => {
    const seen = await wall(`/w/${double.link}`);
    const { page, hang } = seen;
    await join(page);
    double.script.state = 'interrupted';
    await says(page, '.words', /老师正在重连/);
    await hang('watch-away', ['phone', 'desktop']);
    await double.stopTeacher();
    double.second.plan = plan(10 * kMinute, 30 * kMinute);
    double.between.next = { ...double.second.plan, title: double.second.title, subject: '语文', state: 'waiting', link: double.second.link };
    double.script.plan = plan(-60 * kMinute, -40 * kMinute);
    double.script.state = 'ended';
    double.script.mp4 = '/api/v1/lessons/L1/recording.mp4';
    const over = await wall(`/w/${double.link}`);
    await says(over.page, '.board__title', /下课了/);
    await over.hang('watch-over');
    double.between.next = null;
    double.script.plan = null;
    const replay = await wall(`/w/${double.link}`);
    await join(replay.page);
    await replay.page.waitForSelector('.seek__bar:not(:disabled)');
    await replay.hang('watch-replay');
    double.signal.tell(['pupil'], { t: 'chapter', seq: 960, media_time: 0, text: '复习：一半是多少' });
    double.signal.tell(['pupil'], { t: 'chapter', seq: 961, media_time: 4000, text: '分数的意义' });
    await replay.page.locator('.company .tool').first().click();
    await replay.page.waitForSelector('.mark');
    await replay.hang('watch-marks', ['phone', 'desktop']);
    expect([...seen.problems, ...over.problems, ...replay.problems]).toEqual([]);
  });
});

describe('the studio', () => {
  let answerer: Answerer;
  beforeAll(async () => {
    double.script.state = 'waiting';
    double.signal.state = 'live';
    answerer = await startAnswerer(tabs.browser, double.origin);
    double.rtc.answerer = answerer;
  });
  afterAll(() => answerer.close());
  it('its door, the test, the lesson, the end', async () => {
    const door = await wall(`/studio/${double.lead}`, kUnasked);
    await door.page.waitForSelector('.cover .button');
    await door.hang('studio-door', ['phone', 'desktop']);
    const seen = await wall(`/studio/${double.lead}`);
    const { page, hang } = seen;
    await page.waitForSelector('.devices');
    await waitFor(() => page.evaluate(() => (document.querySelector('video')?.videoWidth ?? 0) > 0));
    await hang('studio-before', ['phone', 'desktop']);
    await page.click('.preflight__do');
    await page.waitForSelector('.findings', { timeout: 40_000 });
    await hang('studio-tested', ['phone', 'desktop']);
    await page.click('.bell__do');
    await page.waitForSelector('.health__words', { timeout: 30_000 });
    await page.waitForSelector('.overview');
    await page.click('.chapters summary');
    await hang('studio-live');
    await page.getByText('用手机上').click();
    await page.waitForSelector('.code__svg');
    await hang('studio-phone', ['phone', 'desktop']);
    await page.keyboard.press('Escape');
    await page.click('.studio__tools .tool:last-child');
    await page.waitForSelector('.sheet');
    await hang('studio-handover', ['phone', 'desktop']);
    await page.keyboard.press('Escape');
    await page.click('.button--end');
    await page.waitForSelector('.sheet');
    await hang('studio-asks', ['phone', 'desktop']);
    await page.click('.sheet__do');
    await page.waitForSelector('.light--ended');
    await hang('studio-ended', ['phone', 'desktop']);
    expect([...door.problems, ...seen.problems]).toEqual([]);
  }, 120_000);
});
