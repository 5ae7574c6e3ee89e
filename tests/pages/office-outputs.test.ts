import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, screenshot, type View } from '../support/browser';
import { officeMorning } from '../support/office-morning';
import { doubleOutput } from '../support/outputs-double';
import { openOffice } from '../support/office-door';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { overflow, says } from '../support/watch-page';

// Lessons to cable and other platforms, and the button that hides them: the office's page against a stand-in that answers as
// the API does.

const use = useDouble();

const office = (place: string, selector: string, view?: View): Promise<Page> => openOffice(use, place, selector, view);
const done = () => use.double.office.done.filter((one) => /outputs/.test(one.path));
const room = { id: 'r1', label: '三年级1班', school: null, class: 'c1', group: null, teacher: null, expected: 42 };
const cable = { name: 'cable-3', kind: 'ts', wants_key: false, delay_ms: 30_000 };
const platform = { name: 'dingtalk', kind: 'rtmp', wants_key: true, delay_ms: 3_000 };

function aLesson(): void {
  use.double.office.lessons = [
    { id: 'L4', title: '燕子', state: 'waiting', started_at: null, lead: null, rooms: [] },
    { id: 'L5', title: '分数', state: 'live', started_at: Date.now(), lead: null, rooms: [room] },
    { id: 'L6', title: '晨会', state: 'ended', started_at: 1, lead: null, rooms: [] },
  ];
  use.double.office.outputs.destinations = [cable, platform];
}

describe('lessons to others', () => {
  it('are begun, cut to the slate by one press of the keyboard, put back and stopped', async () => {
    aLesson();
    const page = await office('outputs', '.output');
    expect(await page.locator('#lesson option').allTextContents()).toEqual([expect.stringMatching(/分数 三年级1班/), expect.stringMatching(/燕子/)]);
    await says(page, '.output >> nth=0', /cable-3\s*有线电视 \/ IPTV · 延时 30 秒\s*没有送出/);
    expect(await page.locator('.output__cut').count()).toBe(0); // nothing to cut
    await page.getByRole('button', { name: 'cable-3：开始送出' }).press('Enter');
    await says(page, '.output >> nth=0', /等待开播.*有画面 30 秒后自己开始/s);
    use.double.office.outputs.items['L5'] = [doubleOutput('cable-3')];
    await says(page, '.output >> nth=0', /正在送出.*从 .* 起 · 12 分钟 · 已送 460 MB/s);
    await page.getByRole('button', { name: 'cable-3：切到垫片' }).press('Enter');
    await says(page, '.output--cut', /正在送出 · 正在播垫片.*课堂里的事一点也不会送出/s);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: 'cable-3：切回课堂' }).press('Enter');
    await page.waitForSelector('.output--sending');
    await page.getByRole('button', { name: 'cable-3：停止送出' }).press('Enter');
    await says(page, '.sheet', /停止送到 cable-3？.*请用“切到垫片”/s);
    await page.click('.sheet__do');
    await says(page, '.output >> nth=0', /没有送出/);
    const at = '/api/v1/lessons/L5/outputs';
    expect(done().map(({ method, path }) => [method, path])).toEqual([['POST', at], ['PUT', `${at}/cable-3/cut`], ['DELETE', `${at}/cable-3/cut`], ['DELETE', `${at}/cable-3`]]);
  });

  it('take a platform’s key and never show it again', async () => {
    aLesson();
    const page = await office('outputs', '.output', kPhone);
    const start = page.getByRole('button', { name: 'dingtalk：开始送出' });
    expect(await start.isDisabled()).toBe(true);
    expect(await page.getAttribute('#key-dingtalk', 'type')).toBe('password');
    await page.fill('#key-dingtalk', 'bad key');
    await start.click();
    await says(page, '.output >> nth=1', /没有开始：a key has/);
    expect(await page.inputValue('#key-dingtalk')).toBe('');
    await page.fill('#key-dingtalk', 'live-secret');
    await start.click();
    await says(page, '.output >> nth=1', /等待开播/);
    expect(await page.locator('#key-dingtalk').count()).toBe(0);
    expect(await page.content()).not.toContain('live-secret');
    expect(JSON.parse(done().at(-1)?.body ?? '')).toEqual({ destination: 'dingtalk', key: 'live-secret' });
    expect(await overflow(page)).toBeLessThanOrEqual(0);
  });

  it('say what is wrong and what to do, of the lesson that is chosen', async () => {
    aLesson();
    const { outputs } = use.double.office;
    outputs.items['L4'] = [doubleOutput('cable-3', { state: 'retrying', dropped_segments: 6, dropped_frames: 3, late: 1, last_error: 'unreachable: connection: Input/output error' })];
    outputs.busy = ['cable-3'];
    const page = await office('outputs', '.output', kPhone);
    await page.getByRole('button', { name: 'cable-3：开始送出' }).click();
    await says(page, '.output >> nth=0', /正在播另一节课/);
    await page.selectOption('#lesson', 'L4');
    await says(page, '.output--retrying', /断了，正在重试.*漏了 6 段.*漏了 3 帧.*停过 1 次.*最近一次出错 连不上对方.*unreachable: connection/s);
    expect(await page.evaluate(() => location.hash)).toBe('#/outputs/L4');
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });

  it('have no buttons where nothing is configured, and are only for who manages lessons', async () => {
    aLesson();
    use.double.office.outputs.destinations = [];
    const page = await office('outputs', '.entry');
    await says(page, '.office', /请技术员在服务器配置的 \[outputs\] 里写上（见 docs\/outputs\.md）/);
    expect(await page.locator('.output, .button--live').count()).toBe(0);
    use.double.office.lessons = [];
    await page.evaluate(() => (location.hash = '#/board'));
    await page.evaluate(() => (location.hash = '#/outputs'));
    await says(page, '.office', /没有正在上或要上的课/);
    use.double.office.forget();
    use.double.office.may = ['see_school', 'see_lessons'];
    const teacher = await office('board', '.office__title');
    expect(await teacher.locator('.office__nav a[href="#/outputs"]').count()).toBe(0);
  });

  it.each([
    ['phone', kPhone],
    ['desktop', kDesktop],
    ['phone-en', { ...kPhone, locale: 'en-US', dark: true }],
    ['desktop-en', { ...kDesktop, locale: 'en-US', dark: true }],
  ] as const)('fit and can be read: %s', async (name, view) => {
    officeMorning(use.double.office);
    const page = await office('outputs', '.output--cut', view);
    await waitFor(async () => (await page.locator('.output').count()) === 4, { what: 'all destinations' });
    await screenshot(page, `office-outputs-${name}`);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
  });
});
