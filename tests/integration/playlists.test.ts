import { describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, publish } from '../support/media';
import { attributes, type MediaPlaylist, mediaPlaylistProblems, parseMediaPlaylist, reloadProblems } from '../support/playlist';
import { waitFor } from '../support/wait';

// What players are given, by the letter of RFC 8216bis.

const use = useServer();

interface Stream {
  readonly video: string;
  readonly audio: string;
}

async function live(): Promise<Class & Stream> {
  const one = await use.newClass();
  use.keep(publish(one.lesson.rtmp));
  await use.server.becomes(one.link.token, 'live');
  const text = await waitFor(async () => {
    const response = await fetch(one.link.hls);
    return response.ok ? response.text() : null;
  }, { ms: 10_000, what: 'master playlist' });
  const lines = text.split('\n');
  const at = (uri: string): string => new URL(uri, one.link.hls).href;
  const variant = lines[lines.findIndex((line) => line.startsWith('#EXT-X-STREAM-INF:')) + 1] ?? '';
  const media = lines.find((line) => line.startsWith('#EXT-X-MEDIA:')) ?? '';
  return { ...one, video: at(variant), audio: at(attributes(media.slice(media.indexOf(':') + 1)).get('URI') ?? '') };
}

async function playlist(url: string, directives = ''): Promise<{ status: number; text: string; list: MediaPlaylist }> {
  const response = await fetch(`${url}${directives}`);
  const text = await response.text();
  return { status: response.status, text, list: response.ok ? parseMediaPlaylist(text) : parseMediaPlaylist('#EXTM3U') };
}

const lastMsn = (list: MediaPlaylist): number => list.mediaSequence + list.skipped + list.segments.length - 1;

describe('master playlist', () => {
  it('names codecs, size, rate and the separate audio of every variant', async () => {
    const { link, audio, video } = await live();
    const text = await (await fetch(link.hls)).text();
    const variants = [...text.matchAll(/#EXT-X-STREAM-INF:(.*)/g)].map(([, list = '']) => attributes(list));
    expect(variants.length).toBeGreaterThan(0);
    for (const variant of variants) {
      expect(Number(variant.get('BANDWIDTH'))).toBeGreaterThan(10_000);
      expect(variant.get('CODECS')).toMatch(/mp4a\.40\.2/);
    }
    const pictures = variants.filter((variant) => /avc1\.[0-9a-f]{6}/i.test(variant.get('CODECS') ?? ''));
    expect(pictures.length).toBeGreaterThan(0);
    pictures.forEach((variant) => {
      expect(['640x360', '426x240']).toContain(variant.get('RESOLUTION'));
      expect(variant.get('AUDIO')).toBeTruthy();
    });
    expect(audio).toMatch(/\/(src-)?audio\/media\.m3u8$/);
    // Not in the master: only a media playlist can vouch for its own segments.
    expect((await playlist(video)).text).toMatch(/#EXT-X-INDEPENDENT-SEGMENTS/);
  });
});

describe('media playlists', () => {
  it('keep the rules over many blocking reloads, and what was said stays said', async () => {
    const { video, audio } = await live();
    for (const [url, isVideo] of [[video, true], [audio, false]] as const) {
      let before = (await playlist(url)).list;
      let hinted: string | null = null;
      for (let reload = 0; reload < 25; reload += 1) {
        const growing = before.segments[before.segments.length - 1];
        const isGrowing = growing !== undefined && growing.uri === null;
        const msn = isGrowing ? lastMsn(before) : lastMsn(before) + 1;
        const part = isGrowing ? growing.parts.length : 0;
        const asked = performance.now();
        const { status, text, list } = await playlist(url, `?_HLS_msn=${msn}&_HLS_part=${part}`);
        expect(status).toBe(200);
        expect(performance.now() - asked).toBeLessThan(1500);
        expect(mediaPlaylistProblems(text, { video: isVideo })).toEqual([]);
        expect(reloadProblems(before, list)).toEqual([]);
        const uris = list.segments.flatMap(({ parts }) => parts.map(({ uri }) => uri));
        if (hinted !== null) expect(uris).toContain(hinted);
        hinted = list.hint?.get('URI') ?? null;
        before = list;
      }
      expect(before.reports.length).toBeGreaterThan(0);
      before.reports.forEach((report) => expect(Number(report.get('LAST-MSN'))).toBeGreaterThanOrEqual(lastMsn(before) - 1));
    }
  });

  it('a hinted part is answered the moment it exists, whole', async () => {
    const { video } = await live();
    const { list } = await playlist(video);
    const uri = list.hint?.get('URI') ?? '';
    const response = await fetch(new URL(uri, video));
    expect(response.status).toBe(200);
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(['styp', 'moof', 'sidx', 'prft', 'emsg']).toContain(bytes.toString('latin1', 4, 8));
  });

  it('a delta update says the same in less', async () => {
    const { video } = await live();
    const { list: first } = await playlist(video);
    const until = Number(first.control.get('CAN-SKIP-UNTIL'));
    expect(until).toBeGreaterThan(0);
    const long = await waitFor(async () => {
      const { list } = await playlist(video);
      return list.segments.reduce((sum, { duration }) => sum + (duration || 0), 0) > until + 3 * list.targetDuration ? list : null;
    }, { ms: 60_000, every: 500, what: 'a playlist long enough to skip' });
    const { text, list: delta } = await playlist(video, '?_HLS_skip=YES');
    expect(delta.skipped).toBeGreaterThan(0);
    expect(mediaPlaylistProblems(text, { video: true })).toEqual([]);
    expect(reloadProblems(long, delta)).toEqual([]);
    expect(lastMsn(delta)).toBeGreaterThanOrEqual(lastMsn(long));
  });

  it.each([
    ['a segment far ahead', (msn: number) => `?_HLS_msn=${msn + 10}`, 400],
    ['a part without its segment', () => '?_HLS_part=1', 400],
    ['words instead of numbers', () => '?_HLS_msn=soon', 400],
    ['negative numbers', () => '?_HLS_msn=-1', 400],
  ])('refuse %s', async (_, directives, expected) => {
    const { video } = await live();
    const { list } = await playlist(video);
    expect((await playlist(video, directives(lastMsn(list)))).status).toBe(expected);
  });

  it('a part of a segment already done is answered at once', async () => {
    const { video } = await live();
    const { list } = await waitFor(async () => {
      const got = await playlist(video);
      return got.list.segments.length > 2 ? got : null;
    }, { ms: 15_000 });
    const begin = performance.now();
    expect((await playlist(video, `?_HLS_msn=${list.mediaSequence}&_HLS_part=0`)).status).toBe(200);
    expect(performance.now() - begin).toBeLessThan(150);
  });
});

describe('around the playlists', () => {
  it('headers: types, caching, CORS, compression', async () => {
    const { video, link } = await live();
    const list = await fetch(video, { headers: { 'accept-encoding': 'gzip', origin: 'https://elsewhere.example' } });
    expect(list.headers.get('content-type')).toMatch(/mpegurl/i);
    expect(list.headers.get('content-encoding')).toBe('gzip');
    expect(list.headers.get('access-control-allow-origin')).toBe('*');
    expect(list.headers.get('cache-control')).toMatch(/no-cache|no-store|max-age=[0-2]\b/);
    const { segments } = parseMediaPlaylist(await list.text());
    const init = segments[0]?.map ?? '';
    const segment = await waitFor(async () => parseMediaPlaylist(await (await fetch(video)).text()).segments.find(({ uri }) => uri !== null)?.uri, { ms: 10_000 });
    for (const uri of [init, segment]) {
      const response = await fetch(new URL(uri, video));
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^(video|audio|application)\/(mp4|iso\.segment)/);
      expect(response.headers.get('cache-control')).toMatch(/max-age=\d{2,}/);
      const head = await fetch(new URL(uri, video), { method: 'HEAD' });
      expect(head.headers.get('content-length')).toBe(String((await response.arrayBuffer()).byteLength));
    }
    expect((await fetch(link.hls.replace(link.token, 'not-a-token'))).status).toBe(404);
    expect((await fetch(new URL('nothing.m4s', video))).status).toBe(404);
  });

  it('ffmpeg decodes the stream without a complaint', async () => {
    const { link, video } = await live();
    // It knows no parts: to it a lesson begins with its first whole segment.
    await waitFor(async () => (await playlist(video)).list.segments.filter((one) => one.duration).length > 2, { ms: 20_000, every: 200, what: 'whole segments' });
    expect(await decodeErrors(link.hls, '-t', '6')).toBe('');
  });
});
