import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { inspectMorning } from '../support/inspect-morning';
import { useDouble } from '../support/pages';
import { overflow, playing, says as saysWithin, watchErrors, watchForeignRequests } from '../support/watch-page';
import { waitFor } from '../support/wait';

// An inspector's page against a stand-in that answers as the API does. The real draw, link and
// signature are tested in integration/inspection.test.ts.

const use = useDouble();
const says = (page: Page, selector: string, words: RegExp): Promise<true> => saysWithin(page, selector, words, 15_000);
const done = (path: RegExp) => use.double.office.done.filter((one) => path.test(one.path));

async function inspect(view: View = kDesktop, hash = ''): Promise<Page> {
  const page = await use.open(`/inspect${hash}`, view);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('.office__nav');
  return page;
}
async function drawn(view?: View): Promise<Page> {
  inspectMorning(use.double);
  const page = await inspect(view);
  await page.fill('#words', '海湾 42');
  await page.getByRole('radio', { name: '3', exact: true }).click();
  await page.getByRole('button', { name: '抽课' }).click();
  await waitFor(async () => (await page.locator('.inspect__lessons li').count()) === 3, { what: 'three lessons' });
  return page;
}
async function fillIn(page: Page): Promise<void> {
  for (const [item, mark] of [['画面', '清楚'], ['声音', '一般'], ['进度', '合适'], ['学生参与', '多'], ['任课老师陪听', '部分在']] as const)
    await page.getByRole('radiogroup', { name: item }).getByRole('radio', { name: mark }).click();
}

describe('the draw', () => {
  it('shows what is on air and the commitment first, then who came out, and recomputes it', async () => {
    inspectMorning(use.double);
    const page = await inspect();
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await says(page, '.inspect__urn', /7.*节课正在上.*3 所学校/);
    await says(page, 'form', /第 1 次抽课.*[0-9a-f]{64}.*就已公布/);
    expect(await page.getByRole('button', { name: '抽课' }).isDisabled()).toBe(true);
    await page.fill('#words', '海湾 42');
    await page.getByRole('radio', { name: '3', exact: true }).click();
    for (let chips = 0; chips < 3; chips += 1) await page.keyboard.press('Tab'); // 5, 10, the button
    await page.keyboard.press('Enter');
    await waitFor(async () => (await page.locator('.inspect__lessons li').count()) === 3, { what: 'three lessons' });
    const [sent] = done(/draws$/);
    expect(JSON.parse(sent?.body ?? '{}')).toEqual({ draw: 'D1', words: '海湾 42', count: 3 });
    await says(page, 'form', /第 2 次抽课/);
    await page.getByRole('button', { name: '重算一遍：第 1 次抽课' }).click();
    await says(page, '.inspect__said', /重算一致.*7 节课/);
    expect(await accessibilityProblems(page)).toEqual([]);
    use.double.office.inspect.cheats = true;
    await page.getByRole('button', { name: '重算一遍：第 1 次抽课' }).click();
    await says(page, '.inspect__said', /重算不一致/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('says when somebody was faster, and when nothing is on air', async () => {
    inspectMorning(use.double);
    const page = await inspect(kPhone);
    await says(page, 'form', /第 1 次/);
    use.double.office.inspect.draws.push({ draw: 'D1', number: 1, secret: 's', words: 'x', lessons: [], on_air: [] });
    await page.fill('#words', '7');
    await page.getByRole('button', { name: '抽课' }).click();
    await says(page, '.door__trouble', /有人刚抽了一次/);
    await says(page, 'form', /第 2 次抽课/);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    use.double.office.inspect.lessons = [];
    await page.reload();
    await says(page, '.inspect__urn', /没有课在上/);
  });
});

describe('the look', () => {
  it('plays by itself, with numbers and the form; what is signed is a record to print', async () => {
    await use.double.startTeacher();
    const page = await drawn();
    await page.locator('.inspect__lessons .button').first().click();
    await waitFor(async () => (await playing(page)).frames > 2, { ms: 20_000, what: 'a picture' });
    use.double.signal.tell(['inspector'], {
      t: 'counts', part: 0, parts: 1,
      rooms: [{ room: 'r1', label: '三年级1班', expected: 42, present: 40, stalled: 2 }, { room: 'r2', label: '三年级2班', expected: 42, present: 41 }],
    });
    await says(page, '.inspect__counts', /三年级1班.*40\/42.*2/);
    const sign = page.getByRole('button', { name: '签名' });
    expect(await sign.isDisabled()).toBe(true);
    await fillIn(page);
    await page.fill('#remark', '板书清楚。\n请多提问。');
    expect(await accessibilityProblems(page)).toEqual([]);
    await sign.click();
    await says(page, '.inspect__record', /签名有效.*画面.*清楚.*任课老师陪听.*部分在[^]*请多提问/);
    await says(page, '.inspect__record', /应到 84，没来 3/);
    expect(await page.locator('.inspect__record img').count()).toBe(1);
    expect(JSON.parse(done(/sign$/)[0]?.body ?? '{}')).toEqual({
      marks: { picture: 'good', sound: 'fair', pace: 'fits', taking_part: 'much', teachers: 'some' }, remark: '板书清楚。\n请多提问。',
    });
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('link', { name: '返回记录' }).click();
    await says(page, '.inspect__list', /签/);
  });

  it('fits a phone, and keeps what was filled in when the page is loaded again', async () => {
    await use.double.startTeacher();
    const page = await drawn(kPhone);
    await page.locator('.inspect__lessons .button').first().click();
    await waitFor(async () => (await playing(page)).frames > 2, { ms: 20_000, what: 'a picture' });
    await fillIn(page);
    await page.fill('#remark', '写到一半');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.reload();
    await page.getByRole('link', { name: '记录', exact: true }).click();
    await says(page, '.inspect__list', /还没签/);
    await page.getByRole('button', { name: /看课/ }).click();
    await page.waitForSelector('#remark');
    expect(await page.inputValue('#remark')).toBe('写到一半');
    expect(await page.getByRole('button', { name: '签名' }).isDisabled()).toBe(false);
  });
});

describe('records', () => {
  it('are all there is for who may not draw, and say when they were changed', async () => {
    inspectMorning(use.double);
    use.double.office.may = ['see_inspections'];
    const record = { marks: { picture: 'good' }, remark: '', counts: null, stills: [] };
    const [lesson] = use.double.office.inspect.lessons;
    use.double.office.inspect.checks.push({ id: 'C9', draw: 'D1', lesson: lesson ?? {}, by: { id: 'x', name: '刘督学' }, opened_at: 1, signed_at: 2, record, intact: false });
    const page = await inspect(kDesktop, '#/draw');
    expect(await page.locator('.office__nav a').allTextContents()).toEqual(['记录']);
    await page.getByRole('link', { name: /抽查记录：/ }).click();
    await says(page, '.inspect__record', /签名不符.*刘督学/);
  });
});
