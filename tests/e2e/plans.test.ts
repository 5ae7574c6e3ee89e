import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, screenshot } from '../support/browser';
import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { place } from '../support/place';
import { overflow, says, text, watchErrors } from '../support/watch-page';

// The evening before a closure: the district's office puts tomorrow online by the page, for real and as a drill.

const use = useServer(() => ({ config: `[hours]\nzone = "${place(20).zone}"\n[retention]\nofficer = "王主任"\nterm_end = "2099-01-01"\n` }));
const tabs = useBrowser();

describe('activation', () => {
  it('makes a drill and the real day for all schools, and takes a day back', async () => {
    await use.server.tongke('demo', 'seed', '--schools', '2');
    const { password } = (await use.server.tongke('account', 'create', 'district', '--name', '教育科', '--duty', 'district_office')) as { password: string };
    const page = await tabs.open(`${use.server.origin}/office#/plans`, kDesktop);
    const errors = watchErrors(page);
    await page.waitForSelector('#login');
    await page.fill('#login', 'district');
    await page.fill('#password', password);
    await page.click('.door__do');
    await says(page, '.office', /还没有启动过/);
    expect(await accessibilityProblems(page)).toEqual([]);

    // The made-up timetable is of the week it was made in; its Monday to Friday are asked one after the other.
    const activate = async (drill: boolean): Promise<string> => {
      for (let days = 0; days < 8; days += 1) {
        const date = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
        await page.fill('#plan-date', date);
        await page.getByLabel(drill ? '演练' : '正式上课').check();
        await page.getByRole('button', { name: /^启动 / }).click();
        await page.getByRole('button', { name: '确认启动' }).click();
        await says(page, '[role="status"]', /建好了|没有做成/);
        if (/建好了/.test(await text(page, '[role="status"]'))) return date;
        expect(await text(page, '[role="status"]')).toMatch(/这一天没有已发布的直播课|is over/);
      }
      throw new Error('no day of the next seven has lessons');
    };
    await activate(true);
    await says(page, '[role="status"]', /2 所学校，\d+ 节课/);
    await says(page, '.grid', /演练/);
    await screenshot(page, 'e2e-plans-drill');
    await activate(false);
    await says(page, '.grid', /正式上课/);
    const plans = (await use.server.tongke('plan', 'list')) as { plans: { drill: boolean; state: string; lessons: number }[] };
    expect(plans.plans.map(({ drill, state, lessons }) => [drill, state, lessons > 0])).toEqual([
      [false, 'active', true],
      [true, 'active', true],
    ]);

    await page.setViewportSize(kPhone);
    expect(await overflow(page)).toBe(0);
    await page.getByRole('button', { name: /^撤销 .*（演练）/ }).click();
    await screenshot(page, 'e2e-plans-sure-phone');
    await page.getByRole('button', { name: '先不' }).click();
    expect(await page.getByRole('button', { name: '确认撤销' }).count()).toBe(0);
    await page.getByRole('button', { name: /^撤销 .*（演练）/ }).click();
    await page.getByRole('button', { name: '确认撤销' }).click();
    await says(page, '[role="status"]', /撤销了，删掉 \d+ 节课/);
    await says(page, '.grid', /已撤销/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
