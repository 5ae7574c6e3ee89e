import { readFileSync } from 'node:fs';

import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, type View } from '../support/browser';
import { familyWeek, ticketBoard } from '../support/family-week';
import { useDouble } from '../support/pages';
import { overflow, says as saysWithin, watchErrors, watchForeignRequests } from '../support/watch-page';
import { waitFor } from '../support/wait';

// A family's own page, and the board its words come to, against a stand-in that answers as the API does. The
// real link, clock and erasure are tested in integration/family.test.ts.

const use = useDouble();
const says = (page: Page, selector: string, words: RegExp): Promise<true> => saysWithin(page, selector, words, 15_000);
const done = (path: RegExp) => use.double.family.done.filter((one) => path.test(one.path));
const tap = (page: Page, group: string, answer: string): Promise<void> => page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: answer, exact: true }).click();

async function family(view: View = kPhone): Promise<Page> {
  const page = await use.open(`/family/${use.double.family.link}`, view);
  await page.waitForSelector('.family__cards .card');
  return page;
}

describe('a family', () => {
  it('sees each child’s day and week, goes to the lesson on air and to what was missed', async () => {
    familyWeek(use.double.family);
    const page = await family();
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await says(page, '.family__name', /李小明.*第一小学.*三年级2班/);
    await says(page, '.family__line--now', /英语.*现在 · 陈老师.*去上课/);
    expect(await page.locator('.family__line--now a').getAttribute('href')).toBe('/w/XIAOMING');
    await says(page, '[aria-label=到课]', /42 节课，看到了 38 节/);
    await says(page, '[aria-label=到课]', /没看到的 2 节[^]*分数的初步认识[^]*光/);
    expect(await page.getByRole('link', { name: '看重播：三年级数学：分数的初步认识' }).getAttribute('href')).toBe('/w/XIAOMING2');
    await says(page, '[aria-label=到课]', /没有重播了/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '李小雨' }).click();
    await says(page, '[aria-label=到课]', /还没有上过课/);
    await page.getByRole('button', { name: '下周' }).click();
    await says(page, '[aria-label=课表]', /还没有公布/);
    await page.getByRole('button', { name: '本周' }).click();
    await page.getByRole('button', { name: /周一/ }).click();
    await says(page, '[aria-label=课表]', /10:00[^]*物理/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
    // The first page knows the way back.
    await page.goto(use.double.origin);
    expect(await page.getByRole('link', { name: '我家的课' }).getAttribute('href')).toBe('/family/OURHOME1');
  });

  it('finds the address for a box that knows nothing but one', async () => {
    familyWeek(use.double.family);
    const page = await family();
    const card = page.getByRole('region', { name: '电视频道' });
    expect(await card.getByRole('textbox', { name: '频道地址' }).inputValue()).toBe('https://school.example/channel/TV1/playlist.m3u');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await card.getByRole('button', { name: '复制' }).click();
    await card.getByRole('button', { name: '复制了' }).waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('https://school.example/channel/TV1/playlist.m3u');
  });

  it('says how the week was in three taps, once, and reads what the school answered', async () => {
    familyWeek(use.double.family);
    const page = await family();
    await says(page, '.family__said', /听不清老师说话[^]*话筒坏了/);
    const send = page.getByRole('button', { name: '交给学校' });
    expect(await send.isDisabled()).toBe(true);
    await tap(page, '画面', '清楚');
    await tap(page, '声音', '不清楚');
    await tap(page, '快慢长短', '合适');
    await page.fill('#more-week', '星期二\n也听不清');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    use.double.family.broken = true;
    await send.click();
    await says(page, '.say__trouble', /没有交上/);
    use.double.family.broken = false;
    await send.click();
    await says(page, '.say__thanks', /已经说过了/);
    expect(JSON.parse(done(/feedback$/).at(-1)?.body ?? '')).toEqual({ picture: 'good', sound: 'poor', pace: 'fits', text: '星期二 也听不清' });
    await says(page, '.family__said', /声音不清楚[^]*已交给技术老师，.* 前答复/);
    await page.reload();
    await page.waitForSelector('.say__thanks');
    // And of a lesson that is over.
    await page.getByRole('button', { name: '说说这节课：三年级语文：燕子' }).click();
    for (const [group, answer] of [['画面', '清楚'], ['声音', '清楚'], ['快慢长短', '讲得太快']] as const) await tap(page, group, answer);
    expect(await accessibilityProblems(page)).toEqual([]);
    await send.click();
    await says(page, '.family__said', /讲得太快 三年级语文：燕子[^]*已交给班主任/);
    expect(JSON.parse(done(/feedback$/).at(-1)?.body ?? '')).toEqual({ picture: 'good', sound: 'good', pace: 'too_fast', lesson: 'L1' });
    expect(await page.getByRole('button', { name: '说说这节课：三年级语文：燕子' }).count()).toBe(0);
  });

  it('puts its child’s name right, sees it everywhere at once, and who looked', async () => {
    familyWeek(use.double.family);
    const page = await family(kPhone);
    await page.getByRole('button', { name: /更正/ }).click();
    await says(page, '.accesses', /李老师 · 看/);
    expect(await page.inputValue('#correct-name')).toBe('李小明');
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '保存更正' }).click();
    await says(page, '.correct', /和原来一样/);
    await page.fill('#correct-name', ' ');
    await page.getByRole('button', { name: '保存更正' }).click();
    await says(page, '.correct', /姓名要写/);
    await page.fill('#correct-name', '李晓明');
    await page.selectOption('#correct-condition', 'tv_only');
    await page.getByRole('button', { name: '保存更正' }).click();
    await says(page, '.correct', /已更正/);
    await says(page, '.family__name', /李晓明/);
    await says(page, '.accesses', /家里 · 更正/);
    expect(done(/^\/api\/v1\/pupils\/k1$/).map(({ method, body }) => [method, body])).toEqual([['PATCH', JSON.stringify({ name: '李晓明', condition: 'tv_only' })]]);
    // Somebody else was faster.
    Object.assign(use.double.family.children[0] ?? {}, { condition: 'shared_device' });
    await page.fill('#correct-name', '李明明');
    await page.getByRole('button', { name: '保存更正' }).click();
    await says(page, '.correct', /别人刚改过/);
    await page.getByRole('button', { name: '返回' }).click();
    await page.getByRole('button', { name: /更正/ }).waitFor();
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('takes its child’s data, and has it deleted in two steps', async () => {
    familyWeek(use.double.family);
    const page = await family(kDesktop);
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '拿走一份' }).click()]);
    expect(file.suggestedFilename()).toBe('pupil.json'); // no name in it
    expect(file.url()).toMatch(/\/api\/v1\/links\/OURHOME1\/pupils\/k1\/export$/); // no file made here: WeChat's browser would not save it
    expect(JSON.parse(readFileSync(await file.path(), 'utf8'))).toMatchObject({ id: 'k1', name: '李小明' });
    await page.getByRole('button', { name: '删除孩子的数据' }).click();
    await says(page, '.sheet', /李小明[^]*找不回来[^]*不带名字的到课数字/);
    const erase = page.getByRole('button', { name: '删除', exact: true });
    expect(await erase.isDisabled()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '不删，返回' }).click();
    expect(done(/^\/api\/v1\/pupils\/k1$/)).toEqual([]);
    await page.getByRole('button', { name: '删除孩子的数据' }).click();
    await page.getByRole('checkbox').check();
    await erase.click();
    await says(page, '.family__erased', /李小明 的数据已经删除/);
    await says(page, '.family__name', /李小雨/);
    expect(done(/^\/api\/v1\/pupils\/k1$/)).toMatchObject([{ method: 'DELETE' }]);
  });

  it('is asked for the end of its number on a new device; a link that is none says so', async () => {
    use.double.family.digits = '1200';
    const page = await use.open(`/family/${use.double.family.link}`, kPhone);
    await page.fill('#digits', '0000');
    await page.getByRole('button', { name: '打开' }).click();
    await says(page, '.door__trouble', /不是这个号码/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.fill('#digits', '1200');
    await page.getByRole('button', { name: '打开' }).click();
    await says(page, '.family__name', /李小明/);
    await says(page, '[aria-label=课表]', /还没有公布/);
    const wrong = await use.open('/family/NOBODYS1', kPhone);
    await says(wrong, '.board', /已经不能用/);
  });

  it('fits a desktop and a television, in English too', async () => {
    familyWeek(use.double.family);
    for (const view of [kDesktop, kTelevision]) {
      const page = await family({ ...view, locale: 'en-US' });
      await says(page, '[aria-label=Attendance]', /42 lessons so far, 38 seen/);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await accessibilityProblems(page)).toEqual([]);
    }
  });
});

describe('the board of tickets', () => {
  async function board(view: View = kDesktop): Promise<Page> {
    use.double.office.may.push('answer_tickets');
    const page = await use.open('/office#/tickets', view);
    await page.fill('#login', 'wang');
    await page.fill('#password', 'correct-horse');
    await page.click('.door__do');
    await page.waitForSelector('.zero');
    return page;
  }

  it('has the late ones in red, and each is answered, passed on and closed', async () => {
    ticketBoard(use.double.family);
    const page = await board();
    await says(page, '.zero', /4 张等答复 · 其中 1 张晚了/);
    await says(page, '.ticket--late', /画面不清楚 · 声音不清楚[^]*张芳 · 三年级2班[^]*一直卡[^]*晚了，应在[^]*在技术老师手上，.* 起[^]*还没答复，就到学校办公室那里/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.locator('.ticket--late').getByRole('button', { name: '转给班主任' }).click();
    await says(page, '.ticket--late', /在班主任 李老师手上/);
    await page.locator('.ticket--late').getByRole('button', { name: /^答复/ }).click();
    await page.getByLabel('写给家长').fill('已经换了\n线路');
    await page.getByRole('button', { name: '发给家长' }).click();
    await says(page, '.zero', /3 张等答复$/);
    const first = page.locator('.ticket').first();
    expect(await first.textContent()).toMatch(/王主任 已答复.*已经换了 线路/);
    expect(await page.locator('.ticket--late').count()).toBe(0);
    await first.getByRole('button', { name: '结单' }).click();
    await waitFor(async () => (await page.locator('.ticket').count()) === 4, { what: 'the ticket to leave the board' });
    expect(done(/T1/).map(({ path }) => path.replace(/.*\//, ''))).toEqual(['pass', 'answer', 'close']);
    await page.getByRole('radio', { name: '已结的' }).click();
    await says(page, '.ticket--closed', /已经换了 线路/);
    expect(await page.getByRole('button', { name: '改答复' }).count()).toBe(0);
  });

  it('fits a phone and a television, and is nobody’s without the right', async () => {
    ticketBoard(use.double.family);
    for (const view of [kPhone, kTelevision]) {
      const page = await board(view);
      expect(await overflow(page)).toBeLessThanOrEqual(0);
      expect(await accessibilityProblems(page)).toEqual([]);
      use.double.office.forget();
    }
    use.double.office.may = ['see_lessons', 'see_tickets'];
    const page = await use.open('/office#/tickets');
    await page.fill('#login', 'wang');
    await page.fill('#password', 'correct-horse');
    await page.click('.door__do');
    await page.waitForSelector('.office__nav');
    expect(await page.locator('.office__nav').textContent()).not.toContain('家长反馈');
  });
});
