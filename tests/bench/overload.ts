/* eslint-disable no-console */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pattern, publish } from '../support/media';
import { parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { type Link, Server } from '../support/server';
import { waitFor } from '../support/wait';

// `npm run overload`: more to encode than the machine can. LESSONS lessons of 720p30, encoded beforehand, of each of which viewers
// want 480p, 360p and 240p; first with `load.enabled = false`, so that every encoder starves for SECONDS, then with it. Meanwhile the
// API is asked on four connections, and each lesson's sound is followed part by part, as LL-HLS players do. Prints JSON.
//   [LESSONS=16] [SECONDS=30]

const kLessons = Number(process.env['LESSONS'] ?? 16);
const kSeconds = Number(process.env['SECONDS'] ?? 30);
const kSteps = ['480p', '360p', '240p'] as const;
const kAskAgainMs = 5000;

const quantiles = (of: readonly number[]) => {
  const sorted = [...of].sort((a, b) => a - b);
  const at = (q: number): number => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? Number.NaN) * 10) / 10;
  return { count: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), worst: at(1) };
};
const cpuTicks = (): readonly [busy: number, all: number] => {
  const ticks = (readFileSync('/proc/stat', 'utf8').split('\n')[0] ?? '').trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, one) => sum + one, 0);
  return [all - (ticks[3] ?? 0) - (ticks[4] ?? 0), all];
};

/** Follows a lesson's sound: how long each part was waited for, and what of it was missing. */
async function listen({ hls }: Link, until: number): Promise<{ readonly waits: readonly number[]; readonly holes: number; readonly failures: number }> {
  const at = new URL('audio/media.m3u8', hls);
  const waits: number[] = [];
  let [holes, failures] = [0, 0];
  let { msn, part, end } = { msn: -1, part: 0, end: Number.NaN };
  while (performance.now() < until) {
    const asked = performance.now();
    const answer = await fetch(msn < 0 ? at : new URL(`?_HLS_msn=${msn}&_HLS_part=${part}`, at));
    if (!answer.ok) {
      failures += 1;
      continue;
    }
    const list = parseMediaPlaylist(await answer.text());
    if (msn >= 0) waits.push(performance.now() - asked);
    // Each segment begins where the one before ended; times in playlists are whole milliseconds.
    for (const segment of list.segments) {
      if (segment.gap) holes += 1;
      if (segment.msn < msn || segment.programDateTime === null) continue;
      const length = segment.uri === null ? Number.NaN : segment.duration * 1000;
      if (Number.isFinite(end) && segment.msn > msn && Math.abs(segment.programDateTime - end) > 30) holes += 1;
      end = segment.programDateTime + length;
    }
    const last = list.segments[list.segments.length - 1];
    if (last === undefined) continue;
    [msn, part] = last.uri === null ? [last.msn, last.parts.length] : [last.msn + 1, 0];
  }
  return { waits, holes, failures };
}

async function measure(config: string): Promise<Record<string, unknown>> {
  const server = await Server.start({ config });
  const publishers = [];
  try {
    const links: Link[] = [];
    for (let i = 0; i < kLessons; i += 1) {
      const lesson = await server.createLesson(`第${i + 1}节`);
      links.push(await server.link(lesson.id));
      publishers.push(publish(lesson.rtmp, ['-re', '-stream_loop', '-1', '-i', file, '-c', 'copy']));
    }
    for (const { token } of links) await server.becomes(token, 'live', 60_000);
    await waitFor(async () => (await Promise.all(links.map(({ hls }) => fetch(new URL('audio/media.m3u8', hls))))).every(({ ok }) => ok), { ms: 60_000, what: 'sound of all' });

    const until = performance.now() + kSeconds * 1000;
    const late = await server.metric('tongke_ladder_late_pictures_total');
    const [busy, all] = cpuTicks();
    let worst = 0;
    const viewers = links.flatMap(({ hls }) =>
      kSteps.map(async (step) => {
        while (performance.now() < until) {
          // An answer may be long in coming, or be that it cannot be had: both are what is measured here.
          await fetch(new URL(`${step}/media.m3u8`, hls), { signal: AbortSignal.timeout(10_000) }).catch(() => undefined);
          await new Promise((resolve) => setTimeout(resolve, kAskAgainMs));
        }
      }),
    );
    const answered: number[] = [];
    const office = [0, 1, 2, 3].map(async (first) => {
      for (let i = first; performance.now() < until; i += 1) {
        const asked = performance.now();
        const answer = await fetch(`${server.origin}/api/v1/watch/${links[i % links.length]?.token ?? ''}`);
        await answer.arrayBuffer();
        answered.push(performance.now() - asked);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    });
    const technician = (async () => {
      while (performance.now() < until) {
        worst = Math.max(worst, await server.metric('tongke_load_level'));
        await new Promise((resolve) => setTimeout(resolve, 500));
      }
    })();
    const heard = await Promise.all(links.map((link) => listen(link, until)));
    await Promise.all([...office, technician]);
    const [busyNow, allNow] = cpuTicks();
    const result = {
      cpu_percent: Math.round(((busyNow - busy) / (allNow - all)) * 100),
      late_pictures: (await server.metric('tongke_ladder_late_pictures_total')) - late,
      level: worst,
      api_ms: quantiles(answered),
      audio: {
        part_wait_ms: quantiles(heard.flatMap(({ waits }) => waits)),
        holes: heard.reduce((sum, { holes }) => sum + holes, 0),
        failures: heard.reduce((sum, { failures }) => sum + failures, 0),
      },
    };
    await Promise.all(viewers);
    return result;
  } finally {
    await Promise.all(publishers.map((one) => one.stop('SIGKILL')));
    await server.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), 'tongke-overload-'));
const file = join(folder, 'lesson.flv');
try {
  const made = await run('ffmpeg', ['-v', 'error', '-nostdin', ...pattern({ size: '1280x720', rate: 30, kilobits: 1500, duration: 20, paced: false }), file], 120_000);
  if (made.code !== 0) throw new Error(made.stderr);
  const starved = await measure('[load]\nenabled = false\n');
  const governed = await measure('[load]\nenabled = true\n');
  console.log(JSON.stringify({ lessons: kLessons, seconds: kSeconds, starved, governed }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
