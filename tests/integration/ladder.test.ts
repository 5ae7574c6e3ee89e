import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, pattern, publish } from '../support/media';
import { attributes, type MediaPlaylist, mediaPlaylistProblems, parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { waitFor } from '../support/wait';

// The ladder as players meet it, and what ffprobe thinks of it.

const use = useServer();
const folder = mkdtempSync(join(tmpdir(), 'tongke-ladder-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kSteps = ['480p', '360p', '240p'] as const;
const kProfile: Record<string, string> = { '480p': 'Main', '360p': 'Constrained Baseline', '240p': 'Constrained Baseline' };
/** No test depends on a machine's speed; they say so where it would. */
const kSlow = 20_000;

async function live(size = '854x480'): Promise<Class> {
  const one = await use.newClass();
  use.keep(publish(one.lesson.rtmp, pattern({ size, rate: 30, kilobits: 1500 })));
  await use.server.becomes(one.link.token, 'live');
  return one;
}

const master = async ({ link }: Class): Promise<string> =>
  waitFor(async () => {
    const response = await fetch(link.hls);
    return response.ok ? response.text() : null;
  }, { ms: 10_000, what: 'master playlist' });

async function read({ link }: Class, rendition: string, directives = ''): Promise<{ status: number; text: string; list: MediaPlaylist }> {
  const response = await fetch(new URL(`${rendition}/media.m3u8${directives}`, link.hls));
  const text = await response.text();
  return { status: response.status, text, list: response.ok ? parseMediaPlaylist(text) : parseMediaPlaylist('#EXTM3U') };
}

/** Whole segments that are there, one after the other to the newest. */
const whole = (list: MediaPlaylist) => list.segments.filter(({ uri, gap }) => uri !== null && !gap);

async function bytes({ link }: Class, rendition: string, file: string): Promise<Uint8Array> {
  const response = await fetch(new URL(`${rendition}/${file}`, link.hls));
  expect(response.status).toBe(200);
  return new Uint8Array(await response.arrayBuffer());
}

/** The child's threads: pictures are made on one of their own. */
const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;

// A child is found as the only one.
afterEach(() => use.endClasses());

describe('ladder', () => {
  it('is offered and not made; whoever asks for a step gets it, in step with the source', async () => {
    const one = await live();
    const text = await master(one);
    const variants = [...text.matchAll(/#EXT-X-STREAM-INF:(.*)\n(\S+)\/media.m3u8/g)].map(([, list = '', id = '']) => ({ id, of: attributes(list) }));
    expect(variants.map(({ id }) => id)).toEqual(['src', ...kSteps, 'audio']);
    const [child] = use.server.children();
    const before = threads(child ?? 0);
    await waitFor(async () => whole((await read(one, 'src')).list).length >= 4, { ms: kSlow, what: 'a lesson of eight seconds' });
    expect(threads(child ?? 0)).toBe(before);

    for (const step of kSteps) {
      const asked = performance.now();
      const { status, text: playlist, list } = await read(one, step);
      expect(status).toBe(200);
      console.log(`${step}: ${Math.round(performance.now() - asked)} ms to its playlist`);
      expect(mediaPlaylistProblems(playlist, { video: true })).toEqual([]);
      // Numbered as the source is, from where a player may be.
      const source = (await read(one, 'src')).list;
      for (const segment of whole(list)) {
        const same = source.segments.find(({ msn }) => msn === segment.msn);
        expect(segment.programDateTime).toBe(same?.programDateTime);
      }
      expect(list.mediaSequence).toBe(source.mediaSequence);
    }
    expect(threads(child ?? 0)).toBe(before + 1);

    // Twelve seconds later: what an independent reader makes of it.
    await waitFor(async () => whole((await read(one, '480p')).list).length >= 7, { ms: 2 * kSlow, every: 500, what: 'segments of 480p' });
    const declared = new Map(variants.map(({ id, of }) => [id, Number(of.get('BANDWIDTH'))]));
    const audio = whole((await read(one, 'audio')).list).slice(-5);
    let audioBytes = 0;
    for (const { uri } of audio) audioBytes += (await bytes(one, 'audio', uri ?? '')).length;
    const seconds = audio.reduce((sum, { duration }) => sum + duration, 0);
    for (const step of kSteps) {
      const segments = whole((await read(one, step)).list).slice(-5);
      const pieces = [await bytes(one, step, segments[0]?.map ?? '')];
      for (const { uri } of segments) pieces.push(await bytes(one, step, uri ?? ''));
      const rate = (pieces.slice(1).reduce((sum, piece) => sum + piece.length, audioBytes) * 8) / seconds;
      console.log(`${step} with sound: ${Math.round(rate / 1000)} kbit/s of ${(declared.get(step) ?? 0) / 1000}`);
      expect(rate).toBeLessThanOrEqual(declared.get(step) ?? 0);
      const file = join(folder, `${step}.mp4`);
      writeFileSync(file, Buffer.concat(pieces));
      expect(await decodeErrors(file)).toBe('');
      const { stdout } = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'stream=profile,has_b_frames,height', '-of', 'csv=p=0', file]);
      expect(stdout.trim()).toBe(`${kProfile[step]},${step.slice(0, -1)},0`);
      const packets = await run('ffprobe', ['-v', 'error', '-select_streams', 'v', '-show_entries', 'packet=pts_time,flags', '-of', 'csv=p=0', file]);
      const keys = packets.stdout.split('\n').filter((line) => line.includes('K')).map(parseFloat);
      expect(keys.length).toBe(segments.length);
      const [first = 0] = keys;
      const [begin] = segments;
      keys.forEach((at, i) => {
        const offset = ((segments[i]?.programDateTime ?? 0) - (begin?.programDateTime ?? 0)) / 1000;
        expect(Math.abs(at - first - offset)).toBeLessThan(0.005);
      });
    }
  }, 120_000);

  it('comes back after a crash of the child, with the same numbers', async () => {
    const one = await live('640x360');
    expect((await read(one, '240p')).status).toBe(200);
    const before = (await read(one, '240p')).list;
    process.kill(use.server.children()[0] ?? 0, 'SIGKILL');
    const last = before.mediaSequence + before.segments.length;
    const after = await waitFor(async () => {
      const { status, list } = await read(one, '240p');
      return status === 200 && list.mediaSequence + list.segments.length >= last + 3 ? list : null;
    }, { ms: 2 * kSlow, every: 200, what: '240p after the crash' });
    expect(whole(after).some(({ discontinuity }) => discontinuity)).toBe(false);
    const source = (await read(one, 'src')).list;
    for (const segment of whole(after)) {
      expect(segment.programDateTime).toBe(source.segments.find(({ msn }) => msn === segment.msn)?.programDateTime);
    }
  }, 90_000);

  it('never makes a picture larger, and a step there is not is refused so that players take another', async () => {
    const one = await live('320x240');
    expect(await master(one)).not.toMatch(/480p|360p/);
    expect((await read(one, '480p')).status).toBe(404);
    expect((await read(one, '240p')).status).toBe(200);
  });

  it('is not in the replay: what was made for somebody only is not the lesson', async () => {
    const one = await live('640x360');
    // Longer than what is made after the fact for whoever asks late.
    await waitFor(async () => whole((await read(one, 'src')).list).length >= 7, { ms: 2 * kSlow, what: 'a lesson of fourteen seconds' });
    expect((await read(one, '360p')).status).toBe(200);
    await use.server.tongke('lesson', 'end', one.lesson.id);
    const text = await waitFor(async () => {
      return /ENDLIST/.test((await read(one, 'src')).text) ? await master(one) : null;
    }, { ms: 10_000 });
    expect(text).not.toMatch(/360p|240p/);
    // Who was watching it sees it to its end.
    expect((await read(one, '360p')).text).toMatch(/#EXT-X-ENDLIST/);
  }, 90_000);
});

describe('MPEG-TS for old players', () => {
  it('plays live and as a replay, made of the same segments', async () => {
    const one = await live('640x360');
    const list = new URL('compat.m3u8', one.link.hls).href;
    const text = await waitFor(async () => {
      const response = await fetch(list);
      const body = response.ok ? await response.text() : '';
      return body.split('#EXTINF').length > 3 ? body : null;
    }, { ms: 2 * kSlow, every: 300, what: 'three stretches' });
    expect(text).toMatch(/^#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:5\n/);
    expect(await decodeErrors(list, '-t', '8')).toBe('');
    const stretch = new URL(/compat\/\d+\.ts/.exec(text)?.[0] ?? '', list);
    const first = new Uint8Array(await (await fetch(stretch)).arrayBuffer());
    expect(first[0]).toBe(0x47);
    expect(first.length % 188).toBe(0);
    await use.server.endLesson(one.lesson.id);
    await waitFor(async () => /ENDLIST/.test(await (await fetch(list)).text()), { ms: 10_000 });
    // Early stretches come from the recording by now, or from what was made before.
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_entries', 'stream=codec_name', '-of', 'csv=p=0', list]);
    expect(stdout).toMatch(/h264/);
    expect(stdout).toMatch(/aac/);
  }, 90_000);
});
