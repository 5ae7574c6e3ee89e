import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kPhone, screenshot } from '../support/browser';
import { useDouble } from '../support/pages';
import { overflow, says, watchErrors } from '../support/watch-page';

// For a class's group in WeChat or QQ, where there is no robot: words to copy, and a poster.

const use = useDouble();
const kHour = 3_600_000;
const room = (id: string): object => ({ id: `r${id}`, label: '三年级1班', class: id, group: null, teacher: { id: 'st3', name: '赵老师' }, expected: 42 });

describe('a class', () => {
  it('has words for its group, without a name, a link or a score, and a poster on one sheet', async () => {
    const { office } = use.double;
    const lesson = (id: string, title: string, of: string, state: string, startsIn: number): object => ({
      id, title, state, started_at: state === 'waiting' ? null : Date.now() + startsIn, planned_start: Date.now() + startsIn, planned_end: Date.now() + startsIn + kHour / 3, lead: { id: 'st9', name: '孙丽华' }, rooms: [room(of)],
    });
    office.lessons = [lesson('L1', '分数的初步认识', 'c1', 'waiting', 60_000), lesson('L2', '燕子', 'c1', 'ended', -60_000), lesson('L3', '别班的课', 'c2', 'waiting', 60_000)] as typeof office.lessons;
    const page = await use.open('/office#/classes', kPhone);
    const errors = watchErrors(page);
    await page.fill('#login', 'wang');
    await page.fill('#password', 'correct-horse');
    await page.click('.door__do');
    await page.getByRole('button', { name: /三年级1班/ }).click();
    await says(page, '.group', /燕子[^]*分数的初步认识/, 15_000);
    expect(await page.locator('.group__lesson').count()).toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    const message = page.getByRole('textbox', { name: '要发的话' });
    for (const [button, words] of [['复制“要上课了”：分数的初步认识', /三年级1班 要上课了：分数的初步认识，.*自己家的链接/], ['复制“改时间了”：分数的初步认识', /改到/], ['复制“可以看回放了”：燕子', /可以看回放了：燕子/]] as const) {
      await page.getByRole('button', { name: button }).click();
      const text = await message.inputValue();
      expect(text).toMatch(words);
      expect(text).toContain(`${use.double.origin}/ `);
      expect(text).not.toMatch(/\/(w|l|family|desk|studio)\/|孙丽华|赵老师|\d 人/);
    }
    await screenshot(page, 'office-group-phone');
    await page.getByRole('button', { name: /打印二维码海报/ }).click();
    await page.waitForSelector('.poster__code');
    expect(await accessibilityProblems(page)).toEqual([]);
    // On paper there is the poster and nothing else: not the roster beside it.
    await page.emulateMedia({ media: 'print' });
    const seen = await page.evaluate(() => [...document.querySelectorAll('main *')].filter((one) => one.closest('.poster') === null && one.querySelector('.poster') === null && getComputedStyle(one).visibility === 'visible').length);
    expect(seen).toBe(0);
    const pdf = (await page.pdf({ format: 'A4' })).toString('latin1');
    expect(pdf.match(/\/Type\s*\/Page\b/g)).toHaveLength(1);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('button', { name: '收起海报' }).click();
    await page.waitForSelector('.group');
    expect(errors).toEqual([]);
  });
});
