import { afterEach, describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, pattern, publish } from '../support/media';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { waitFor } from '../support/wait';

// The child dies; the people stay.

const use = useServer();

const videoOf = async ({ link }: Class): Promise<string> => {
  const master = await waitFor(async () => {
    const response = await fetch(link.hls);
    return response.ok ? response.text() : null;
  });
  const lines = master.split('\n');
  return new URL(lines[lines.findIndex((line) => line.startsWith('#EXT-X-STREAM-INF:')) + 1] ?? '', link.hls).href;
};
const read = async (url: string): Promise<MediaPlaylist> => parseMediaPlaylist(await (await fetch(url)).text());
const length = (list: MediaPlaylist): number =>
  list.segments.reduce((sum, { duration, parts }) => sum + (Number.isNaN(duration) ? parts.reduce((all, part) => all + part.duration, 0) : duration), 0);

/** Presentation times of the replay's pictures, in seconds. */
async function pictures(hls: string): Promise<number[]> {
  const { code, stdout, stderr } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v:0', '-show_entries', 'packet=pts_time', '-of', 'csv=p=0', hls]);
  if (code !== 0) throw new Error(stderr);
  return stdout.split('\n').map(parseFloat).filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
}

// A child is found as the only one.
afterEach(() => use.endClasses());

describe('kill -9 of the pipeline child', () => {
  it.each(['rtmp', 'srt'] as const)('leaves publisher (%s), lesson and player connected, and media goes on within two seconds', async (protocol) => {
    const one = await use.newClass();
    const teacher = use.keep(publish(one.lesson[protocol]));
    await use.server.becomes(one.link.token, 'live');
    const video = await videoOf(one);
    await waitFor(async () => length(await read(video)) > 4, { ms: 15_000 });
    const [child] = use.server.children();
    expect(child).toBeDefined();
    const player = decodeErrors(one.link.hls, '-t', '10');
    const before = await read(video);
    process.kill(child ?? 0, 'SIGKILL');
    const killed = Date.now();
    await waitFor(async () => length(await read(video)) > length(before) + 1.5, { ms: 5000, every: 20, what: 'media after the crash' });
    // One and a half seconds of media within three of the crash: the gap was under two.
    expect(Date.now() - killed).toBeLessThan(3500);
    expect(teacher.end).toBeNull();
    expect(await use.server.state(one.link.token)).toBe('live');
    const after = await waitFor(() => use.server.children().find((pid) => pid !== child));
    expect(after).not.toBe(child);
    expect(await player).toBe('');
    // What was replayed was recognised: no picture is missing, none is there twice.
    await use.server.endLesson(one.lesson.id);
    // Of a playlist that has not ended, ffprobe would read the last seconds only.
    await waitFor(async () => (await read(video)).ended, { ms: 5000, what: 'the replay' });
    const times = await pictures(one.link.hls);
    const steps = times.slice(1).map((time, at) => time - (times[at] ?? 0));
    expect(times.length).toBeGreaterThan(150);
    expect(Math.min(...steps)).toBeGreaterThan(0.02);
    expect(Math.max(...steps)).toBeLessThan(0.08);
  });

  it('of a lesson of sound alone repeats nothing', async () => {
    const one = await use.newClass();
    const begun = Date.now();
    use.keep(publish(one.lesson.rtmp, pattern({ video: false })));
    await use.server.becomes(one.link.token, 'live');
    const sound = await videoOf(one);
    await waitFor(async () => length(await read(sound)) > 6, { ms: 15_000 });
    const before = length(await read(sound));
    process.kill(use.server.children()[0] ?? 0, 'SIGKILL');
    await waitFor(async () => length(await read(sound)) > before + 2, { ms: 10_000, what: 'sound after the crash' });
    expect(length(await read(sound))).toBeLessThan((Date.now() - begun) / 1000 + 0.5);
  });

  it('a blocked player is answered across the crash, not cut off', async () => {
    const one = await use.newClass();
    use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const video = await videoOf(one);
    const list = await waitFor(async () => {
      const now = await read(video);
      return length(now) > 3 ? now : null;
    }, { ms: 15_000 });
    const msn = list.mediaSequence + list.segments.length;
    process.kill(use.server.children()[0] ?? 0, 'SIGKILL');
    const response = await fetch(`${video}?_HLS_msn=${msn}`, { signal: AbortSignal.timeout(10_000) });
    expect(response.status).toBe(200);
    await response.text();
  });

  it('again and again: the lesson lives on, from the second crash in ten seconds on as pass-through only', async () => {
    const one = await use.newClass();
    const office = await use.server.link(one.lesson.id, 'office');
    const pipeline = async (): Promise<{ restarts: number; passthrough_only: boolean }> => {
      const response = await fetch(`${use.server.origin}/api/v1/lessons/${one.lesson.id}/stats?token=${office.token}`);
      return ((await response.json()) as { pipeline: { restarts: number; passthrough_only: boolean } }).pipeline;
    };
    const teacher = use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const video = await videoOf(one);
    const before = length(await read(video));
    await waitFor(async () => length(await read(video)) > before + 1, { ms: 15_000, what: 'media before the crashes' });
    const dead: number[] = [];
    for (let crash = 0; crash < 3; crash += 1) {
      expect((await pipeline()).passthrough_only, `after ${crash} crashes`).toBe(crash >= 2);
      const child = await waitFor(() => use.server.children().find((pid) => !dead.includes(pid)), { what: 'a child' });
      process.kill(child, 'SIGKILL');
      dead.push(child);
      await waitFor(async () => (await pipeline()).restarts > crash, { what: `restart after crash ${crash}` });
    }
    const after = length(await read(video));
    await waitFor(async () => length(await read(video)) > after + 2, { ms: 20_000, what: 'media after all' });
    expect((await pipeline()).passthrough_only).toBe(true);
    expect(teacher.end).toBeNull();
  });
});
