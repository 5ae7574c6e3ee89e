import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, screenshot } from '../support/browser';
import type { Double } from '../support/double';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, moves, overflow, playing, says, text, watchErrors, watchForeignRequests } from '../support/watch-page';

// One page all morning: the lesson, what the timetable has after it, and the next lesson.

const use = useDouble();
const { open } = use;

const kMinute = 60_000;
const plan = (from: number, to: number) => ({ planned_start: Date.now() + from, planned_end: Date.now() + to, card: { goal: '会比较分数的大小', advice: '准备纸和笔' } });
const pause = (kind: 'break' | 'eye' | 'exercise', from: number, to: number) => ({ kind, starts: Date.now() + from, ends: Date.now() + to });

/** The next lesson begins after so many milliseconds. */
function follows({ between, second }: Double, after: number): void {
  second.plan = plan(after, after + 20 * kMinute);
  between.next = { ...second.plan, title: second.title, subject: '语文', state: 'waiting', link: second.link };
}

describe('between two lessons', () => {
  it('goes from a lesson through the break to the next in one document, without a tap', async () => {
    const { double } = use;
    double.script.plan = plan(-20 * kMinute, 0);
    await double.startTeacher();
    const page = await open(`/w/${double.link}`, kPhone);
    const errors = watchErrors(page);
    const foreign = watchForeignRequests(page);
    await join(page);
    await page.evaluate(() => Object.assign(window, { sameDocument: true }));

    double.between.pauses = [pause('break', -kMinute, 10 * kMinute)];
    follows(double, 10 * kMinute);
    await double.stopTeacher();
    double.script.state = 'ended';
    await says(page, '.board__title', /课间休息/, 40_000);
    expect(await text(page, '.board__lesson')).toBe(double.script.title);
    expect(await text(page, '.between__subject')).toBe('语文');
    expect(await text(page, '.lesson-card')).toMatch(/上课.*会比较分数的大小.*准备纸和笔/s);
    expect(await page.getByRole('button', { name: '看重播' }).isVisible()).toBe(true);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await screenshot(page, 'between-break-phone');

    // Which the page hears of within 40 s.
    double.between.pauses = [pause('break', -kMinute, 20_000)];
    follows(double, 20_000);
    await waitFor(() => page.url().endsWith(`/w/${double.second.link}`), { ms: 80_000, what: 'it has gone on by itself' });
    await says(page, '.board__lesson', /草船借箭/);
    await double.startTeacher('L2');
    await moves(page, 1, 40_000);
    expect(await page.evaluate(() => 'sameDocument' in window)).toBe(true);
    expect((await page.title()).startsWith(double.second.title)).toBe(true);
    expect(await page.evaluate(() => document.querySelector('video')?.muted)).toBe(false);
    expect(double.signal.said.some((frame) => frame.t === 'hello' && frame['token'] === double.second.link)).toBe(true);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  }, 240_000);

  it('asks how the lesson was below everything else, once', async () => {
    const { double } = use;
    await double.startTeacher();
    const page = await open(`/w/${double.link}`, kPhone);
    const errors = watchErrors(page);
    await join(page);
    double.script.plan = plan(-20 * kMinute, -kMinute);
    double.between.pauses = [pause('break', -kMinute, 10 * kMinute)];
    await double.stopTeacher();
    double.script.state = 'ended';
    double.family.after = true;
    const asked = page.getByRole('region', { name: '这节课怎么样？' });
    await waitFor(() => asked.isVisible(), { ms: 40_000, what: 'the question' });
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await screenshot(page, 'after-lesson-phone');
    for (const [group, answer] of [['画面', '清楚'], ['声音', '清楚'], ['快慢长短', '讲得太快']] as const) await asked.getByRole('radiogroup', { name: group }).getByRole('radio', { name: answer, exact: true }).click();
    // The blackboard that comes in the picture's place takes nothing of it away.
    await says(page, '.board__title', /课间休息/, 60_000);
    await page.fill('#more-lesson', '分数那里\n再讲一遍');
    await asked.getByRole('button', { name: '交给学校' }).click();
    await says(page, '.say__thanks', /学校收到了[^]*班主任[^]*家长的页面/);
    expect(double.family.done.map(({ path, body }) => [path, JSON.parse(body)])).toEqual([[`/api/v1/watch/${double.link}/feedback`, { picture: 'good', sound: 'good', pace: 'too_fast', text: '分数那里 再讲一遍' }]]);
    expect(errors).toEqual([]);
    await page.reload();
    await says(page, '.board__title', /课间休息/, 40_000);
    expect(await page.locator('.say').count()).toBe(0);
  }, 180_000);

  it('has the replay one tap away, and says when the next lesson is about to begin', async () => {
    const { double } = use;
    double.script.plan = plan(-60 * kMinute, -40 * kMinute);
    await double.startTeacher();
    await double.stopTeacher();
    double.script.state = 'ended';
    follows(double, 4 * kMinute);
    const page = await open(`/w/${double.link}`, kDesktop);
    await says(page, '.board__title', /下课了/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await page.getByRole('button', { name: '看重播' }).click();
    await waitFor(async () => (await playing(page)).frames > 2, { ms: 20_000, what: 'the replay plays' });
    await says(page, '.between-line', /上下一节课：语文/);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'between-line-desktop');
    await page.getByRole('button', { name: '留在这里' }).click();
    await waitFor(async () => (await page.locator('.between-line__goes').count()) === 0, { what: 'it stays' });
    await page.getByRole('button', { name: '现在就去上课' }).click();
    await says(page, '.board__lesson', /草船借箭/);
    expect(page.url()).toContain(double.second.link);
  });

  it('takes nobody out of a lesson that overruns', async () => {
    const { double } = use;
    double.script.plan = plan(-30 * kMinute, -10 * kMinute);
    double.between.pauses = [pause('eye', -5 * kMinute, 5 * kMinute)];
    follows(double, -kMinute);
    await double.startTeacher();
    const page = await open(`/w/${double.link}`, kPhone);
    await join(page);
    await says(page, '.between-line', /下一节课已经开始：语文/);
    await moves(page, 2);
    expect(page.url()).toContain(`/w/${double.link}`);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    await screenshot(page, 'between-overrun-phone');
  });

  it('changes nothing for links that have no timetable', async () => {
    const { double } = use;
    await double.startTeacher();
    await double.stopTeacher();
    double.script.state = 'ended';
    const page = await open(`/w/${double.link}`, kPhone);
    await waitFor(() => double.between.asked.length > 0, { what: 'the page has asked' });
    await join(page);
    expect(await page.locator('.board, .between-line').count()).toBe(0);
  });
});

describe('eye exercises', () => {
  it.each([
    ['phone', kPhone],
    ['phone, English, dark', { ...kPhone, locale: 'en-US', dark: true }],
    ['phone on its side', { ...kPhone, width: 640, height: 360 }],
    ['desktop', kDesktop],
    ['television', kTelevision],
  ] as const)('%s: one after another, counted, on the whole page', async (name, view) => {
    const { double } = use;
    double.script.plan = plan(4 * kMinute, 24 * kMinute);
    double.between.pauses = [pause('break', -10 * kMinute, 4 * kMinute), pause('eye', -kMinute, 4 * kMinute)];
    const page = await open(`/w/${double.link}`, view);
    const errors = watchErrors(page);
    await page.waitForSelector('.guide');
    await waitFor(async () => /^[1-8]$/.test(await text(page, '.guide__count')), { what: 'it counts' });
    const beat = await text(page, '.guide__count');
    await waitFor(async () => (await text(page, '.guide__count')) !== beat, { what: 'and goes on' });
    expect(await page.locator('.face__point').count()).toBe(2);
    expect(await accessibilityProblems(page)).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    // Everything that matters is seen without moving the page.
    const bottom = await page.evaluate(() => (document.querySelector('.guide__away')?.getBoundingClientRect().bottom ?? Infinity) - window.innerHeight);
    expect(bottom).toBeLessThanOrEqual(0);
    await screenshot(page, `between-eyes-${name.replace(/[, ]+/g, '-')}`);
    await page.click('.guide__away');
    await page.waitForSelector('.board');
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, `between-eyes-away-${name.replace(/[, ]+/g, '-')}`);
    await page.click('.between__doing .button');
    await page.waitForSelector('.guide');
    expect(errors).toEqual([]);
  });

  it('come on the television by themselves, and the lesson after them', async () => {
    const { double } = use;
    double.tv.link = double.link;
    double.between.pauses = [pause('eye', -kMinute, 8_000)];
    const tv = await open('/tv', kTelevision);
    await tv.waitForSelector('.guide');
    await tv.keyboard.press('ArrowDown');
    await waitFor(() => tv.evaluate(() => document.activeElement !== document.body), { what: 'the remote reaches it' });
    await says(tv, '.board__title', /还没开始上课/);
    await double.startTeacher();
    await tv.waitForSelector('.lesson', { timeout: 20_000 });
    expect(new URL(tv.url()).pathname).toBe('/tv');
  });
});
