import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join as path } from 'node:path';

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kDesktop, kPhone, type View } from '../support/browser';
import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, moves, playing, says } from '../support/watch-page';

// Somebody who has docs/guide and nothing else gets through a lesson in each role: the commands, names of buttons and
// lists are those that the guides give, and every link is one that the office printed.

const kSchool = '第一小学';
const kLists = {
  '学校.csv': `学校,学制\n${kSchool},六三\n`,
  '学生.csv': `学校,年级,班级,学号,姓名,家长电话\n${[1, 2].flatMap((klass) => [1, 2].map((i) => `${kSchool},三年级,${klass}班,2023010${klass}${i},学生${klass}${i},\n`)).join('')}`,
  '教师.csv': `学校,工号,姓名,学科,任教班级,班主任班级\n${kSchool},T1,李老师,数学,三年级2班,三年级2班\n${kSchool},T2,王老师,数学,三年级1班,三年级1班\n`,
};

describe('a newcomer with the guides alone', () => {
  const use = useServer();
  const tabs = useBrowser();
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path(tmpdir(), 'tongke-guides-'));
    Object.entries(kLists).forEach(([name, list]) => writeFileSync(path(folder, name), list));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const open = (where: string, view: View): Promise<Page> => tabs.open(where.startsWith('http') ? where : use.server.origin + where, view);
  async function account(...args: readonly string[]): Promise<string> {
    return ((await use.server.tongke('account', 'create', ...args)) as { password: string }).password;
  }
  async function signIn(where: string, login: string, password: string): Promise<Page> {
    const page = await open(where, kDesktop);
    await page.getByLabel('账号').fill(login);
    await page.getByLabel('密码').fill(password);
    await page.getByRole('button', { name: '登录' }).click();
    await page.getByRole('button', { name: '退出登录' }).waitFor();
    return page;
  }
  /** A sheet to print, opened by the button's name: whose link is which. */
  async function printed(office: Page, button: string | RegExp): Promise<ReadonlyMap<string, string>> {
    const [sheet] = await Promise.all([office.context().waitForEvent('page'), office.getByRole('link', { name: button }).click()]);
    await sheet.waitForLoadState();
    const cards = await sheet.evaluate(() => [...document.querySelectorAll('.card')].map((card) => (card as HTMLElement).innerText));
    const links = cards.flatMap((card) => {
      const link = /https?:\/\/\S+/.exec(card)?.[0];
      const name = /[李王]老师|学生\d\d/.exec(card)?.[0];
      return link === undefined || name === undefined ? [] : ([[name, link]] as const);
    });
    await sheet.close();
    return new Map(links);
  }

  it('gets through a lesson in each role', async () => {
    // Technician: the lists, first only looked at, and two accounts.
    const lists = Object.keys(kLists).map((name) => path(folder, name));
    expect(await use.server.tongke('import', ...lists, '--dry-run')).toMatchObject({ applied: false });
    expect(await use.server.tongke('import', ...lists)).toMatchObject({ applied: true });
    const password = await account('wang', '--name', '王校长', '--school', kSchool, '--duty', 'school_office');

    // Office: everybody's link, and a lesson.
    const office = await signIn('/office', 'wang', password);
    await office.getByRole('link', { name: '班级' }).click();
    const staff = await printed(office, '打印老师链接');
    await office.getByRole('button', { name: /三年级1班/ }).click();
    const pupils = await printed(office, '打印学生链接');
    await office.getByRole('link', { name: '今天' }).click();
    await office.getByRole('button', { name: '新建一堂课' }).click();
    await office.getByLabel('课名').fill('三年级数学：分数');
    await office.getByLabel('三年级1班').check();
    await office.getByLabel('三年级2班').check();
    await office.getByLabel('主讲老师').selectOption({ label: '李老师' });
    await office.getByRole('button', { name: '建课', exact: true }).click();
    await says(office, '.lesson-row', /三年级数学：分数/);

    // Lead teacher: the test, then the lesson.
    const studio = await open(staff.get('李老师') ?? '', kDesktop);
    expect(studio.url()).toContain('/studio/');
    await studio.getByRole('button', { name: /课前测试/ }).click();
    await studio.locator('.preflight .findings').waitFor({ timeout: 60_000 });
    await studio.getByRole('button', { name: '上课', exact: true }).click();
    await says(studio, '.light', /正在直播/, 60_000);

    // A child, with one tap.
    const child = await open(pupils.get('学生11') ?? '', kPhone);
    expect(child.url()).toContain('/w/');
    await child.locator('.start').waitFor({ timeout: 30_000 });
    await join(child);
    await moves(child, 1, 30_000);

    // The class's own teacher.
    const desk = await open(staff.get('王老师') ?? '', kDesktop);
    expect(desk.url()).toContain('/desk/');
    await join(desk);
    await says(desk, '.room', /学生11/);
    await child.getByRole('button', { name: /没听懂/ }).click();
    await says(desk, '.seats', /没听懂/);
    await desk.getByRole('textbox', { name: '给学生的字条' }).fill('看课本第 3 页');
    await desk.getByRole('button', { name: '发字条' }).click();
    await says(child, '.notes', /看课本第 3 页/, 90_000); // when the child's player gets to that moment

    // An inspector.
    const inspector = await signIn('/inspect', 'liu', await account('liu', '--name', '刘督学', '--duty', 'inspector'));
    await says(inspector, '.inspect__urn', /1 节课正在上/, 30_000);
    await inspector.getByLabel(/您的话/).fill('海湾 42');
    await inspector.getByRole('button', { name: '抽课', exact: true }).click();
    await inspector.getByRole('button', { name: /看课/ }).click();
    await waitFor(async () => (await playing(inspector)).frames > 2, { ms: 30_000, what: 'a picture' });

    // The end, the replay on the same link, and who never came.
    await studio.getByRole('button', { name: '下课' }).click();
    await studio.locator('.sheet__do').click();
    await says(studio, '.light', /已经下课/, 30_000);
    await child.goto(pupils.get('学生11') ?? '');
    await child.locator('.start').waitFor({ timeout: 30_000 });
    await join(child);
    await office.getByRole('link', { name: '没来的孩子' }).click();
    await office.getByRole('button', { name: /打开三年级1班/ }).click();
    await says(office, '.finds', /学生12/);
  }, 300_000);
});
