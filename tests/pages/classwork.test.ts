import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, type View } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, overflow, playing, says, text } from '../support/watch-page';

// Roll-call, class chat and chapters between teachers' pages and a pupil's, on the stand-in.

const use = useDouble(async (double) => double.startTeacher());
const tool = (page: Page, name: RegExp) => page.getByRole('button', { name });
const said = (t: string) => use.double.signal.said.filter((frame) => frame.t === t);

async function watch(view: View = kPhone, link = use.double.link): Promise<Page> {
  const page = await use.open(`/w/${link}`, view);
  await join(page);
  await waitFor(async () => await page.locator('.company .tool').first().isEnabled(), { ms: 30_000, what: 'connected' });
  return page;
}
async function desk(view: View = kDesktop): Promise<Page> {
  const page = await use.open(`/desk/${use.double.teacher}`, view);
  await join(page);
  await page.waitForSelector('.seat');
  return page;
}
async function countShifts(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const seen = { shift: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      list.getEntries().forEach((entry) => {
        const { value, hadRecentInput } = entry as unknown as { value: number; hadRecentInput: boolean };
        if (!hadRecentInput) seen.shift += value;
      });
    }).observe({ type: 'layout-shift', buffered: false });
  });
  return () => page.evaluate(() => (window as unknown as { seen: { shift: number } }).seen.shift);
}

describe('the roll-call', () => {
  it('is one tap to ask, one to answer, and moves nothing', async () => {
    const teacher = await desk();
    const pupil = await watch();
    const shift = await countShifts(pupil);
    await tool(teacher, /点名/).click();
    await pupil.waitForSelector('.roll-card');
    expect(await accessibilityProblems(pupil)).toEqual([]);
    await pupil.getByRole('button', { name: '到', exact: true }).click();
    await says(pupil, '.roll-card', /老师看到你到了/);
    await says(teacher, '.room__here', /到 1/);
    expect(await tool(teacher, /在.*点名/).count()).toBe(0);
    expect(await shift()).toBe(0);
    expect(said('rollcall')).toMatchObject([{ room: 'r2' }]);
    await pupil.reload();
    await join(pupil);
    await waitFor(async () => await tool(pupil, /没听懂/).isEnabled(), { what: 'connected again' });
    expect(await pupil.locator('.roll-card').count()).toBe(0);
  });

  it('may be left alone', async () => {
    const pupil = await watch({ ...kPhone, locale: 'en-US' });
    use.double.signal.tell(['pupil'], { t: 'rollcall', seq: 50 });
    await pupil.getByRole('button', { name: 'Not now' }).click();
    expect(await pupil.locator('.roll-card').count()).toBe(0);
    expect(said('here')).toEqual([]);
  });

  it('tells who is here and has not answered, and who has nobody beside', async () => {
    use.double.signal.rooms['r2'] = {
      label: '三(2)班',
      seats: { 7: { label: '李明', state: 'playing', here: true, companion: 'mother' }, 8: { label: '张芳', state: 'playing' }, 9: { label: '王小明', state: 'absent' } },
    };
    const teacher = await desk();
    use.double.signal.tell(['teacher'], { t: 'rollcall', seq: 50, room: 'r2' });
    await tool(teacher, /没应到 1/).click();
    await says(teacher, '.seats', /张芳/);
    await tool(teacher, /没说有人陪 1/).click();
    await says(teacher, '.seats', /张芳/);
    await tool(teacher, /没来 1/).click();
    expect(await teacher.getByRole('link', { name: /联系没来的孩子/ }).getAttribute('href')).toBe('/office#/absent/L1');
    expect(await accessibilityProblems(teacher)).toEqual([]);
  });
});

describe('the class chat', () => {
  it('is off until the teacher opens it; she reads first, shows, and takes away', async () => {
    use.double.signal.rooms['r2'] = { label: '三(2)班', seats: { 7: { label: '李明', state: 'absent' }, 8: { label: '李芳', state: 'absent' } } };
    use.double.signal.people['XIAOFANG'] = { role: 'pupil', rooms: ['r2'], seat: 8, label: '李芳' };
    const teacher = await desk();
    const pupil = await watch();
    const other = await watch(kPhone, 'XIAOFANG');
    expect(await tool(pupil, /和全班说/).count()).toBe(0);
    await teacher.click('.chat summary');
    await teacher.getByRole('radio', { name: '我先看' }).click();
    await tool(pupil, /和全班说/).click();
    await pupil.getByRole('radio', { name: '全班' }).click();
    await pupil.fill('.sheet .field', '老师我做完了');
    await pupil.keyboard.press('Enter');
    await says(pupil, '.talk', /老师我做完了.*等老师看/);
    expect(await accessibilityProblems(pupil)).toEqual([]);
    await says(teacher, '.chat', /李明.*老师我做完了/);
    expect(await accessibilityProblems(teacher)).toEqual([]);
    expect(await tool(other, /有新的话/).count()).toBe(0);
    await teacher.getByRole('button', { name: '显示' }).click();
    await tool(other, /有新的话/).click();
    await other.getByRole('radio', { name: '全班' }).click();
    await says(other, '.talk', /同学：.*老师我做完了/);
    expect(await text(other, '.talk')).not.toContain('李明');
    await teacher.getByRole('button', { name: '去掉' }).click();
    await waitFor(async () => !/老师我做完了/.test(await text(other, '.talk')), { what: 'gone' });
    await teacher.fill('.chat .write .field', '做完的同学看第九页');
    await teacher.keyboard.press('Enter');
    await says(other, '.talk', /李老师.*第九页/);
    await teacher.getByRole('radio', { name: '不开' }).click();
    await waitFor(async () => (await other.getByRole('radio', { name: '全班' }).count()) === 0, { what: 'closed' });
  });
});

describe('notes', () => {
  it('move nothing when they come', async () => {
    const pupil = await watch();
    const shift = await countShifts(pupil);
    use.double.signal.tell(['pupil'], { t: 'note', seq: 40, from: '李老师', media_time: 0, text: '第12题(2)先别做' });
    await says(pupil, '.notes', /第12题/);
    expect(await shift()).toBe(0);
  });
});

describe('chapters', () => {
  it('are a list in the replay that goes there, with the notes between', async () => {
    const pupil = await watch();
    await waitFor(async () => (await playing(pupil)).time > 6, { ms: 30_000, what: 'some seconds' });
    use.double.signal.tell(['pupil'], { t: 'chapter', seq: 40, media_time: 0, text: '复习' });
    const lead = await use.open(`/desk/${use.double.lead}`, kDesktop);
    await join(lead);
    await lead.click('.chapters summary');
    await lead.fill('.chapters .field', '分数的意义');
    await lead.keyboard.press('Enter');
    await says(lead, '.chapters', /分数的意义/);
    expect(await accessibilityProblems(lead)).toEqual([]);
    const at = Number(said('chapter')[0]?.['media_time']);
    use.double.signal.tell(['pupil'], { t: 'note', seq: 62, from: '李老师', media_time: at + 1000, text: '看第八页' });
    await use.double.stopTeacher();
    use.double.script.state = 'ended';
    await pupil.waitForSelector('.player--finished', { timeout: 30_000 });
    await join(pupil);
    await tool(pupil, /章节和字条/).click();
    expect((await pupil.locator('.mark').allTextContents()).map((words) => words.replace(/^[\d:]+/, ''))).toEqual(['复习', '分数的意义', '字条看第八页']);
    expect(await accessibilityProblems(pupil)).toEqual([]);
    expect(await overflow(pupil)).toBeLessThanOrEqual(0);
    await pupil.getByRole('button', { name: /分数的意义/ }).click();
    await waitFor(async () => {
      const { time } = await playing(pupil);
      return Math.abs(time - at / 1000) < 3;
    }, { what: 'there' });
  });
});
