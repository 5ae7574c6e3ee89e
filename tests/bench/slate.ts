/* eslint-disable no-console */
import { readFileSync } from 'node:fs';

import { pattern, publish } from '../support/media';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import { Server } from '../support/server';
import { waitFor } from '../support/wait';

// `npm run slate`: how long after a teacher's line goes pupils have the slate, and how long after it is back they have the lesson: from
// the moment the publisher is killed (or stopped, its connection left open) to the first part after a discontinuity in the playlist,
// asked for every 10 ms; then what a minute of slate costs. Prints JSON.
//   [ROUNDS=5] [SECONDS=20]

const kRounds = Number(process.env['ROUNDS'] ?? 5);
const kSeconds = Number(process.env['SECONDS'] ?? 20);

const server = await Server.start();
const median = (of: readonly number[]): number => [...of].sort((a, b) => a - b)[Math.floor(of.length / 2)] ?? Number.NaN;
const figures = (of: readonly number[]) => ({ median: Math.round(median(of)), worst: Math.round(Math.max(...of)) });

/** Processor time of the server and its children so far, in seconds. */
function spent(): number {
  const ticks = [server.pid, ...server.children()].map((pid) => {
    const [user, system] = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ').slice(11, 13);
    return Number(user) + Number(system);
  });
  return ticks.reduce((sum, one) => sum + one, 0) / 100;
}

async function round(how: 'killed' | 'stopped'): Promise<{ slateMs: number; backMs: number }> {
  const lesson = await server.createLesson('断线');
  const link = await server.link(lesson.id);
  const list = async (): Promise<MediaPlaylist> => parseMediaPlaylist(await (await fetch(new URL('src/media.m3u8', link.hls))).text());
  const breaks = async (): Promise<number> => (await list()).segments.filter(({ discontinuity }) => discontinuity).length;
  const first = publish(lesson.rtmp, pattern({ size: '1280x720', rate: 30, kilobits: 1000 }));
  await waitFor(async () => (await fetch(new URL('src/media.m3u8', link.hls))).ok && (await list()).segments.length > 2, { ms: 30_000, what: 'the lesson' });
  const gone = Date.now();
  first.child.kill(how === 'killed' ? 'SIGKILL' : 'SIGSTOP');
  await waitFor(async () => (await breaks()) === 1, { ms: 20_000, every: 10, what: 'the slate' });
  const slateMs = Date.now() - gone;
  await waitFor(async () => Date.now() - gone > 5000, { ms: 10_000, what: 'five seconds' });
  const back = Date.now();
  const second = how === 'killed' ? publish(lesson.rtmp, pattern({ size: '1280x720', rate: 30, kilobits: 1000 })) : first;
  if (how === 'stopped') first.child.kill('SIGCONT');
  await waitFor(async () => (await breaks()) === 2, { ms: 20_000, every: 10, what: 'the lesson again' });
  const backMs = Date.now() - back;
  await second.stop('SIGKILL');
  await server.endLesson(lesson.id);
  return { slateMs, backMs };
}

try {
  const result: Record<string, unknown> = { rounds: kRounds };
  for (const how of ['killed', 'stopped'] as const) {
    const all = [];
    for (let i = 0; i < kRounds; i += 1) all.push(await round(how));
    result[how] = { slate_ms: figures(all.map(({ slateMs }) => slateMs)), back_ms: figures(all.map(({ backMs }) => backMs)) };
  }
  const lesson = await server.createLesson('断线');
  const link = await server.link(lesson.id);
  const teacher = publish(lesson.rtmp, pattern({ size: '1280x720', rate: 30, kilobits: 1000 }));
  await server.becomes(link.token, 'live', 30_000);
  await teacher.stop('SIGKILL');
  await server.becomes(link.token, 'interrupted', 30_000);
  const before = { cpu: spent(), at: Date.now() };
  await waitFor(async () => Date.now() - before.at > kSeconds * 1000, { ms: kSeconds * 2000, what: 'the time to measure' });
  result['slate_cores'] = Number(((spent() - before.cpu) / ((Date.now() - before.at) / 1000)).toFixed(4));
  console.log(JSON.stringify(result));
} finally {
  await server.close();
}
