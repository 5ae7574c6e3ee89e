import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, screenshot, type View } from '../support/browser';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import type { Lesson } from '../support/server';
import { waitFor } from '../support/wait';
import { join, moves, playing, says, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// A clerk's morning: accounts, a list, a lesson, links on paper; then the family's television.

const use = useServer();
const tabs = useBrowser();

const open = (path: string, view: View): Promise<Page> => tabs.open(use.server.origin + path, view);

async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.waitForSelector('#login');
  await page.fill('#login', login);
  await page.fill('#password', password);
  await page.click('.door__do');
  await page.waitForSelector('.office__nav', { timeout: 20_000 });
}
const account = async (...args: readonly string[]): Promise<string> => ((await use.server.tongke('account', 'create', ...args)) as { password: string }).password;

const kRoster = ['学校,年级,班级,学号,姓名,家长电话,上网条件', ...[1, 2].flatMap((klass) => [1, 2, 3].map((i) => `第一小学,三年级,${klass}班,20230${klass}${i},学生${klass}${i},1381234${klass}${i}00,宽带`))].join('\r\n');

describe('the office', () => {
  it('imports a list, makes a lesson for a class, and prints its links', async () => {
    const district = await open('/office', kDesktop);
    const errors = watchErrors(district);
    const foreign = watchForeignRequests(district);
    await signIn(district, 'district', await account('district', '--name', '教育科', '--duty', 'district_office'));
    await district.getByRole('link', { name: '导入名单' }).click();
    await district.getByLabel('名单里的新学校也建起来').check();
    await district.setInputFiles('.file__input', { name: '名单.csv', mimeType: 'text/csv', buffer: Buffer.from(`${kRoster}\r\n第一小学,三年级,,2023099,没有班,,\r\n`) });
    await says(district, '.office', /检查完了：名单.csv/);
    await says(district, '.report--bad', /第 8 行 · 班级/);
    await screenshot(district, 'e2e-office-seen');
    await district.getByRole('button', { name: /跳过有错的行/ }).click();
    await says(district, '.office', /已导入：名单.csv/);

    const clerk = await open('/office', kDesktop);
    await signIn(clerk, 'first', await account('first', '--name', '张校长', '--duty', 'school_office', '--school', '第一小学'));
    await clerk.getByRole('link', { name: '班级' }).click();
    await clerk.getByRole('button', { name: /三年级1班/ }).click();
    await says(clerk, '.grid', /学生11/);
    expect(await accessibilityProblems(clerk)).toEqual([]);
    await clerk.getByRole('link', { name: '今天' }).click();
    await clerk.getByRole('button', { name: '新建一堂课' }).click();
    await clerk.fill('#title', '三年级数学：分数');
    await clerk.getByLabel('三年级1班').check();
    await clerk.getByRole('button', { name: '建课', exact: true }).click();
    await says(clerk, '.lesson-rows', /三年级数学：分数/);
    await screenshot(clerk, 'e2e-office-board');
    const sheet = await clerk.getAttribute('.lesson-row a', 'href');
    const paper = await clerk.evaluate(async (href) => (await fetch(href ?? '')).text(), sheet);
    expect(paper).toContain('学生11');
    const link = /\/w\/([\w-]{20,})/.exec(await clerk.evaluate(async (href) => (await fetch(`${href ?? ''}&format=csv`)).text(), sheet))?.[1];
    expect(link).toBeDefined();
    const pupil = await open(`/w/${link ?? ''}`, kPhone);
    await says(pupil, '.board__lesson', /三年级数学：分数/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });
});

describe('the family’s television', () => {
  it('plays what the phone puts there, and stops within ten seconds when told', async () => {
    const lesson: Lesson = await use.server.createLesson('四年级音乐：节拍');
    const link = await use.server.link(lesson.id);
    use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    const tv = await open('/tv', kTelevision);
    await tv.waitForSelector('.tv__code');
    const code = await text(tv, '.tv__code');
    const phone = await open(`/w/${link.token}`, kPhone);
    await join(phone);
    await phone.getByRole('button', { name: /投到电视/ }).click();
    await phone.fill('.field--code', code);
    await phone.getByRole('button', { name: '投上去' }).click();
    await tv.waitForSelector('.lesson', { timeout: 15_000 });
    await waitFor(async () => (await playing(tv)).frames > 2 || (await tv.locator('.start:focus').count()) === 1, { ms: 20_000, what: 'plays or asks' });
    if ((await playing(tv)).frames <= 2) await tv.keyboard.press('Enter');
    await moves(tv, 1, 20_000);
    await screenshot(tv, 'e2e-tv');
    await waitFor(async () => /正在电视上播/.test(await text(phone, '.sheet')), { what: 'the phone knows' });
    await phone.getByRole('button', { name: '不在电视上看了' }).click();
    await tv.waitForSelector('.tv__code', { timeout: 10_000 });
    expect(await text(tv, '.tv__code')).not.toBe(code);
  });
});

describe('a pupil and her teacher', () => {
  it('talk in private and check what was understood, through the real server', async () => {
    const lesson = await use.server.createLesson('五年级数学：通分');
    const link = await use.server.link(lesson.id);
    const own = await use.server.link(lesson.id, 'teacher');
    use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    const desk = await open(`/desk/${own.token}`, kDesktop);
    await join(desk);
    const pupil = await open(`/w/${link.token}`, kPhone);
    await join(pupil);
    await waitFor(async () => await pupil.getByRole('button', { name: /没听懂/ }).isEnabled(), { ms: 20_000, what: 'connected' });
    await pupil.getByRole('button', { name: /没听懂/ }).click();
    await says(desk, '.seat', /没听懂/);
    await pupil.getByRole('button', { name: /问老师/ }).click();
    await pupil.fill('.sheet .field', '为什么要通分？');
    await pupil.keyboard.press('Enter');
    await pupil.keyboard.press('Escape');
    await says(desk, '.helps', /为什么要通分/);
    await desk.fill('.help .write .field', '分母一样才能相加');
    await desk.keyboard.press('Enter');
    await pupil.getByRole('button', { name: /老师回了/ }).click();
    await says(pupil, '.talk', /分母一样才能相加/);
    await pupil.keyboard.press('Escape');
    await pupil.getByRole('button', { name: '举手' }).click();
    await says(desk, '.helps__hand', /举手/);
    await desk.getByRole('button', { name: '放下' }).click();
    await pupil.getByRole('button', { name: '举手' }).waitFor({ timeout: 15_000 });

    await desk.click('.checks summary');
    await desk.fill('.checks__text', '1/2 + 1/3 = ?');
    await desk.locator('.options__one input').nth(0).fill('5/6');
    await desk.locator('.options__one input').nth(1).fill('2/5');
    await desk.getByRole('radio', { name: '第 1 个是对的' }).click();
    await desk.click('.checks__do');
    await pupil.waitForSelector('.check', { timeout: 30_000 });
    await pupil.getByRole('button', { name: '5/6' }).click();
    await says(pupil, '.asked__said', /答对了/);
    await says(desk, '.checks', /1 人答了.*1 人对/);
    await screenshot(desk, 'e2e-desk-check');
    await screenshot(pupil, 'e2e-watch-check');
  });
});
