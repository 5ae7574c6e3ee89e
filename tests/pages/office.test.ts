import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, type View } from '../support/browser';
import { missingPupil } from '../support/office-double';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { overflow, says as saysWithin, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// The school's office against a stand-in that answers as the API does.

const use = useDouble();

async function open(view: View = kDesktop): Promise<Page> {
  const page = await use.open('/office', view);
  await page.waitForSelector('#login');
  return page;
}
async function signIn(page: Page, password = 'correct-horse'): Promise<void> {
  await page.fill('#login', 'wang');
  await page.fill('#password', password);
  await page.click('.door__do');
}
async function office(view?: View): Promise<Page> {
  const page = await open(view);
  await signIn(page);
  await page.waitForSelector('.office__nav');
  return page;
}
const says = (page: Page, selector: string, words: RegExp): Promise<true> => saysWithin(page, selector, words, 15_000);
const done = (path: string) => use.double.office.done.filter((one) => one.path === path);
const room = (id: string, teacher: object | null) => ({ id, label: '三年级2班', school: null, class: 'c2', group: null, teacher, expected: 42 });
const lesson = (id: string, title: string, state: string, ...rooms: object[]) => ({ id, title, state, started_at: state === 'waiting' ? null : Date.now(), lead: { id: 'st2', name: '李老师' }, rooms });

describe('the door', () => {
  it('says what is wrong, when to come again, and lets in', async () => {
    const page = await open(kPhone);
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await signIn(page, 'wrong');
    await says(page, '.door__trouble', /账号或密码不对/);
    use.double.office.tired = true;
    await signIn(page);
    await says(page, '.door__trouble', /9 秒/);
    await signIn(page);
    await page.waitForSelector('.office__nav');
    expect(await text(page, '.office__who')).toMatch(/第一小学.*王主任/);
    await page.reload();
    await page.waitForSelector('.office__nav');
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.waitForSelector('#login');
    await waitFor(() => use.double.office.done.some(({ method }) => method === 'DELETE'), { what: 'signed out' });
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('is where one comes back to when the session ended', async () => {
    const page = await office();
    use.double.office.forget();
    await page.getByRole('link', { name: '班级' }).click();
    await says(page, '.door__trouble', /登录已经过期/);
  });
});

describe('the office', () => {
  it('shows today, what needs somebody first, and ends a lesson only when asked twice', async () => {
    use.double.office.lessons = [lesson('L5', '晨会', 'waiting'), lesson('L6', '数学', 'live', room('a', null)), lesson('L7', '语文', 'interrupted', room('b', { id: 'x', name: '赵老师' }))];
    const page = await office();
    await waitFor(async () => (await page.locator('.lesson-row').count()) === 3, { what: 'three lessons' });
    expect(await page.locator('.lesson-row__title').allTextContents()).toEqual(['语文', '数学', '晨会']);
    await says(page, '.office__sum', /2 堂正在上.*1 个班没有任课老师/);
    await page.locator('.lesson-row', { hasText: '数学' }).getByRole('button', { name: '下课' }).click();
    expect(done('/api/v1/lessons/L6/end')).toEqual([]);
    await page.click('.sheet__do');
    await waitFor(async () => (await page.locator('.lesson-row--ended').count()) === 1, { what: 'ended' });
    expect(done('/api/v1/lessons/L6/end')).toHaveLength(1);
  });

  it('makes a lesson for two classes together', async () => {
    const page = await office();
    await page.getByRole('button', { name: '新建一堂课' }).click();
    await page.getByRole('button', { name: '建课', exact: true }).click();
    await says(page, 'form', /请写课名/);
    await page.fill('#title', '三年级数学');
    await page.getByLabel('三年级1班').check();
    await page.getByLabel('三年级2班').check();
    await page.selectOption('#lead', 'st2');
    await page.getByRole('button', { name: '建课', exact: true }).click();
    await says(page, '.office__sum', /已建好：三年级数学/);
    await page.waitForSelector('.lesson-row');
    expect(JSON.parse(done('/api/v1/lessons')[0]?.body ?? '{}')).toEqual({ title: '三年级数学', mode: 'joint', rooms: [{ class: 'c1' }, { class: 'c2' }], lead: 'st2' });
    expect(await page.locator('.lesson-row a').first().getAttribute('href')).toMatch(/^\/api\/v1\/classes\/c1\/links\?lesson=/);
  });

  it('shows a class by name, prints its links, and renews them only when asked twice', async () => {
    const page = await office();
    await page.getByRole('link', { name: '班级' }).click();
    await page.getByRole('button', { name: /三年级2班/ }).click();
    await says(page, '.grid', /张芳/);
    await says(page, '.office', /会记入查看记录/);
    expect(await page.getByRole('link', { name: '打印学生链接' }).getAttribute('href')).toBe('/api/v1/classes/c2/links?language=zh&format=html');
    await page.getByRole('button', { name: '全部换新' }).click();
    expect(done('/api/v1/links/renew')).toEqual([]);
    await page.getByRole('button', { name: '全部作废，换新' }).click();
    await says(page, '.office', /已换新/);
    expect(JSON.parse(done('/api/v1/links/renew')[0]?.body ?? '{}')).toEqual({ class: 'c2' });
    await page.getByRole('button', { name: '返回' }).click();
    await page.waitForSelector('.tile');
  });

  it('puts a pupil’s row right, whole for the office, and shows who looked and changed', async () => {
    const page = await office(kPhone);
    await page.getByRole('link', { name: '班级' }).click();
    await page.getByRole('button', { name: /三年级1班/ }).click();
    await page.getByRole('button', { name: '更正 李明 的数据' }).click();
    await says(page, '.accesses', /李老师 · 看/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.fill('#correct-name', '李铭');
    await page.selectOption('#correct-class', 'c2');
    await page.getByRole('checkbox').check();
    await page.getByRole('button', { name: '保存更正' }).click();
    await says(page, '.correct', /已更正/);
    await says(page, '.accesses', /王主任 · 更正/);
    expect(JSON.parse(done('/api/v1/pupils/p0')[0]?.body ?? '')).toEqual({ name: '李铭', class: 'c2', standing: 'left' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: '返回' }).click();
    await says(page, '.grid', /李铭[^]*已离校|李铭/);
  });

  it('looks at a list first, tells bad rows by line, and keeps it only then', async () => {
    use.double.office.report.problems = [{ file: 'a.csv', line: 12, column: 'phone', reason: 'bad_phone' }];
    const page = await office();
    await page.getByRole('link', { name: '导入名单' }).click();
    const choose = (body: string): Promise<void> => page.setInputFiles('.file__input', { name: '三年级.csv', mimeType: 'text/csv', buffer: Buffer.from(body) });
    await choose('not a list');
    await says(page, '.office', /没有找到表头/);
    await choose('学号,姓名\n1,李明\n');
    await says(page, '.office', /检查完了：三年级.csv/);
    await says(page, '.report--bad', /第 12 行 · 家长电话 · 看不懂的电话号码/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(done('/api/v1/imports').every(({ query }) => /dry_run=true/.test(query))).toBe(true);
    await page.getByRole('button', { name: /跳过有错的行/ }).click();
    await says(page, '.office', /已导入：三年级.csv/);
    expect(done('/api/v1/imports').at(-1)?.query).toMatch(/skip_bad=true/);
    expect(done('/api/v1/imports').at(-1)?.body).toBe('学号,姓名\n1,李明\n');
  });

  it('changes a password, and says why one will not do', async () => {
    const page = await office();
    await page.getByRole('link', { name: '我的账号' }).click();
    const change = async (old: string, fresh: string): Promise<void> => {
      await page.fill('#old', old);
      await page.fill('#new', fresh);
      await page.getByRole('button', { name: '换密码' }).click();
    };
    await change('wrong', 'battery-staple');
    await says(page, 'form', /现在的密码不对/);
    await change('correct-horse', 'short');
    await says(page, 'form', /不合要求/);
    await change('correct-horse', 'battery-staple');
    await says(page, 'form', /密码已换/);
  });

  it('shows a teacher of no office only what is hers', async () => {
    use.double.office.may = ['see_school'];
    const page = await office();
    expect(await page.locator('.office__nav a').allTextContents()).toEqual(['班级', '我的账号']);
  });
});

describe('every size and language', () => {
  const views: readonly (readonly [string, View])[] = [
    ['phone', kPhone],
    ['phone, English, dark', { ...kPhone, locale: 'en-US', dark: true }],
    ['desktop', kDesktop],
    ['desktop, English, dark', { ...kDesktop, locale: 'en-US', dark: true }],
    ['large screen', kTelevision],
  ];
  it.each(views)('%s: accessible, nothing over the edge', async (_, view) => {
    use.double.office.lessons = [lesson('L6', '三年级数学：分数的初步认识', 'live', room('a', null), room('b', { id: 'x', name: '赵老师' }))];
    use.double.office.missing['c2'] = [missingPupil('1', '李明'), missingPupil('2', '张芳')];
    const page = await open(view);
    expect(await accessibilityProblems(page)).toEqual([]);
    await signIn(page);
    for (const place of ['board', 'absent', 'timetable', 'recordings', 'classes', 'import', 'account']) {
      await page.evaluate((hash) => (location.hash = hash), `#/${place}`);
      await page.waitForSelector(`.office__nav a[aria-current="page"][href="#/${place}"]`);
      await waitFor(async () => (await page.locator('.list__end[role="status"]').count()) === 0, { what: 'loaded' });
      expect(await accessibilityProblems(page)).toEqual([]);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
  });
});
