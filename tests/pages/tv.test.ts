import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, kTelevision, screenshot } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, moves, overflow, playing, text, watchErrors } from '../support/watch-page';

// A lesson on the family's television: six digits, a phone, and a remote with arrows.

const use = useDouble();
const { open } = use;

describe('a television', () => {
  it.each([
    ['television', kTelevision],
    ['small television, English', { ...kDesktop, locale: 'en-US' }],
    ['phone', kPhone],
  ] as const)('%s: shows six digits and a code to scan', async (name, view) => {
    const tv = await open('/tv', view);
    await tv.waitForSelector('.code__svg');
    expect(await text(tv, '.tv__code')).toBe('482 913');
    expect(await accessibilityProblems(tv)).toEqual([]);
    expect(await overflow(tv)).toBeLessThanOrEqual(0);
    await screenshot(tv, `tv-code-${name.replace(/[, ]+/g, '-')}`);
  });

  it('plays what the phone puts there, and stops when the phone says so', async () => {
    await use.double.startTeacher();
    const tv = await open('/tv', kTelevision);
    const errors = watchErrors(tv);
    await tv.waitForSelector('.tv__code');
    const phone = await open(`/w/${use.double.link}`, kPhone);
    await join(phone);
    await phone.getByRole('button', { name: /投到电视/ }).click();
    await phone.fill('.field--code', '000 000');
    await phone.getByRole('button', { name: '投上去' }).click();
    await waitFor(async () => /没有电视显示这些数字/.test(await text(phone, '.sheet')), { what: 'wrong digits' });
    await phone.fill('.field--code', '482 913');
    await phone.getByRole('button', { name: '投上去' }).click();
    await waitFor(async () => /正在电视上播/.test(await text(phone, '.sheet')), { what: 'paired' });
    await waitFor(async () => (await playing(phone)).paused, { what: 'one voice only' });
    await tv.waitForSelector('.lesson', { timeout: 15_000 });
    // With a tap's permission or without: one press of the remote's button at most.
    await waitFor(async () => (await playing(tv)).frames > 2 || (await tv.locator('.start:focus').count()) === 1, { ms: 20_000, what: 'plays or asks' });
    if ((await playing(tv)).frames <= 2) await tv.keyboard.press('Enter');
    await moves(tv, 1, 20_000);
    expect(use.double.signal.said.some((frame) => frame.t === 'hello' && frame['screen'] === 'tv')).toBe(true);
    await tv.keyboard.press('ArrowDown');
    await waitFor(() => tv.evaluate(() => document.activeElement !== document.body), { what: 'arrows walk' });
    await screenshot(tv, 'tv-playing');
    expect(await accessibilityProblems(tv)).toEqual([]);
    await phone.getByRole('button', { name: '不在电视上看了' }).click();
    await waitFor(async () => (await text(tv, 'body')).includes('555 123'), { ms: 10_000, what: 'stopped, other digits' });
    expect(errors).toEqual([]);
  });

  it('takes one tap on a phone that scanned the code and has watched before', async () => {
    await use.double.startTeacher();
    const phone = await open(`/w/${use.double.link}`, kPhone);
    await phone.waitForSelector('.start');
    await phone.goto(`${use.double.origin}/tv#482913`);
    await phone.getByRole('button', { name: '放到电视上' }).click();
    await waitFor(async () => /电视上马上就播/.test(await text(phone, 'h1')), { what: 'paired' });
    expect(use.double.tv.link).toBe(use.double.link);
    const stranger = await open('/tv#482913', kPhone);
    await waitFor(async () => /请先打开上课链接/.test(await text(stranger, 'h1')), { what: 'says what to do' });
    expect(await accessibilityProblems(stranger)).toEqual([]);
  });
});
