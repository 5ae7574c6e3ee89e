import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kPhone, screenshot, type View } from '../support/browser';
import { useDouble } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, loudness, moves, overflow, playing, text, watchErrors } from '../support/watch-page';

// A server that is busy asks the pages to begin with the sound; the picture follows by itself.

const use = useDouble((double) => double.startTeacher());

async function watch(view: View = kPhone): Promise<{ page: Page; errors: string[]; pictures: string[] }> {
  const page = await use.open(`/w/${use.double.link}`, view);
  const pictures: string[] = [];
  page.on('request', (request) => /\/(720p|240p)\/|\/whep/.test(request.url()) && pictures.push(request.url()));
  await page.waitForSelector('.start');
  return { page, errors: watchErrors(page), pictures };
}
const hears = (page: Page, seconds: number): Promise<true> =>
  waitFor(async () => (await playing(page)).time > seconds, { ms: 20_000, what: `${seconds} s of sound` });
const says = (page: Page): Promise<string> => text(page, '.words--playing');

describe('sound first', () => {
  it('is heard at once, says why, and gives way to the picture when its turn comes', async () => {
    use.double.script.soundFirstUntil = Date.now() + 20_000;
    const { page, errors, pictures } = await watch();
    await page.click('.start');
    await page.waitForSelector('.words--playing');
    expect(await says(page)).toBe('服务器正忙，先听声音。画面过一会儿自己出来，不用操作。');
    await hears(page, 0.5);
    expect(await loudness(page)).toBeGreaterThan(0.05);
    expect(pictures).toEqual([]);
    expect(await overflow(page)).toBeLessThanOrEqual(0);
    expect(await accessibilityProblems(page)).toEqual([]);
    await screenshot(page, 'sound-first-phone');
    const { time } = await playing(page);
    await page.waitForSelector('.words--playing', { state: 'detached', timeout: 25_000 });
    await moves(page);
    expect((await playing(page)).time).toBeGreaterThan(time); // from the same moment
    expect(errors).toEqual([]);
  });

  it('takes the picture although the server cannot be asked when it is time', async () => {
    use.double.script.soundFirstUntil = Date.now() + 6000;
    const { page } = await watch({ ...kPhone, locale: 'en-GB' });
    await page.route('**/api/v1/watch/**', (route) => route.abort());
    await page.click('.start');
    await page.waitForSelector('.words--playing');
    expect(await says(page)).toContain('nothing to do');
    await screenshot(page, 'sound-first-phone-en');
    await moves(page);
    expect(await page.locator('.words--playing').count()).toBe(0);
  });

  it('goes from the picture to sound and back in a lesson that is watched', async () => {
    const { page, errors } = await watch();
    await join(page);
    await moves(page);
    use.double.script.soundFirstUntil = Date.now() + 600_000;
    await page.waitForSelector('.cover--sound', { timeout: 15_000 });
    await hears(page, (await playing(page)).time + 3);
    use.double.script.soundFirstUntil = 0;
    await page.waitForSelector('.cover--sound', { state: 'detached', timeout: 15_000 });
    await moves(page);
    expect(errors).toEqual([]);
  });

  it('leaves the choice to whoever wants sound only', async () => {
    use.double.script.soundFirstUntil = Date.now() + 600_000;
    const { page, pictures } = await watch();
    await page.click('.start');
    await page.waitForSelector('.words--playing');
    await page.click('.tools .tool:nth-last-child(2)');
    await page.getByRole('radio', { name: /只听声音/ }).click();
    await page.waitForSelector('.words--playing', { state: 'detached' });
    use.double.script.soundFirstUntil = 0;
    await hears(page, (await playing(page)).time + 9); // a question and an answer later
    expect(await page.locator('.cover--sound').count()).toBe(1);
    expect(pictures).toEqual([]);
  });
});
