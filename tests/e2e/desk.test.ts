import { describe, expect, it } from 'vitest';

import { accessibilityProblems } from '../support/axe';
import { kDesktop, kPhone, screenshot } from '../support/browser';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import { join, moves, playing, says, watchErrors, watchForeignRequests } from '../support/watch-page';

// A subject teacher at her desk: real server, real publisher, she and a pupil in browsers.

const use = useServer();
const tabs = useBrowser();

const { open } = tabs;

describe('the desk', () => {
  it('sees a pupil come, stall and go, and her note reaches him at its moment', async () => {
    const lesson = await use.server.createLesson('四年级语文：观潮');
    const link = await use.server.link(lesson.id);
    const own = await use.server.link(lesson.id, 'teacher');
    expect(own.url).toBe(`${use.server.origin}/desk/${own.token}`);
    const desk = await open(own.url, kDesktop);
    const errors = watchErrors(desk);
    const foreign = watchForeignRequests(desk);
    await says(desk, '.desk__picture', /还没开始上课/);
    await says(desk, '.room', /还没有学生进来/);

    const pupil = await open(link.url, kPhone);
    await pupil.waitForSelector('.board__lesson');
    await says(desk, '.seat', /暂停着/); // he waits in front of the blackboard
    await screenshot(desk, 'e2e-desk-waiting');

    use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    await desk.waitForSelector('.start', { timeout: 20_000 });
    await join(desk);
    await pupil.waitForSelector('.start', { timeout: 20_000 });
    await join(pupil);
    await moves(pupil, 2);
    await says(desk, '.seat', /在听课/);

    await desk.fill('.note__text', '第三段再读一遍');
    await desk.keyboard.press('Enter');
    await desk.waitForSelector('.sent__list .sent__one', { timeout: 20_000 });
    const at = (await playing(desk)).time;
    await says(pupil, '.notes', /第三段再读一遍/);
    // As far into the lesson as the teacher was, whatever each one's delay; ± what reading took.
    expect(Math.abs((await playing(pupil)).time - at)).toBeLessThan(12);
    await screenshot(desk, 'e2e-desk-live');
    expect(await accessibilityProblems(desk)).toEqual([]);

    await pupil.getByRole('button', { name: '暂停', exact: true }).click();
    await says(desk, '.seat', /暂停着/);
    await pupil.context().close();
    await says(desk, '.seat', /断线/);

    // Later, another time: the note is where it was written.
    await use.server.endLesson(lesson.id);
    const replay = await open(link.url, kPhone);
    await join(replay);
    await says(replay, '.notes', /第三段再读一遍/, 40_000);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });
});
