import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { missingPupil } from '../support/office-double';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { overflow, says as saysWithin } from '../support/watch-page';

// The office's day against a stand-in that answers as the API does: who is missing, and the timetable.

const use = useDouble();
const says = (page: Page, selector: string, words: RegExp): Promise<true> => saysWithin(page, selector, words, 15_000);
const done = (path: string) => use.double.office.done.filter((one) => one.path === path);
const room = (id: string, of: string, teacher: object | null) => ({ id, label: of === 'c2' ? '三年级2班' : '三年级1班', school: null, class: of, group: null, teacher, expected: 42 });
const zhao = { id: 'x', name: '赵老师' };

async function office(place: string, view: View = kDesktop): Promise<Page> {
  const page = await use.open(`/office#/${place}`, view);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector(`.office__nav a[aria-current="page"]`);
  return page;
}
function morning(): void {
  const { office: school } = use.double;
  school.lessons = [
    { id: 'L6', title: '三年级数学', state: 'live', started_at: Date.now() - 900_000, lead: null, rooms: [room('a', 'c1', zhao), room('b', 'c2', zhao)] },
    { id: 'L5', title: '昨天的课', state: 'ended', started_at: Date.now() - 86_400_000, lead: null, rooms: [room('a', 'c1', zhao)] },
  ];
  school.missing = { c2: [missingPupil('1', '李明', { overdue: true, last_device: { by: 'tv', at: Date.now() - 86_400_000 } }), missingPupil('2', '张芳', { absent: false, minutes: 12, last_seen: Date.now() - 300_000 })] };
}

describe('the missing', () => {
  it('are counted on the board, with the classes that nobody watches', async () => {
    morning();
    use.double.office.unwatched = [{ lesson: 'L6', title: '三年级数学', room: room('b', 'c2', zhao), was_here: false, minutes: 15 }];
    const page = await office('board');
    await says(page, '.office__sum', /1 人还没来/);
    await says(page, '.lesson-row--live', /三年级2班：赵老师.*没来 1/);
    await says(page, '.unwatched', /三年级2班：开课 15 分钟，任课老师还没来过/);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('go to zero: each family reached, each child with a way', async () => {
    morning();
    const page = await office('absent', kPhone);
    await says(page, '.zero', /2.*人次还没有着落/);
    expect(await page.locator('.grid tbody tr').count()).toBe(2);
    await page.getByRole('button', { name: /打开三年级2班/ }).click();
    await says(page, '.zero', /2.*人还没联系上/);
    await says(page, '.office', /到过 12 分钟/);
    await says(page, '.find--late', /李明[^]*最后一次用的是电视[^]*两个小时了/);
    expect(await page.locator('.find--late').count()).toBe(1);
    await page.getByRole('button', { name: '记联系：李明' }).click();
    await page.getByRole('radio', { name: '打电话' }).click();
    expect(await page.getByRole('button', { name: '记下' }).isDisabled()).toBe(true);
    await page.getByRole('radio', { name: '在电视上看' }).click();
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.getByRole('button', { name: '记下' }).click();
    await says(page, '.find--done', /李明.*在电视上看/);
    expect(JSON.parse(done('/api/v1/lessons/L6/contacts')[0]?.body ?? '{}')).toEqual({ pupil: '1', by: 'called', way: 'tv' });
    await page.getByRole('button', { name: '记联系：张芳' }).click();
    await page.getByRole('radio', { name: '发消息' }).click();
    await page.getByRole('radio', { name: '看重播' }).click();
    await page.getByRole('button', { name: '记下' }).click();
    await says(page, '.zero--done', /0.*都联系过了/);
    await says(page, '.find--wait', /张芳/);
    expect(await page.getByRole('link', { name: /Excel/ }).getAttribute('href')).toBe('/api/v1/lessons/L6/attendance?class=c2&lang=zh&format=xlsx');
  });

  it('of one lesson have an address, and names only for who may see them', async () => {
    morning();
    use.double.office.may = ['see_counts', 'see_lessons'];
    const page = await office('absent/L5');
    await waitFor(async () => (await page.locator('.grid tbody tr').count()) === 1, { what: 'yesterday’s' });
    expect(await page.getByRole('button', { name: /打开/ }).count()).toBe(0);
    await page.getByRole('link', { name: '看今天所有的课' }).click();
    await waitFor(async () => (await page.locator('.grid tbody tr').count()) === 2, { what: 'today’s' });
  });
});

/** Who was there, line by line; the chart's own table is another. */
const kLines = '.attendance > .grid-scroll';

describe('attendance', () => {
  it('is counted for days, put together, and taken along as a sheet', async () => {
    morning();
    const page = await office('attendance');
    await says(page, '.zero', /2.*人次还没有着落/);
    await page.waitForSelector('.chart--lying svg'); // one lying bar a lesson
    expect(await page.getByRole('img', { name: /柱子 2 根，应到 \d+ 人次：直播/ }).count()).toBe(1);
    expect(await page.locator(`${kLines} tbody tr`).count()).toBe(3);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.selectOption('select', 'school');
    await says(page, kLines, /第一小学.*2 节课/);
    expect(await page.locator(`${kLines} tbody tr`).count()).toBe(1);
    const today = await page.inputValue('input[type="date"]');
    expect(await page.getByRole('link', { name: '下载 Excel' }).getAttribute('href')).toBe(`/api/v1/attendance?from=${today}&to=${today}&by=school&format=xlsx&lang=zh`);
    // The last day never lies before the first.
    await page.fill('input[type="date"]', '2099-01-01');
    await says(page, kLines, /第一小学/);
    expect(await page.locator('input[type="date"]').last().inputValue()).toBe('2099-01-01');
  });

  it('is a chart by days, with the same numbers as a table', async () => {
    morning();
    const page = await office('attendance');
    await page.getByRole('button', { name: '最近 7 天' }).click();
    await page.waitForSelector('.chart--few svg');
    await waitFor(async () => (await page.locator('.chart .ct-label.ct-end').count()) === 7, { what: 'seven days' });
    await page.getByText('用表格看这张图').click();
    await waitFor(async () => (await page.locator('.report .grid tbody tr').count()) === 7, { what: 'their numbers' });
    const [expected, live] = await page.locator('.report .grid tbody tr').last().locator('td').allTextContents();
    expect(Number(live)).toBe(Number(expected) - 2);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '最近 4 周' }).click();
    await says(page, '.report', /周.*应到/);
  });

  it('fits a phone', async () => {
    morning();
    const page = await office('attendance', kPhone);
    await says(page, kLines, /三年级2班/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});

describe('the timetable', () => {
  it('is a week of a class, and goes from week to week', async () => {
    const page = await office('timetable');
    await says(page, '.week', /语文.*直播.*李老师/);
    await says(page, '.week__title', /11月23日/);
    await page.getByRole('button', { name: '下一周' }).click();
    await says(page, '.week__title', /11月30日/);
    await page.getByRole('button', { name: '这一周' }).click();
    await says(page, '.week__title', /11月23日/);
    expect(await page.getByRole('link', { name: '打印' }).getAttribute('href')).toBe('/api/v1/timetable/classes/c1?format=html&lang=zh');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('takes a sheet into the drafts, says which rules it breaks, publishes all or nothing, and takes it back', async () => {
    const { timetable } = use.double.office;
    timetable.findings = [{ severity: 'error', code: 'evening', rows: [5], params: { amount: 30, limit: 0 }, week: '2026-11-23' }];
    timetable.rows = { '5': { day: 2, start: '19:00', end: '19:30', kind: 'lesson', subject: '科学', lead: '赵老师', period: 9, scope: { grade: 3, class: '三年级1班' }, week: null } };
    const page = await office('timetable');
    await page.getByRole('radio', { name: '草稿' }).click();
    await page.click('.report summary');
    await page.setInputFiles('.file__input', { name: 'a.csv', mimeType: 'text/csv', buffer: Buffer.from('年级,老师\n3,没有的老师\n') });
    await says(page, '.report--bad', /第 2 行 · lead · 没有这个名字/);
    await page.getByRole('button', { name: /跳过有错的行/ }).click();
    await says(page, '.report', /已放进草稿/);
    await says(page, '.editor', /科学/);
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.click('.sheet__do');
    await says(page, '.office', /一张都没有发布/);
    await says(page, '.findings', /排到了晚上（30 分钟）.*周二 19:00 · 科学 · 赵老师/);
    expect(await accessibilityProblems(page)).toEqual([]);
    timetable.findings = [];
    await page.getByRole('button', { name: '发布', exact: true }).click();
    await page.click('.sheet__do');
    await says(page, '.office', /已发布 1 张课表/);
    await page.getByRole('radio', { name: '已发布' }).click();
    await says(page, '.week', /科学/);
    await page.getByRole('radio', { name: '草稿' }).click();
    await page.getByRole('button', { name: '撤回上次发布' }).click();
    await page.click('.sheet__do');
    await says(page, '.office', /已撤回/);
    await waitFor(async () => !/科学/.test((await page.textContent('.editor')) ?? ''), { what: 'as before' });
  });
});

describe('recordings', () => {
  it('are found, opened, played and downloaded', async () => {
    morning();
    const page = await office('recordings');
    await waitFor(async () => (await page.locator('.lesson-row').count()) === 2, { what: 'both lessons' });
    await page.fill('#find', '昨天');
    await waitFor(async () => (await page.locator('.lesson-row').count()) === 1, { what: 'found' });
    expect(done('/api/v1/lessons/L5/office-link')).toEqual([]);
    await page.getByRole('button', { name: '打开录像：昨天的课' }).click();
    await says(page, '.lesson-row', /21 分钟，84 MB · 中断 1 处/);
    expect(await page.getByRole('link', { name: '播放' }).getAttribute('href')).toBe('/w/XIAOMING');
    expect(await page.getByRole('link', { name: '下载 MP4' }).getAttribute('href')).toBe('/api/v1/lessons/L5/recording.mp4?token=T');
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('are kept by two persons, and let go by two', async () => {
    morning();
    const page = await office('recordings');
    const keep = (): Promise<void> => page.getByRole('button', { name: '留存：昨天的课' }).click();
    await keep();
    await page.fill('#reason', '家长来信');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '申请留存' }).click();
    await says(page, '.lesson-row__held', /等第二个人同意/);
    await keep();
    await says(page, '.sheet', /要等另一个人同意/);
    expect(await page.getByRole('button', { name: '我同意留存' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    use.double.office.holds['L5'] = { reason: '家长来信', asked_by: { id: 'st2', name: '李老师' }, approved_by: null, release_asked_by: null };
    await page.reload();
    await says(page, '.lesson-row__held', /等第二个人同意/);
    await keep();
    await page.getByRole('button', { name: '我同意留存' }).click();
    await says(page, '.lesson-row__held', /不会到期删除/);
    await keep();
    await page.getByRole('button', { name: '申请取消' }).click();
    await says(page, '.lesson-row__held', /有人申请取消/);
  });
});
