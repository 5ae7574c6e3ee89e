import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { kChromium, kDesktop, kPhone, screenshot, type View } from '../support/browser';
import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { School } from '../support/school';
import { waitFor } from '../support/wait';
import { join, loudness, moves, playing, says, watchErrors, watchForeignRequests } from '../support/watch-page';
import { kMayMakeLines, makeWeakLine, type WeakLine } from '../support/weak-line';

// One morning of two classes, everybody at their own page of the real server: the clerk, the lead teacher with a camera,
// a subject teacher, children by three ways, one who drops out and one who never comes, an inspector.

const kSchool = '第一小学';
const kTitle = '三年级数学：分数';
const kPupils = ['学校,年级,班级,学号,姓名,家长电话', ...[1, 2].flatMap((klass) => [1, 2, 3].map((i) => `${kSchool},三年级,${klass}班,20230${klass}${i},学生${klass}${i},${i === 3 ? `1381234${klass}${i}00` : ''}`))].join('\r\n');
const kStaff = `学校,工号,姓名,学科,任教班级\r\n${kSchool},T1,李老师,数学,三年级2班\r\n${kSchool},T2,王老师,数学,三年级1班\r\n`;

describe.skipIf(!kMayMakeLines)('a morning', () => {
  let line: WeakLine;
  beforeAll(() => {
    line = makeWeakLine();
  });
  afterAll(() => line.close());
  const use = useServer(() => ({ env: { TONGKE_SERVER_HOST: line.host } }));
  const here = useBrowser();
  const away = useBrowser(() => line.inside(kChromium));

  const seen: { readonly errors: string[]; readonly foreign: string[] }[] = [];
  const open = async (path: string, view: View): Promise<Page> => {
    const page = await here.open(use.server.origin + path, view);
    seen.push({ errors: watchErrors(page), foreign: watchForeignRequests(page) });
    return page;
  };
  async function signIn(path: string, login: string, ...account: readonly string[]): Promise<Page> {
    const { password } = (await use.server.tongke('account', 'create', login, ...account)) as { password: string };
    const page = await open(path, kDesktop);
    await page.fill('#login', login);
    await page.fill('#password', password);
    await page.click('.door__do');
    return page;
  }
  async function bring(page: Page, name: string, list: string): Promise<void> {
    await page.getByRole('link', { name: '导入名单' }).click();
    await page.getByLabel('名单里的新学校也建起来').check();
    await page.setInputFiles('.file__input', { name, mimeType: 'text/csv', buffer: Buffer.from(list) });
    await says(page, '.office', new RegExp(`检查完了：${name}`));
    await page.getByRole('button', { name: '导入', exact: true }).click();
    await says(page, '.office', new RegExp(`已导入：${name}`));
    await page.getByRole('link', { name: '今天' }).click();
  }

  it('goes from the list to the last child', async () => {
    // The lists come in, and the clerk makes the lesson.
    const district = await signIn('/office', 'district', '--name', '教育科', '--duty', 'district_office');
    await bring(district, '学生.csv', kPupils);
    await bring(district, '教师.csv', kStaff);
    const clerk = await signIn('/office', 'clerk', '--name', '张主任', '--duty', 'school_office', '--school', kSchool);
    await clerk.getByRole('button', { name: '新建一堂课' }).click();
    await clerk.fill('#title', kTitle);
    await clerk.getByLabel('三年级1班').check();
    await clerk.getByLabel('三年级2班').check();
    await clerk.selectOption('#lead', { label: '李老师' });
    await clerk.getByRole('button', { name: '建课', exact: true }).click();
    await says(clerk, '.lesson-row', new RegExp(kTitle));
    await screenshot(clerk, 'morning-1-clerk');
    const school = await School.open(use.server, kSchool, []);
    const [lesson] = await school.office.items('/api/v1/lessons');
    if (lesson === undefined) throw new Error('no lesson');
    const child = async (klass: number, i: number): Promise<string> => `/w/${await school.token(lesson.id, { pupil: (await school.pupil(`三年级${klass}班`, `学生${klass}${i}`)).id })}`;

    // The lead teacher begins, from her browser.
    const studio = await open(`/studio/${await school.token(lesson.id, { staff: school.member('李老师').id })}`, kDesktop);
    await studio.waitForSelector('.devices', { timeout: 30_000 });
    await studio.click('.bell__do');
    await studio.waitForSelector('.light--live', { timeout: 30_000 });

    // Children by three ways, and one who will drop out.
    const quick = await open(await child(1, 1), kPhone);
    await join(quick);
    await quick.getByRole('button', { name: /清晰度/ }).click();
    await quick.getByRole('radio', { name: /低延迟/ }).click();
    await waitFor(async () => (await quick.getAttribute('.player', 'data-way')) === 'whep', { ms: 30_000, what: 'low delay' });
    await moves(quick, 1, 30_000);
    await screenshot(quick, 'morning-2-low-delay');
    const usual = await open(await child(2, 1), kPhone);
    await join(usual);
    await moves(usual, 1, 30_000);
    expect(await loudness(usual, 3000)).toBeGreaterThan(0.001);
    await screenshot(usual, 'morning-2-usual');
    await usual.context().close(); // two cores make the pictures of all of them
    line.squeezed(250);
    const weak = await away.open(`http://${line.host}:${use.server.ports.http}${await child(2, 2)}`, kPhone);
    await weak.waitForSelector('.start', { timeout: 60_000 });
    await weak.click('.start');
    let from = 0; // where it begins
    await waitFor(async () => (from ||= (await playing(weak)).time) > 0, { ms: 60_000, what: 'a beginning on the weak line' });
    await waitFor(async () => (await playing(weak)).time > from + 2, { ms: 60_000, what: 'sound on the weak line' });
    await screenshot(weak, 'morning-2-weak');
    await weak.context().close();
    const dropping = await open(await child(1, 2), kPhone);
    await join(dropping);

    // The subject teacher of class 1 sits beside them.
    const desk = await open(`/desk/${await school.token(lesson.id, { staff: school.member('王老师').id })}`, kDesktop);
    await join(desk);
    await says(desk, '.room', /学生11/);
    expect(await desk.content()).not.toContain('学生21'); // another class's
    await desk.fill('.note__text', '看课本第 3 页');
    await desk.keyboard.press('Enter');
    await says(quick, '.notes', /看课本第 3 页/);
    await quick.getByRole('button', { name: /没听懂/ }).click();
    await quick.getByRole('button', { name: /问老师/ }).click();
    await quick.fill('.sheet .field', '为什么要平均分？');
    await quick.keyboard.press('Enter');
    await quick.keyboard.press('Escape');
    await says(desk, '.helps', /为什么要平均分/);
    await desk.fill('.help .write .field', '分得一样多才公平');
    await desk.keyboard.press('Enter');
    await quick.getByRole('button', { name: /老师回了/ }).click();
    await says(quick, '.talk', /分得一样多才公平/);
    await quick.keyboard.press('Escape');
    await dropping.context().close();
    await says(desk, '.room', /断线\s*1/, 60_000);
    await screenshot(desk, 'morning-3-desk');
    await screenshot(studio, 'morning-3-studio');

    // An inspector draws it, looks, and signs.
    const inspector = await signIn('/inspect', 'inspector', '--name', '刘督学', '--duty', 'inspector');
    await says(inspector, '.inspect__urn', /1 节课正在上/, 30_000);
    await inspector.fill('#words', '海湾 42');
    await inspector.click('form .inspect__do');
    await inspector.locator('.inspect__lessons .button').click();
    await waitFor(async () => (await playing(inspector)).frames > 2, { ms: 30_000, what: 'a picture' });
    await inspector.waitForSelector('.inspect__counts', { timeout: 20_000 });
    for (const item of await inspector.locator('form .inspect__choices').all()) await item.locator('.chip').first().click();
    await inspector.click('form .inspect__do');
    await says(inspector, '.inspect__record', /签名有效.*刘督学/);
    expect(await inspector.content()).not.toContain('学生1');

    // Class is over; who watched may watch again.
    await studio.click('.button--end');
    await studio.click('.sheet__do');
    await studio.waitForSelector('.light--ended', { timeout: 30_000 });

    // Who never came is found, called, and sees the replay.
    await clerk.getByRole('link', { name: '没来的孩子' }).click();
    await clerk.getByRole('button', { name: /打开三年级1班/ }).click();
    await clerk.getByRole('button', { name: '记联系：学生13' }).click();
    await clerk.getByRole('radio', { name: '打电话' }).click();
    await clerk.getByRole('radio', { name: '看重播' }).click();
    await clerk.getByRole('button', { name: '记下' }).click();
    await says(clerk, '.office', /学生13.*看重播/);
    await screenshot(clerk, 'morning-4-absent');
    // A phone that the school does not know yet: it asks for the end of a guardian's number.
    const late = await open(`/l/${await school.link({ pupil: (await school.pupil('三年级1班', '学生13')).id })}`, kPhone);
    await late.fill('[name=digits]', '1300');
    await late.keyboard.press('Enter');
    await join(late);
    await screenshot(late, 'morning-5-replay');
    await waitFor(async () => (await school.counts(lesson.id, '三年级1班'))['late'] === 1, { ms: 180_000, every: 1000, what: 'the replay counts' });

    // What the office takes along names each child once.
    const sheet = await school.office.get(`/api/v1/lessons/${lesson.id}/attendance?class=${school.klass('三年级1班').id}&lang=zh&format=csv`);
    const rows = sheet.text.trim().split('\r\n').slice(1);
    expect(rows.map((row) => /学生\d\d/.exec(row)?.[0])).toEqual(['学生11', '学生12', '学生13']);
    const counts = await school.counts(lesson.id, '三年级1班');
    expect(['live', 'tv', 'late', 'package', 'excused', 'unresolved'].reduce((sum, state) => sum + (counts[state] ?? 0), 0)).toBe(3);
    for (const { errors, foreign } of seen) expect([errors, foreign]).toEqual([[], []]);
  }, 600_000);
});
