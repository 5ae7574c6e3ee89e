import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { officeMorning } from '../support/office-morning';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { overflow, says as saysWithin, watchErrors } from '../support/watch-page';

// A class's week of drafts: lessons are dragged, and the rules speak meanwhile.

const use = useDouble();
const kMaths = 2; // Monday 09:10
const says = (page: Page, words: RegExp): Promise<true> => saysWithin(page, '.edit__bar', words, 15_000);
const patches = () => use.double.office.done.filter(({ method }) => method === 'PATCH');
const cell = (page: Page, day: number, start: string) => page.locator(`td[data-day="${day}"][data-start="${start}"]`);
const card = (page: Page, row = kMaths) => page.locator(`[data-row="${row}"]`);
const finding = (code: string, severity = 'error', ...rows: number[]) => ({ severity, code, rows, params: { amount: 20, limit: 0 }, week: null as null });

async function editor(view: View = kDesktop): Promise<Page> {
  const page = await use.open('/office#/timetable', view);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.getByRole('radio', { name: /草稿|Drafts/ }).click();
  await page.waitForSelector('.edit');
  await page.evaluate(() => document.querySelector('.edit')?.scrollIntoView({ block: 'center' }));
  return page;
}

/** Picked up by mouse, and held over a time. */
async function dragOver(page: Page, day: number, start: string): Promise<void> {
  const from = await card(page).boundingBox();
  const to = await cell(page, day, start).boundingBox();
  if (from === null || to === null) throw new Error('nothing to drag');
  await page.mouse.move(from.x + 20, from.y + 20);
  await page.mouse.down();
  await page.mouse.move(from.x + 40, from.y + 30, { steps: 3 });
  await page.mouse.move(to.x + to.width / 2, to.y + to.height / 2, { steps: 5 });
}

describe('a lesson of the drafts', () => {
  it('is dragged to another day by mouse, saved there, and taken back', async () => {
    const page = await editor();
    const errors = watchErrors(page);
    await dragOver(page, 2, '09:10');
    await says(page, /周二 09:10：可以放/);
    await page.mouse.up();
    await says(page, /已移动/);
    expect(patches()).toMatchObject([{ path: '/api/v1/timetable/rows/2', query: 'strict=1', body: JSON.stringify({ day: 2, start: '09:10', period: 1 }) }]);
    await waitFor(async () => (await cell(page, 2, '09:10').locator('[data-row="2"]').count()) === 1, { what: 'the card moved' });
    await page.getByRole('button', { name: '撤销这次移动' }).click();
    await says(page, /已放回原处/);
    expect(use.double.office.timetable.moved[kMaths]).toEqual({ day: 1, start: '09:10' });
    await waitFor(async () => (await cell(page, 1, '09:10').locator('[data-row="2"]').count()) === 1, { what: 'the card is back' });
    expect(errors).toEqual([]);
  });

  it('sees at each time whether the rules allow it, and stays where it was when they do not', async () => {
    const { timetable } = use.double.office;
    timetable.broken['2 2 08:30'] = [finding('teacher_double', 'error', kMaths, 40)];
    timetable.broken['2 3 09:10'] = [finding('no_exercise', 'warning', kMaths)];
    timetable.rows = { 40: { day: 2, start: '08:30', kind: 'lesson', subject: '数学', lead: '王老师', scope: { grade: 3, class: '三年级2班' } } };
    const page = await editor();
    await dragOver(page, 2, '08:30');
    await says(page, /周二 08:30：不行，.*两.*三年级2班 · 周二 08:30 · 数学 · 王老师/);
    await page.waitForSelector('td.edit__cell--no');
    await page.waitForSelector('td.edit__cell--but[data-day="3"]');
    expect(await page.locator('td.edit__cell--fine').count()).toBeGreaterThan(4);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.mouse.up();
    await says(page, /没有移动：周二 08:30不行/);
    expect(patches()).toEqual([]);
  });

  it('goes by keyboard: Enter, arrows, Enter; Escape leaves it', async () => {
    const page = await editor();
    await card(page).focus();
    await page.keyboard.press('Enter');
    await says(page, /周一 09:10：原来的时间/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await says(page, /周三 09:10：可以放/);
    await page.keyboard.press('Escape');
    await says(page, /没有移动/);
    expect(patches()).toEqual([]);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await says(page, /周二 09:10：可以放/);
    await page.keyboard.press('Enter');
    await says(page, /已移动/);
    await page.waitForFunction(() => document.activeElement?.getAttribute('data-row') === '2');
  });

  it('is held by a finger, or tapped and put down by a second tap', async () => {
    const page = await editor(kPhone);
    const from = await card(page).boundingBox();
    const to = await cell(page, 4, '09:10').boundingBox();
    if (from === null || to === null) throw new Error('nothing to drag');
    const finger = await page.context().newCDPSession(page);
    const at = (x: number, y: number) => [{ x: Math.round(x), y: Math.round(y) }];
    await finger.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(from.x + 10, from.y + 10) });
    await page.waitForSelector('.edit--held');
    expect(await cell(page, 4, '09:10').boundingBox()).toEqual(to); // nothing moves away from under the finger
    await finger.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(to.x + to.width / 2, to.y + 20) });
    await says(page, /周四 09:10：可以放/);
    await finger.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await says(page, /已移动/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await card(page).tap();
    await says(page, /原来的时间/);
    await cell(page, 5, '09:10').tap();
    await says(page, /已移动/);
    expect(use.double.office.timetable.moved[kMaths]).toEqual({ day: 5, start: '09:10' });
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('is not moved when the district planned it, or somebody was faster', async () => {
    const { timetable } = use.double.office;
    delete timetable.moved[kMaths]; // what a test before did
    const page = await editor();
    await card(page).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await says(page, /可以放/);
    timetable.moved[kMaths] = { day: 5, start: '09:10' };
    await page.keyboard.press('Enter');
    await says(page, /别人刚改过/);
    timetable.foreign.push(kMaths);
    await card(page).click();
    await says(page, /区里排的/);
    // Rules that came in between: the server refuses, and the page says why.
    timetable.foreign.splice(0);
    await card(page, 0).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowRight');
    await says(page, /周二 08:30：可以放/);
    timetable.broken['0 2 08:30'] = [finding('daily_cap')];
    await page.keyboard.press('Enter');
    await says(page, /周二 08:30：不行，一天的直播太多/);
    expect(timetable.moved[0]).toBeUndefined();
  });
});

describe('the week of a real morning', () => {
  it('fits a phone in English', async () => {
    officeMorning(use.double.office);
    const page = await editor({ ...kPhone, locale: 'en' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});
