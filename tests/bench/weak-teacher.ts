/* eslint-disable no-console */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { kChromium, kDesktop, startBrowser } from '../support/browser';
import { run } from '../support/process';
import { Server } from '../support/server';
import { makeWeakLine } from '../support/weak-line';
import { waitFor } from '../support/wait';

// `npm run weak-teacher`: a lesson from the studio page by Chromium whose line carries 400 kbit/s upwards and loses 5 % of
// all packets both ways; then the line is gone for 25 s. Chromium's stand-in for a microphone beeps every second, so what is
// quiet for longer in the recording was not heard. Needs root. Prints JSON.
//   [SECONDS=1200] [KBIT=400] [LOSS=0.05]

const kSeconds = Number(process.env['SECONDS'] ?? 1200);
const kKilobits = Number(process.env['KBIT'] ?? 400);
const kLoss = Number(process.env['LOSS'] ?? 0.05);
const kDropSeconds = 25;

interface Recording {
  readonly duration: number;
  readonly gaps: readonly { readonly start: number; readonly duration: number; readonly sound?: number }[];
}

const line = makeWeakLine();
const server = await Server.start({ env: { TONGKE_SERVER_HOST: line.host } });
const origin = `http://${line.host}:${server.ports.http}`;
// A browser gives its camera to pages of https only, as a server in use has it.
const browser = await startBrowser(line.inside(kChromium), [`--unsafely-treat-insecure-origin-as-secure=${origin}`]);
const lesson = await server.createLesson('五年级数学：分数');
const lead = await server.link(lesson.id, 'lead');
const pupil = await server.link(lesson.id);
const until = async (from: number, seconds: number): Promise<void> => {
  await waitFor(() => Date.now() - from >= seconds * 1000, { ms: (seconds + 10) * 1000, every: 500, what: 'the lesson' });
};
const bad = (): void => {
  for (const way of [line, line.out]) way.loses(kLoss, 'all');
};

/** Stretches of a file without a beep: [start, length] in seconds, longest first. */
async function quiet(file: string): Promise<readonly (readonly [number, number])[]> {
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', file, '-vn', '-af', 'silencedetect=noise=-40dB:d=1.2', '-f', 'null', '-'], 120_000);
  const found = [...stderr.matchAll(/silence_end: ([\d.]+) \| silence_duration: ([\d.]+)/g)].map(([, end, length]) => [Number(end) - Number(length), Number(length)] as const);
  return found.sort(([, a], [, b]) => b - a);
}

try {
  line.out.squeezed(kKilobits);
  bad();
  const studio = await browser.open(`${origin}/studio/${lead.token}`, kDesktop);
  await studio.waitForSelector('.devices', { timeout: 90_000 });
  await studio.click('.bell__do');
  const pressed = Date.now();
  await studio.waitForSelector('.light--live', { timeout: 60_000 });
  await server.becomes(pupil.token, 'live', 30_000);
  const liveMs = Date.now() - pressed;
  const began = Date.now();
  await until(began, kSeconds);
  const health = await studio.textContent('.health__words');
  await studio.screenshot({ path: '../build/screenshots/weak-teacher.png' });
  const whole = (await (await fetch(`${server.origin}/api/v1/lessons/${lesson.id}/recording?token=${lead.token}`)).json()) as Recording;

  const droppedAt = Date.now();
  for (const way of [line, line.out]) way.loses(1, 'all');
  await server.becomes(pupil.token, 'interrupted', 30_000);
  const slateMs = Date.now() - droppedAt;
  await until(droppedAt, kDropSeconds);
  const backAt = Date.now();
  bad();
  await server.becomes(pupil.token, 'live', 60_000);
  const backMs = Date.now() - backAt;
  await until(backAt, 30);
  await studio.click('.button--end');
  await studio.click('.sheet__do');
  await studio.waitForSelector('.light--ended', { timeout: 60_000 });
  const address = `${server.origin}/api/v1/lessons/${lesson.id}/recording`;
  const mp4 = await waitFor(async () => {
    const made = await fetch(`${address}.mp4?token=${lead.token}`);
    return made.status === 200 ? Buffer.from(await made.arrayBuffer()) : null;
  }, { ms: 120_000, every: 500, what: 'the recording' });
  const file = join(server.data, 'weak-teacher.mp4');
  writeFileSync(file, mp4);
  const silences = await quiet(file);
  const inLesson = silences.filter(([start]) => start < whole.duration);
  console.log(
    JSON.stringify({
      bench: 'weak_teacher',
      line: { kilobits_up: kKilobits, loss: kLoss },
      press_to_live_ms: liveMs,
      seconds: kSeconds,
      health,
      gaps: whole.gaps,
      // A second of quiet lies between two beeps anyway.
      longest_quiet_s: inLesson[0]?.[1] ?? 0,
      quiet_over_2s: inLesson.filter(([, length]) => length > 2).length,
      recorded_kilobits: (mp4.length * 8) / 1000 / (kSeconds + kDropSeconds + 30),
      drop: {
        seconds: kDropSeconds,
        told_after_ms: slateMs,
        back_after_ms: backMs,
        gaps: ((await (await fetch(`${address}?token=${lead.token}`)).json()) as Recording).gaps.slice(whole.gaps.length),
        longest_quiet_s: silences.find(([start]) => start >= whole.duration)?.[1] ?? 0,
      },
    }),
  );
} finally {
  await browser.close();
  await server.close();
  line.close();
}
