import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';

import { kDesktop } from '../support/browser';
import { useServer } from '../support/fixture';
import { decodeErrors } from '../support/media';
import { useBrowser } from '../support/pages';
import { run } from '../support/process';
import { waitFor } from '../support/wait';
import { loudness, playing } from '../support/watch-page';

// The real studio page in Chromium: its line breaks for a while, it comes back by itself, and what the microphone heard meanwhile
// (the beeps of Chromium's stand-in for one) is in the recording.

const use = useServer();
const tabs = useBrowser();

/** The page's connections, so that they can be broken. */
const kBreakable = `
  const made = [];
  window.RTCPeerConnection = class extends window.RTCPeerConnection {
    constructor(...settings) { super(...settings); made.push(this); }
  };
  window.breakLine = () => made.splice(0).forEach((each) => {
    each.close();
    each.dispatchEvent(new Event('connectionstatechange')); // who closes it himself is not told
  });
`;

interface Recording {
  readonly gaps: readonly { readonly start: number; readonly duration: number; readonly sound: number }[];
}

const onAir = (studio: Page): Promise<unknown> => studio.waitForSelector('.light--live', { timeout: 30_000 });

/** Loudest sample between two times of a file, in dB. */
async function peak(source: string, from: number, to: number): Promise<number> {
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', source, '-vn', '-af', `atrim=${from}:${to},volumedetect`, '-f', 'null', '-'], 60_000);
  const found = /max_volume: (-?[\d.]+|-inf) dB/.exec(stderr);
  if (!found?.[1]) throw new Error(stderr);
  return found[1] === '-inf' ? -120 : Number(found[1]);
}

it('what the teacher said while her line was down is in the recording', async () => {
  const lesson = await use.server.createLesson('五年级语文：断线时讲的话');
  const lead = await use.server.link(lesson.id, 'lead');
  const pupil = await use.server.link(lesson.id);
  const studio = await tabs.open(`${use.server.origin}/studio/${lead.token}`, { ...kDesktop, before: kBreakable });
  await studio.waitForSelector('.devices', { timeout: 30_000 });
  await studio.click('.bell__do');
  await onAir(studio);
  const recorded = async (): Promise<Recording> =>
    (await (await fetch(`${use.server.origin}/api/v1/lessons/${lesson.id}/recording?token=${lead.token}`)).json()) as Recording;
  const since = Date.now();
  await waitFor(() => Date.now() - since > 8000, { ms: 10_000, what: 'some lesson' });

  await studio.context().setOffline(true);
  await studio.evaluate(() => (window as unknown as { breakLine(): void }).breakLine());
  await studio.waitForSelector('.light--reconnecting', { timeout: 30_000 });
  await use.server.becomes(pupil.token, 'interrupted');
  const broken = Date.now();
  await waitFor(() => Date.now() - broken > 8000, { ms: 10_000, what: 'some silence' });
  await studio.context().setOffline(false);
  await onAir(studio);
  await studio.waitForSelector('[data-backfill=filled]', { timeout: 60_000 });
  const [gap] = (await recorded()).gaps;
  if (gap === undefined) throw new Error('no gap');
  expect(gap.duration).toBeGreaterThan(7);
  expect(gap.sound).toBeCloseTo(gap.duration, 0);

  await studio.click('.button--end');
  await studio.click('.sheet__do');
  await studio.waitForSelector('.light--ended', { timeout: 30_000 });
  const mp4 = `${use.server.origin}/api/v1/lessons/${lesson.id}/recording.mp4?token=${lead.token}`;
  await waitFor(async () => {
    const made = await fetch(mp4);
    await made.body?.cancel();
    return made.status === 200;
  }, { ms: 30_000, every: 300, what: 'the recording' });
  // It beeps every second: any second and a half has one.
  for (let at = gap.start + 0.2; at + 1.5 < gap.start + gap.duration; at += 1.5) {
    expect(await peak(mp4, at, at + 1.5), `at ${at.toFixed(1)}`).toBeGreaterThan(-30);
  }
  expect(await decodeErrors(mp4)).toBe('');

  // The replay plays through the gap, second by second, with sound.
  const replay = await tabs.open(`${use.server.origin}/w/${pupil.token}`);
  await replay.click('.start');
  await waitFor(async () => (await playing(replay)).frames > 2, { ms: 20_000, what: 'the replay' });
  await replay.evaluate((to) => {
    const video = document.querySelector('video');
    if (video !== null) video.currentTime = to;
  }, gap.start - 1);
  const times: number[] = [];
  let loudest = 0;
  await waitFor(async () => {
    const { time } = await playing(replay);
    times.push(time);
    if (time > gap.start + 1 && time < gap.start + gap.duration - 3) loudest = Math.max(loudest, await loudness(replay, 1500));
    return time > gap.start + gap.duration + 1;
  }, { ms: 40_000, every: 200, what: 'the end of the gap' });
  const jumps = times.slice(1).map((time, i) => time - (times[i] ?? time));
  expect(Math.max(...jumps)).toBeLessThan(3);
  expect(loudest).toBeGreaterThan(0.01);
}, 180_000);
