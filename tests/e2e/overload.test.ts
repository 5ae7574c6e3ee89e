import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';

import { kPhone, screenshot } from '../support/browser';
import { whileManyAsk } from '../support/crowd';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import { waitFor } from '../support/wait';
import { join, loudness, moves, playing, watchErrors } from '../support/watch-page';

// What a pupil sees of a machine that is too busy: another picture than the one that was chosen, then stills, the sound
// through all of it, and the picture again by itself. (This teacher's picture never stands: there are no stills of it.)

const use = useServer({ config: '[load]\nenabled = false\n' });
const tabs = useBrowser();

const height = (pupil: Page): Promise<number> => pupil.evaluate(() => document.querySelector('video')?.videoHeight ?? 0);
const wire = (pupil: Page): Promise<void> =>
  pupil.evaluate(() => {
    const told = window as unknown as { longest: number };
    told.longest = 0;
    let [at, since] = [0, performance.now()];
    setInterval(() => {
      const time = document.querySelector('video')?.currentTime ?? 0;
      if (time !== at) [at, since] = [time, performance.now()];
      told.longest = Math.max(told.longest, performance.now() - since);
    }, 50);
  });
const longestPause = (pupil: Page): Promise<number> =>
  pupil.evaluate(() => {
    const told = window as unknown as { longest: number };
    const { longest } = told;
    told.longest = 0;
    return Math.round(longest);
  });

describe('a lesson on a machine that is too busy', () => {
  it('goes on when a picture is gone, then with sound, and comes back', async () => {
    const { lesson, link } = await use.newClass('五年级科学：水');
    use.keep(publish(lesson.rtmp, pattern({ size: '1280x720', kilobits: 1500, rate: 15 })));
    await use.server.becomes(link.token, 'live');
    const pupil = await tabs.open(`${use.server.origin}/w/${link.token}`, kPhone);
    const errors = watchErrors(pupil);
    await pupil.waitForSelector('.start', { timeout: 10_000 });
    await join(pupil);
    await pupil.getByRole('button', { name: /清晰度/ }).first().click();
    await pupil.getByRole('radio', { name: /^480p/ }).click();
    await moves(pupil, 6, 30_000);
    await wire(pupil);

    const level = (wanted: number): Promise<boolean> =>
      waitFor(async () => (await use.server.metric('tongke_load_level')) === wanted, { ms: 60_000, every: 100, what: `load level ${wanted}` });
    use.server.reload('[load]\nbudget = 1\n');
    // What was chosen by hand is gone: the player goes on with another by itself, here 360p.
    await level(1);
    await waitFor(async () => ![0, 480].includes(await height(pupil)), { ms: 15_000, what: 'another picture than 480p' });
    await moves(pupil, 2);
    const pause = await longestPause(pupil);
    console.log(`480p gone: ${await height(pupil)} lines, longest pause ${pause} ms`);
    expect(pause).toBeLessThan(2000);
    await level(3);
    await whileManyAsk(link.hls, level(4));
    await pupil.waitForSelector('.words--playing', { timeout: 15_000 });
    expect(await pupil.textContent('.words--playing')).toContain('先听声音');
    const heard = (await playing(pupil)).time;
    await waitFor(async () => (await playing(pupil)).time > heard + 2, { ms: 15_000, what: 'sound goes on' });
    expect(await loudness(pupil)).toBeGreaterThan(0.02);
    await screenshot(pupil, 'e2e-sound-first');
    console.log(`to sound alone: longest pause ${await longestPause(pupil)} ms`);

    use.server.reload('[load]\nenabled = false\n');
    await pupil.waitForSelector('.words--playing', { state: 'detached', timeout: 40_000 });
    await waitFor(async () => (await height(pupil)) > 0, { ms: 20_000, what: 'a picture again' });
    await moves(pupil, 3, 20_000);
    console.log(`the picture again: longest pause ${await longestPause(pupil)} ms`);
    expect(errors).toEqual([]);
  }, 240_000);
});
