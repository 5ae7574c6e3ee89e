import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, screenshot, type View } from '../support/browser';
import { officeMorning } from '../support/office-morning';
import { openOffice } from '../support/office-door';
import { useDouble } from '../support/pages';
import { overflow, says } from '../support/watch-page';

// Addresses for a school's televisions: the office's page against a stand-in that answers as the API does.

const use = useDouble();

const office = (view?: View): Promise<Page> => openOffice(use, 'channels', '.screen', view);
const done = () => use.double.office.done.filter(({ path }) => /channels|withdraw/.test(path)).map(({ path, body }) => [path, JSON.parse(body) as object]);
const values = (page: Page): Promise<string[]> => page.locator('.screen--open input').evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));

describe('addresses of the school’s screens', () => {
  it('are there for every grade at once, each grade and each class, to be copied', async () => {
    officeMorning(use.double.office);
    const page = await office();
    expect(await page.locator('.screen__name').allTextContents()).toEqual(['全校各年级', '3年级', '4年级', '三年级1班', '三年级2班', '三年级3班', '四年级1班']);
    expect(done()).toEqual([]); // nothing is made before somebody asks
    await page.getByRole('button', { name: '三年级2班：要地址' }).press('Enter');
    await page.waitForSelector('.screen--open');
    expect(await values(page)).toEqual([expect.stringMatching(/\/playlist\.m3u$/), expect.stringMatching(/\/guide\.xml$/), expect.stringMatching(/\/live\.m3u8$/)]);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: '三年级2班：频道列表（M3U）：复制' }).click();
    await says(page, '.screen--open', /已复制/);
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe((await values(page))[0]);
    await page.getByRole('button', { name: '全校各年级：要地址' }).click();
    await says(page, '.screen--open >> nth=0', /第一小学 3年级的画面.*第一小学 4年级的画面/s);
    expect(done()).toEqual([['/api/v1/channels', { class: 'c2' }], ['/api/v1/channels', { school: 'sc1' }]]);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('are taken back after a question, and are others afterwards', async () => {
    use.double.office.screensWithdrawn = 0;
    const page = await office(kPhone);
    await page.getByRole('button', { name: '3年级：要地址' }).click();
    await page.waitForSelector('.screen--open');
    const before = await values(page);
    await page.getByRole('button', { name: '3年级：收回地址' }).click();
    await says(page, '.sheet', /马上黑屏.*别的屏不受影响/s);
    await page.click('.sheet__do');
    await says(page, '.office', /已收回。再要一次就是新地址/);
    expect(await page.locator('.screen--open').count()).toBe(0);
    expect(use.double.office.screensWithdrawn).toBe(1);
    await page.getByRole('button', { name: '3年级：要地址' }).click();
    await page.waitForSelector('.screen--open');
    expect(await values(page)).not.toEqual(before);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('are the district’s too, which chooses a school, and nobody’s who hands out no links', async () => {
    const { office: double } = use.double;
    const { school, may } = double;
    double.school = null;
    const page = await office();
    await page.waitForSelector('#school');
    double.forget();
    double.school = school;
    double.may = ['see_school', 'see_lessons'];
    const teacher = await openOffice(use, 'board', '.office__nav');
    expect(await teacher.locator('.office__nav a[href="#/channels"]').count()).toBe(0);
    double.forget();
    double.may = may;
  });

  it.each([
    ['phone', kPhone],
    ['desktop', kDesktop],
    ['phone-en', { ...kPhone, locale: 'en-US', dark: true }],
    ['desktop-en', { ...kDesktop, locale: 'en-US', dark: true }],
  ] as const)('fit and can be read: %s', async (name, view) => {
    const page = await office(view);
    await page.locator('.screen .button').first().click();
    await page.waitForSelector('.screen--open');
    await screenshot(page, `office-channels-${name}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
