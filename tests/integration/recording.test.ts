import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, ffprobe, pattern, publish } from '../support/media';
import type { Running } from '../support/process';
import { Server } from '../support/server';
import { parseMediaPlaylist } from '../support/playlist';
import { waitFor } from '../support/wait';

// The parts are the recording: rewind, replay, download, and what survives a kill.

async function text(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.text();
}
/** Of what is recorded; what is made for those who ask is not. */
async function playlists(hls: string): Promise<string[]> {
  const master = await text(hls);
  const lines = master.split('\n');
  const variants = lines.filter((_, at) => lines[at - 1]?.startsWith('#EXT-X-STREAM-INF:'));
  const audio = [...master.matchAll(/#EXT-X-MEDIA:.*URI="([^"]+)"/g)].map((match) => match[1] ?? '');
  return [...new Set([...variants, ...audio])].filter((uri) => !/^\d+p\//.test(uri)).map((uri) => new URL(uri, hls).href);
}
const seconds = (list: string): number => parseMediaPlaylist(list).segments.reduce((sum, { duration }) => sum + (duration || 0), 0);
async function download(server: Server, { lesson }: Class, name: string): Promise<string> {
  const link = await server.link(lesson.id, 'lead');
  const response = await waitFor(async () => {
    const got = await fetch(`${server.origin}/api/v1/lessons/${lesson.id}/recording.${name}?token=${link.token}`);
    return got.status === 200 ? got : null;
  }, { ms: 30_000, every: 300, what: `recording.${name}` });
  const path = join(server.data, `${lesson.id}.${name}`);
  writeFileSync(path, Buffer.from(await response.arrayBuffer()));
  return path;
}

describe('a recorded lesson', () => {
  const use = useServer();

  it('replays at the same address the second it ends, from the start, every segment', async () => {
    const one = await use.newClass();
    use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const [video = '', audio = ''] = await waitFor(async () => {
      const found = await playlists(one.link.hls);
      return found.length >= 2 ? found : null;
    }, { ms: 10_000 });
    await waitFor(async () => seconds(await text(video)) >= 8, { ms: 20_000, every: 200, what: 'eight seconds' });
    await use.server.endLesson(one.lesson.id);
    const ended = Date.now();
    const list = await waitFor(async () => {
      const now = await text(video);
      return now.includes('#EXT-X-ENDLIST') ? now : null;
    }, { ms: 3000, what: 'the end in the playlist' });
    expect(Date.now() - ended).toBeLessThan(1500);
    expect(parseMediaPlaylist(list).mediaSequence).toBe(0);
    expect(Math.abs(seconds(list) - seconds(await text(audio)))).toBeLessThan(0.5);
    expect(await decodeErrors(one.link.hls)).toBe('');
    expect(await use.server.state(one.link.token)).toBe('ended');
  });

  it('rewinds while live: the first segment is still there, in the playlist and by its name', async () => {
    const one = await use.newClass();
    use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const [video = ''] = await waitFor(() => playlists(one.link.hls), { ms: 10_000 });
    await waitFor(async () => seconds(await text(video)) >= 20, { ms: 40_000, every: 500, what: 'twenty seconds' });
    const list = parseMediaPlaylist(await text(video));
    expect(list.mediaSequence).toBe(0);
    const first = await fetch(new URL(list.segments[0]?.uri ?? '', video));
    expect(first.status).toBe(200);
    expect((await first.arrayBuffer()).byteLength).toBeGreaterThan(1000);
  });

  it('downloads as MP4 with both tracks, quick to start and exactly as long; as M4A too', async () => {
    const one = await use.newClass();
    use.keep(publish(one.lesson.rtmp, pattern({ duration: 10 })));
    await use.server.becomes(one.link.token, 'live');
    await use.server.becomes(one.link.token, 'interrupted', 30_000);
    await use.server.endLesson(one.lesson.id);
    const mp4 = await download(use.server, one, 'mp4');
    const { streams, format } = await ffprobe(mp4);
    expect(streams.map(({ codec_type }) => codec_type).sort()).toEqual(['audio', 'video']);
    expect(Math.abs(Number(format.duration) - 10)).toBeLessThan(0.3);
    const [a, b] = streams.map(({ duration }) => Number(duration));
    expect(Math.abs((a ?? 0) - (b ?? 0))).toBeLessThan(0.2);
    expect(await decodeErrors(mp4)).toBe('');
    const trace = await ffprobe(mp4, '-show_packets', '-read_intervals', '%+#1');
    expect(trace.streams.length).toBe(2);
    const m4a = await download(use.server, one, 'm4a');
    expect((await ffprobe(m4a)).streams.map(({ codec_name }) => codec_name)).toEqual(['aac']);
  });

  it('is one recording with a gap when the teacher drops out and comes back', async () => {
    const one = await use.newClass();
    const first = use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const [video = ''] = await waitFor(() => playlists(one.link.hls), { ms: 10_000 });
    await waitFor(async () => seconds(await text(video)) >= 4, { ms: 20_000, every: 200 });
    await first.stop('SIGKILL');
    await use.server.becomes(one.link.token, 'interrupted');
    use.keep(publish(one.lesson.srt));
    await use.server.becomes(one.link.token, 'live');
    await waitFor(async () => {
      const { segments } = parseMediaPlaylist(await text(video));
      const [slate = Infinity, back = Infinity] = segments.flatMap(({ discontinuity }, at) => (discontinuity ? [at] : []));
      return slate > 0 && segments.length > back + 2;
    }, { ms: 20_000, every: 200, what: 'segments after the slate' });
    await use.server.endLesson(one.lesson.id);
    const mp4 = await download(use.server, one, 'mp4');
    expect(Number((await ffprobe(mp4)).format.duration)).toBeGreaterThan(7);
  });

  it('is nobody’s without a link, and a pupil gets the replay, not the file', async () => {
    const one = await use.newClass();
    use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const file = `${use.server.origin}/api/v1/lessons/${one.lesson.id}/recording.mp4`;
    expect([401, 403, 404]).toContain((await fetch(file)).status);
    expect([401, 403, 404]).toContain((await fetch(`${file}?token=${one.link.token}`)).status);
    const other = await use.newClass();
    const lead = await use.server.link(other.lesson.id, 'lead');
    expect([401, 403, 404]).toContain((await fetch(`${file}?token=${lead.token}`)).status);
  });
});

describe('a disk that fills up in mid-lesson', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tongke-small-'));
  // Only root may mount; CI and the fresh machine are root.
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tongke-test', folder]).status === 0;
  const filler = join(folder, 'filler');
  let server: Server | null = null;
  let teacher: Running | null = null;
  afterAll(async () => {
    await teacher?.stop();
    if (server !== null && server.process.end === null) await server.stop();
    if (mounted) spawnSync('umount', [folder]);
    rmSync(folder, { recursive: true, force: true });
  });

  it.skipIf(!mounted)('costs recording only: live goes on, the office is told, and what was written plays', async () => {
    const up = await Server.start({ data: folder, config: '[record]\nmin_free = "1MB"\n' });
    server = up;
    const lesson = await up.createLesson('磁盘满了');
    const link = await up.link(lesson.id);
    const office = await up.link(lesson.id, 'office');
    const trouble = async (): Promise<string | null> => {
      const response = await fetch(`${up.origin}/api/v1/lessons/${lesson.id}/stats?token=${office.token}`);
      return ((await response.json()) as { recording: { trouble: string | null } }).recording.trouble;
    };
    teacher = publish(lesson.rtmp);
    await up.becomes(link.token, 'live');
    const [video = ''] = await waitFor(() => playlists(link.hls), { ms: 10_000 });
    await waitFor(async () => seconds(await text(video)) >= 6, { ms: 20_000, what: 'six recorded seconds' });
    expect(await trouble()).toBeNull();
    spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=64k']); // until no space is left
    await waitFor(async () => (await trouble()) !== null, { ms: 15_000, what: 'the office is told' });
    const told = seconds(await text(video));
    await waitFor(async () => seconds(await text(video)) > told + 6, { ms: 20_000, what: 'live goes on' });
    expect(await decodeErrors(link.hls, '-t', '3')).toBe('');
    expect(teacher.end).toBeNull();
    rmSync(filler);
    await waitFor(async () => (await trouble()) === null, { ms: 90_000, every: 500, what: 'recording again once there is room' });
    await up.endLesson(lesson.id);
    await waitFor(async () => (await text(video)).includes('#EXT-X-ENDLIST'), { what: 'the replay' });
    expect(seconds(await text(video))).toBeGreaterThanOrEqual(6);
    expect(await decodeErrors(link.hls)).toBe('');
  }, 180_000);
});

describe('kill -9 of the whole server', () => {
  const kRounds = Number(process.env['KILLS'] ?? 5);
  let server: Server | null = null;
  let teacher: Running | null = null;
  afterEach(async () => {
    await teacher?.stop();
    teacher = null;
  });
  afterAll(async () => {
    await server?.close();
  });

  it(`at ${kRounds} random moments: at most a second is lost, and the lesson goes on in the same recording`, async () => {
    server = await Server.start();
    const up: Server = server;
    const lesson = await up.createLesson('断电');
    const link = await up.link(lesson.id);
    let before = 0;
    for (let round = 0; round < kRounds; round += 1) {
      teacher = publish(lesson.rtmp);
      await up.becomes(link.token, 'live');
      const [video = ''] = await waitFor(() => playlists(link.hls), { ms: 10_000 });
      const goal = before + 2 + Math.random() * 4;
      const said = await waitFor(async () => {
        const list = parseMediaPlaylist(await text(video));
        const all = list.segments.reduce((sum, { duration, parts }) => sum + (duration || parts.reduce((some, part) => some + part.duration, 0)), 0);
        return all >= goal ? all : null;
      }, { ms: 30_000, what: 'more of the lesson' });
      await up.kill();
      await teacher.stop();
      await up.up();
      const salvaged = await waitFor(async () => {
        const list = parseMediaPlaylist(await text(video));
        return list.segments.reduce((sum, { duration, parts }) => sum + (duration || parts.reduce((some, part) => some + part.duration, 0)), 0);
      }, { ms: 10_000, what: 'the salvaged recording' });
      expect(salvaged, `round ${round}`).toBeGreaterThanOrEqual(said - 1);
      before = salvaged;
    }
    await up.endLesson(lesson.id);
    expect(await decodeErrors(link.hls)).toBe('');
  }, 60_000 + kRounds * 30_000);
});
