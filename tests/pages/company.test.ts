import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, moves, overflow, says as saysWithin, text, watchErrors } from '../support/watch-page';

// What a family says to the school from the watch page, against a stand-in that keeps to tongke.v1.

const use = useDouble(async (double) => double.startTeacher());

async function watch(view: View = kPhone): Promise<Page> {
  const page = await use.open(`/w/${use.double.link}`, view);
  await join(page);
  await page.waitForSelector('.company .tool', { timeout: 30_000 });
  return page;
}
const said = (t: string) => use.double.signal.said.filter((frame) => frame.t === t);
const tool = (page: Page, name: RegExp) => page.getByRole('button', { name });

describe('below the picture', () => {
  it('"I did not follow" is one tap, tells the moment, and only the teacher', async () => {
    const page = await watch();
    const errors = watchErrors(page);
    await moves(page); // of the lesson's very first moment there is nothing to have followed
    await tool(page, /没听懂/).click();
    await waitFor(() => said('unclear').length === 1, { what: 'told' });
    await waitFor(async () => /老师知道了/.test(await text(page, '.company')), { what: 'thanks' });
    expect(Number(said('unclear')[0]?.['media_time'])).toBeGreaterThan(0);
    await waitFor(async () => await tool(page, /没听懂/).isEnabled(), { ms: 20_000, what: 'may be said again' });
    expect(errors).toEqual([]);
  });

  it('who sits beside the child is two taps, and remembered by the school', async () => {
    const page = await watch();
    await tool(page, /谁陪着/).click();
    await page.getByRole('radio', { name: '爷爷奶奶' }).click();
    await waitFor(async () => /爷爷奶奶/.test(await text(page, '.company')), { what: 'shown' });
    expect(said('companion')).toMatchObject([{ who: 'grandparent' }]);
    expect(use.double.signal.rooms['r2']?.seats[7]).toMatchObject({ companion: 'grandparent' });
  });

  it('a second child at the same phone is counted, also after the line was gone', async () => {
    use.double.signal.rooms['r2'] = { label: '三(2)班', seats: { 7: { label: '李明', state: 'absent' }, 8: { label: '李芳', state: 'absent' } } };
    use.double.signal.people['XIAOFANG'] = { role: 'pupil', rooms: ['r2'], seat: 8, label: '李芳' };
    const page = await watch();
    await tool(page, /字的大小/).click();
    await page.fill('.field', '不是链接');
    await page.click('.more__row .button');
    await waitFor(async () => /没有上课链接/.test(await text(page, '.sheet')), { what: 'no link' });
    await page.fill('.field', `妹妹的课：${use.double.origin}/w/XIAOFANG 快来`);
    await page.click('.more__row .button');
    await waitFor(() => use.double.signal.rooms['r2']?.seats[8]?.state === 'playing', { what: 'counted' });
    await waitFor(async () => /还有 1 个孩子/.test(await text(page, '.sheet')), { what: 'said so' });
    await page.fill('.field', 'STRANGER-LINK');
    await page.click('.more__row .button');
    await waitFor(async () => /打不开/.test(await text(page, '.sheet')), { what: 'refused' });
    use.double.signal.hangUp(4408);
    await waitFor(() => said('sibling').filter(({ token }) => token === 'XIAOFANG').length === 2, { ms: 20_000, what: 'said again' });
  });

  it('the words grow, stay so, and push nothing over the edge', async () => {
    const page = await watch({ ...kPhone, locale: 'en-US' });
    await tool(page, /Text size/).click();
    await page.getByRole('radio', { name: 'Larger', exact: true }).click();
    await page.keyboard.press('Escape');
    await waitFor(async () => (await page.evaluate(() => getComputedStyle(document.body).fontSize)) === '23px', { what: 'large words' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await page.reload();
    await page.waitForSelector('.start');
    expect(await page.evaluate(() => getComputedStyle(document.body).fontSize)).toBe('23px');
  });

  it('waits, greyed, while the school cannot be reached; the lesson goes on', async () => {
    const page = await watch();
    await waitFor(async () => await tool(page, /没听懂/).isEnabled(), { what: 'connected' });
    use.double.signal.hangUp(4410);
    await waitFor(async () => await tool(page, /没听懂/).isDisabled(), { what: 'greyed' });
    expect(await page.evaluate(() => document.querySelector('video')?.paused)).toBe(false);
  });

  it('offers a television where there is one', async () => {
    const fake = `HTMLVideoElement.prototype.webkitShowPlaybackTargetPicker = function () { window.asked = true; };
      const add = HTMLVideoElement.prototype.addEventListener;
      HTMLVideoElement.prototype.addEventListener = function (type, listener, more) {
        add.call(this, type, listener, more);
        if (type === 'webkitplaybacktargetavailabilitychanged') queueMicrotask(() => this.dispatchEvent(Object.assign(new Event(type), { availability: 'available' })));
      };`;
    const page = await watch({ ...kPhone, before: fake });
    await tool(page, /投到电视/).click();
    await tool(page, /自带的投屏/).click();
    expect(await page.evaluate(() => (window as unknown as { asked?: boolean }).asked)).toBe(true);
  });
});

describe('a pupil and her teacher', () => {
  const desk = async (): Promise<Page> => {
    const page = await use.open(`/desk/${use.double.teacher}`, kDesktop);
    await join(page);
    await page.waitForSelector('.seat');
    return page;
  };
  const says = (page: Page, selector: string, words: RegExp): Promise<true> => saysWithin(page, selector, words, 15_000);

  it('talk in private, and a raised hand is seen and taken down', async () => {
    const teacher = await desk();
    const pupil = await watch();
    await tool(pupil, /问老师/).click();
    await pupil.fill('.sheet .field', '第三题为什么要通分？');
    await pupil.keyboard.press('Enter');
    await says(pupil, '.talk', /为什么要通分/);
    expect(await accessibilityProblems(pupil)).toEqual([]);
    await pupil.keyboard.press('Escape');
    await says(teacher, '.helps', /李明.*在等您回.*为什么要通分/);
    await teacher.fill('.help .write .field', '分母一样才能相加');
    await teacher.keyboard.press('Enter');
    await says(teacher, '.help summary', /已经回了/);
    await tool(pupil, /老师回了/).click();
    await says(pupil, '.talk', /分母一样才能相加/);
    await pupil.keyboard.press('Escape');
    await tool(pupil, /举手/).click();
    await says(teacher, '.helps__hand', /李明举手/);
    await says(teacher, '.seat', /举手/);
    await teacher.getByRole('button', { name: '放下' }).click();
    await tool(pupil, /^举手/).waitFor();
    expect(await accessibilityProblems(teacher)).toEqual([]);
  });

  it('write nothing while texts are frozen', async () => {
    const pupil = await watch();
    await waitFor(async () => await tool(pupil, /问老师/).isEnabled(), { what: 'connected' });
    use.double.signal.tell(['pupil'], { t: 'freeze', seq: 90, room: 'r2', on: true });
    await waitFor(async () => await tool(pupil, /问老师/).isDisabled(), { what: 'frozen' });
    use.double.signal.tell(['pupil'], { t: 'freeze', seq: 91, room: 'r2', on: false });
    await waitFor(async () => await tool(pupil, /问老师/).isEnabled(), { what: 'thawed' });
  });

  it('rest when their class rests, whatever goes on elsewhere', async () => {
    const pupil = await watch();
    await waitFor(async () => await tool(pupil, /问老师/).isEnabled(), { what: 'connected' });
    use.double.signal.tell(['pupil'], { t: 'rest', seq: 92, room: 'r2', why: 'cap' });
    await says(pupil, '.cover--sound', /时间到了/);
    await waitFor(() => pupil.evaluate(() => document.querySelector('video')?.paused), { what: 'the picture rests' });
    use.double.signal.tell(['pupil'], { t: 'rest', seq: 93, room: 'r2', why: 'none' });
    await waitFor(async () => (await pupil.locator('.cover--sound').count()) === 0, { what: 'goes on' });
  });

  it('ask and answer a quick check at its moment', async () => {
    const teacher = await desk();
    const pupil = await watch();
    await teacher.click('.checks summary');
    await teacher.fill('.checks__text', '1/2 + 1/3 = ?');
    await teacher.locator('.options__one input').nth(0).fill('5/6');
    await teacher.locator('.options__one input').nth(1).fill('2/5');
    await teacher.getByRole('radio', { name: '第 1 个是对的' }).click();
    expect(await accessibilityProblems(teacher)).toEqual([]);
    await teacher.click('.checks__do');
    await pupil.waitForSelector('.check', { timeout: 20_000 });
    expect(await accessibilityProblems(pupil)).toEqual([]);
    await pupil.getByRole('button', { name: '2/5' }).click();
    await says(pupil, '.asked__said', /再想一想/);
    await pupil.getByRole('button', { name: '5/6' }).click();
    await says(pupil, '.asked__said', /答对了/);
    await says(teacher, '.checks', /1 人答了/);
    expect(said('check')).toMatchObject([{ room: 'r2', items: [{ kind: 'single', options: ['5/6', '2/5'], right: [0] }] }]);
  });
});

describe('every size', () => {
  it.each([
    ['phone', kPhone],
    ['phone on its side, English', { width: 640, height: 360, touch: true, locale: 'en-US' }],
    ['desktop, English, dark', { ...kDesktop, locale: 'en-US', dark: true }],
  ] as const)('%s: accessible, nothing over the edge', async (_, view) => {
    const page = await watch(view);
    expect(await accessibilityProblems(page)).toEqual([]);
    await tool(page, /字的大小|Text size/).click();
    await page.waitForSelector('.sheet');
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });
});
