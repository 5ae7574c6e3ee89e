import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, screenshot } from '../support/browser';
import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { overflow, says, watchErrors } from '../support/watch-page';

// The evening before a closure: the district's office puts tomorrow online by the page, for real and as a drill.

const use = useServer(() => ({ config: `[hours]\nzone = "+00:00"\n[retention]\nofficer = "王主任"\nterm_end = "2099-01-01"\n` }));
const tabs = useBrowser();

const kSchools = ['第一小学', '第二小学'];
const dateIn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
/** The next day with school. */
const kDay = [1, 2, 3].map(dateIn).find((date) => new Date(date).getUTCDay() % 6 !== 0) ?? '';
async function put(name: string, lines: readonly string[], ...command: readonly string[]): Promise<void> {
  const file = join(use.server.data, name);
  writeFileSync(file, lines.join('\n'));
  await use.server.tongke(...command, file);
}

describe('activation', () => {
  it('makes a drill and the real day for all schools, and takes a day back', async () => {
    await put('names.csv', ['学校,年级,班级,学号,姓名', ...kSchools.flatMap((school) => [1, 2, 3].map((n) => `${school},三年级,1班,${school === kSchools[0] ? 1 : 2}0${n},学生${n}`))], 'import', '--new-schools');
    await put('staff.csv', ['学校,工号,姓名,学科,任教班级', ...kSchools.map((school, n) => `${school},T${n},老师${n},数学,3(1)`)], 'import');
    await put('week.csv', ['学校,班级,日期,节次,时间,学科,教学目标,教学建议,评价方式', ...kSchools.map((school) => `${school},3(1),${kDay},1,8:00-8:20,数学,会数数,备小棒,随堂检测`)], 'timetable', 'import');
    await use.server.tongke('timetable', 'publish');
    const { password } = (await use.server.tongke('account', 'create', 'district', '--name', '教育科', '--duty', 'district_office')) as { password: string };
    const page = await tabs.open(`${use.server.origin}/office#/plans`, kDesktop);
    const errors = watchErrors(page);
    await page.waitForSelector('#login');
    await page.fill('#login', 'district');
    await page.fill('#password', password);
    await page.click('.door__do');
    await says(page, '.office', /还没有启动过/);
    expect(await accessibilityProblems(page)).toEqual([]);

    const activate = async (drill: boolean): Promise<void> => {
      await page.getByLabel(drill ? '演练' : '正式上课').check();
      await page.getByRole('button', { name: /^启动 / }).click();
      await page.getByRole('button', { name: '确认启动' }).click();
      await says(page, '[role="status"]', /2 所学校，2 节课，2 间教室，6 个学生位子/);
    };
    expect(await page.inputValue('#plan-date')).toBe(dateIn(1));
    await page.fill('#plan-date', kDay);
    await activate(true);
    await says(page, '.grid', /演练/);
    await screenshot(page, 'e2e-plans-drill');
    await activate(false);
    await says(page, '.grid', /正式上课/);
    const plans = (await use.server.tongke('plan', 'list')) as { drill: boolean; state: string; lessons: number }[];
    expect(plans.map(({ drill, state, lessons }) => [drill, state, lessons > 0])).toEqual([
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
    await says(page, '[role="status"]', /撤销了，删掉 2 节课/);
    await says(page, '.grid', /已撤销/);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(errors).toEqual([]);
  });
});
