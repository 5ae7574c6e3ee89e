import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kPhone, type View } from '../support/browser';
import { kNobody, mondayIn } from '../support/duty-double';
import { openOffice } from '../support/office-door';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { overflow, says } from '../support/watch-page';

// Who is on duty, and what is kept: the office's pages against a stand-in that answers as the API does.

const use = useDouble();

const office = (place: string, selector: string, view?: View): Promise<Page> => openOffice(use, place, selector, view);
const done = (path: RegExp) => use.double.office.done.filter((one) => path.test(one.path));
const wang = { id: 'st1', name: '王主任' };
const li = { id: 'st2', name: '李老师' };
const everyDay = Array.from({ length: 7 }, () => ({ ...kNobody, administrator: { staff: wang, phone: '021-5555 1234' }, technician: { staff: li, phone: '分机 8012' } }));
const today = (): number => (new Date().getDay() + 6) % 7;

describe('the duty roster', () => {
  it('is filled in by keyboard and saved, with the telephone that was typed before', async () => {
    const page = await office('duty', '.duty tbody tr:nth-child(7)');
    const cell = (at: number): string => `.duty tbody tr:nth-child(${at}) td:nth-child(3)`;
    const save = page.getByRole('button', { name: '保存这一周' });
    expect(await save.isDisabled()).toBe(true);
    const choose = async (at: number): Promise<void> => {
      await page.focus(`${cell(at)} select`);
      for (const key of ['ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
      await waitFor(async () => (await page.locator(`${cell(at)} .duty__phone`).count()) === 1, { what: 'somebody chosen' });
    };
    await choose(1);
    await page.keyboard.press('Tab');
    await page.keyboard.type('分机 8012');
    await choose(2);
    expect(await page.inputValue(`${cell(2)} .duty__phone`)).toBe('分机 8012');
    expect(await page.getByRole('button', { name: '下一周' }).isDisabled()).toBe(true);
    await save.press('Enter');
    await says(page, '.office__fine', /保存好了/);
    const [put] = done(/duty-roster/);
    const turn = { staff: 'st2', phone: '分机 8012' };
    expect(put?.path).toBe(`/api/v1/schools/sc1/duty-roster/${mondayIn()}`);
    expect((JSON.parse(put?.body ?? '') as { days: unknown[] }).days.slice(0, 3)).toEqual([{ ...kNobody, technician: turn }, { ...kNobody, technician: turn }, kNobody]);
    expect(await save.isDisabled()).toBe(true);
    await page.getByRole('button', { name: '下一周' }).click();
    await waitFor(async () => (await page.locator('.duty__phone').count()) === 0, { what: 'an empty week' });
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('is the same as last week by one button, once it is looked over', async () => {
    const page = await office('duty', '.duty tbody tr');
    const copy = page.getByRole('button', { name: '和上周一样' });
    await copy.click();
    await says(page, '.door__trouble', /上周没有排过/);
    use.double.office.duty.weeks[mondayIn(-7)] = everyDay;
    await copy.click();
    await says(page, '.office__fine', /照上周填好了/);
    expect(await page.locator('.duty__phone').count()).toBe(14);
    expect(done(/duty-roster/)).toEqual([]);
    await page.getByRole('button', { name: '不改了' }).click();
    expect(await page.locator('.duty__phone').count()).toBe(0);
    await copy.click();
    await page.getByRole('button', { name: '保存这一周' }).click();
    await says(page, '.office__fine', /保存好了/);
    expect(use.double.office.duty.weeks[mondayIn()]).toEqual(everyDay);
  });

  it('says that somebody else changed it, and shows theirs', async () => {
    const page = await office('duty', '.duty tbody tr');
    await page.selectOption('.duty tbody tr:nth-child(1) select >> nth=0', 'st1');
    use.double.office.duty.weeks[mondayIn()] = everyDay;
    await page.getByRole('button', { name: '保存这一周' }).click();
    await says(page, '.door__trouble', /别人刚改过/);
    await waitFor(async () => (await page.locator('.duty__phone').count()) === 14, { what: 'theirs' });
  });

  it('is only read by staff, and stands on today’s board and the technician’s', async () => {
    use.double.office.duty.weeks[mondayIn()] = everyDay;
    use.double.office.may = ['see_school', 'see_lessons', 'see_on_duty', 'answer_tickets'];
    const page = await office('duty', '.duty tbody tr', kPhone);
    expect(await page.locator('.duty select, .office__do .button--primary').count()).toBe(0);
    await says(page, '.duty', /技术员 李老师 分机 8012/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.evaluate(() => (location.hash = '#/board'));
    await says(page, '.on-duty', /今天值班\s*管理员 王主任 021-5555 1234\s*技术员 李老师 分机 8012\s*联系人 没有安排/);
    expect(await page.getAttribute('.on-duty a', 'href')).toBe('tel:02155551234');
    await page.evaluate(() => (location.hash = '#/tickets'));
    await page.waitForSelector('.on-duty');
    expect(await page.locator('.on-duty li').allTextContents()).toEqual(['技术员 李老师 分机 8012']);
  });

  it('asks the office for today’s when there is nobody, and is none of the district’s', async () => {
    use.double.office.duty.weeks[mondayIn()] = everyDay.map((day, at) => (at === today() ? kNobody : day));
    const page = await office('board', '.on-duty');
    await says(page, '.on-duty', /今天还没有排值班/);
    await page.click('.on-duty a');
    await page.waitForSelector('.duty tbody tr');
    use.double.office.forget();
    use.double.office.school = null;
    const district = await office('board', '.office__title');
    expect(await district.locator('.on-duty').count()).toBe(0);
    expect(await district.locator('.office__nav a[href="#/duty"]').count()).toBe(0);
  });
});

describe('what is kept', () => {
  it('is shown with its settings, and a lesson is kept and let go from there', async () => {
    const { retention, lessons } = use.double.office;
    use.double.office.lessons = [...lessons, { id: 'L6', title: '数学', state: 'ended', started_at: 1, lead: null, rooms: [] }];
    retention.recordings = [{ lesson: 'L6', title: '数学', started_at: Date.now(), due_at: 2, held: false, goes_at: Date.parse('2026-12-26T03:30:00') }];
    retention.deletions = [{ id: 3, at: Date.now(), kind: 'media', lesson: 'L0', title: '雷雨', items: 412, bytes: 188_000_000, hash: 'ab'.repeat(32), chain: 'cd'.repeat(32) }];
    const page = await office('retention', '.kept__lines summary', kPhone);
    await says(page, '.grid', /录像和下载\s*上课后 30 天\s*retention\.media/);
    await says(page, '.kept__facts', /张主任 retention\.officer/);
    await says(page, '.office', /数学.*12月26日/s);
    await says(page, '.office', /雷雨/);
    await page.getByRole('button', { name: '留存：数学' }).click();
    await page.fill('#reason', '家长来信');
    await page.click('.sheet__do');
    await says(page, '.office', /家长来信/);
    expect(done(/hold$/)).toMatchObject([{ method: 'PUT', path: '/api/v1/lessons/L6/hold' }]);
    await page.locator('.kept__lines .link').first().click();
    await page.getByRole('button', { name: '申请取消' }).click();
    await says(page, '.office', /没有留存的课/);
    await page.locator('.kept__lines summary').first().click();
    await says(page, '.kept__proof', /(ab){32}/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
