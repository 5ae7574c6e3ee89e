import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, ffprobe, publish } from '../support/media';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { waitFor } from '../support/wait';

// A teacher's line goes and comes back, and her page sends what she said meanwhile: it is in the recording, in its gap and nowhere
// else. She says 440 Hz live and 1 kHz while nobody hears her.

const use = useServer();
const folder = mkdtempSync(join(tmpdir(), 'tongke-backfill-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Gap {
  readonly start: number;
  readonly duration: number;
  readonly sound: number;
}
interface Recording {
  readonly started_at: number;
  readonly duration: number;
  readonly gaps: readonly Gap[];
}

/** What a browser's MediaRecorder makes. */
async function kept(seconds: number, kind: 'webm' | 'mp4' = 'webm'): Promise<Buffer> {
  const path = join(folder, `${seconds}.${kind}`);
  const codec = kind === 'webm' ? ['-c:a', 'libopus', '-b:a', '32k'] : ['-c:a', 'aac', '-movflags', 'frag_keyframe+empty_moov'];
  const { code, stderr } = await run('ffmpeg', ['-hide_banner', '-y', '-f', 'lavfi', '-i', `sine=frequency=1000:sample_rate=48000:duration=${seconds},volume=4`, ...codec, path]);
  if (code !== 0) throw new Error(stderr);
  return readFileSync(path);
}

/** Mean loudness in dB around a pitch, between two times. */
async function loudness(source: string, hertz: number, from: number, to: number): Promise<number> {
  // Cut by the filter: seeking in a file goes by its samples' neighbours.
  const filter = `atrim=${from}:${to},${Array(3).fill(`bandpass=f=${hertz}:width_type=h:w=100`).join()},volumedetect`;
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', source, '-vn', '-af', filter, '-f', 'null', '-'], 60_000);
  const found = /mean_volume: (-?[\d.]+|-inf) dB/.exec(stderr);
  if (!found?.[1]) throw new Error(stderr);
  return found[1] === '-inf' ? -120 : Number(found[1]);
}

const playlist = async ({ link }: Class, rendition: string): Promise<MediaPlaylist> => parseMediaPlaylist(await (await fetch(new URL(`${rendition}/media.m3u8`, link.hls))).text());
/** Waits for so many whole segments more, of two seconds each. */
const grows = async (one: Class, more: number): Promise<void> => {
  const newest = async (): Promise<number> => Math.max(-1, ...(await playlist(one, 'src')).segments.filter(({ uri }) => uri !== null).map(({ msn }) => msn));
  const before = await newest();
  await waitFor(async () => (await newest()) >= before + more, { ms: 40_000, what: `${more} segments more` });
};

describe('sound that was kept while the line was down', () => {
  let one: Class;
  let lead: string;
  let gap: Gap;
  let recording: Recording;

  const path = (): string => `${use.server.origin}/api/v1/lessons/${one.lesson.id}/recording`;
  const recorded = async (): Promise<Recording> => (await (await fetch(`${path()}?token=${lead}`)).json()) as Recording;
  /** @param from  media time of the first piece; the others follow */
  const send = async (pieces: readonly Buffer[], lengths: readonly number[], from: number, { link = lead, type = 'audio/webm;codecs=opus', sizes = pieces.map(({ length }) => length) } = {}): Promise<Response> => {
    const begins = lengths.map((_, i) => from + lengths.slice(0, i).reduce((sum, each) => sum + each, 0));
    const end = from + lengths.reduce((sum, each) => sum + each, 0);
    const now = Date.now();
    const age = (at: number): number => Math.max(0, Math.round(now - recording.started_at - at * 1000));
    const query = `ages=${begins.map(age).join(',')}&sizes=${sizes.join(',')}&until=${age(end)}`;
    return fetch(`${use.server.origin}/api/v1/studio/${link}/backfill?${query}`, { method: 'POST', headers: { 'content-type': type }, body: Buffer.concat(pieces) });
  };
  const code = async (answer: Response): Promise<string> => `${answer.status} ${((await answer.json()) as { error: { code: string; field?: string } }).error.field ?? ''}`.trim();

  beforeAll(async () => {
    one = await use.newClass('四年级语文：掉线');
    lead = (await use.server.link(one.lesson.id, 'lead')).token;
    const teacher = publish(one.lesson.rtmp);
    await use.server.becomes(one.link.token, 'live');
    await grows(one, 3);
    await teacher.stop('SIGKILL');
    await use.server.becomes(one.link.token, 'interrupted');
    await grows(one, 5);
    const again = publish(one.lesson.rtmp);
    await use.server.becomes(one.link.token, 'live');
    await grows(one, 3);
    recording = await recorded();
    gap = recording.gaps[0] ?? { start: 0, duration: 0, sound: 0 };
    return async () => void (await again.stop());
  }, 120_000);

  it('is refused without ado when it is nobody’s, no sound or badly described', async () => {
    expect(recording.gaps).toHaveLength(1);
    expect(gap.duration).toBeGreaterThan(8);
    expect(gap.sound).toBe(0);
    const piece = await kept(2);
    expect((await send([piece], [2], gap.start, { link: one.link.token })).status).toBe(404);
    expect(await code(await send([piece], [2], gap.start, { type: 'text/html' }))).toBe('400 Content-Type');
    expect(await code(await send([piece], [2], gap.start, { sizes: [5] }))).toBe('400 sizes');
    expect(await code(await send([piece], [2], -1000))).toBe('400 ages');
    expect(await code(await send([Buffer.alloc(5000, 'x')], [2], gap.start))).toBe('400');
    expect(await code(await send([piece], [2], gap.start, { type: 'audio/mp4' }))).toBe('400');
    expect(await (await send([piece], [2], gap.start - 3)).json()).toEqual({ seconds: 0 });
    expect((await recorded()).gaps[0]?.sound).toBe(0);
  });

  it('is heard in the gap, and only there, of replay and downloads', async () => {
    const first = 5;
    const rest = Math.ceil(gap.duration) - 1;
    const answer = await send([await kept(first), await kept(rest)], [first, rest], gap.start - 2);
    expect(answer.status).toBe(200);
    const filled = ((await answer.json()) as { seconds: number }).seconds;
    expect(filled).toBeGreaterThan(gap.duration - 0.1);
    expect(filled).toBeLessThan(gap.duration + 0.1);
    expect((await recorded()).gaps[0]?.sound).toBeCloseTo(filled, 3);
    // Once is enough.
    expect(await (await send([await kept(first)], [first], gap.start)).json()).toEqual({ seconds: 0 });

    await use.server.endLesson(one.lesson.id);
    const { start, duration } = gap;
    const from = start + 0.3;
    const to = start + duration - 0.3;
    for (const kind of ['mp4', 'm4a']) {
      const url = `${path()}.${kind}?token=${lead}`;
      await waitFor(async () => {
        const made = await fetch(url);
        await made.body?.cancel();
        return made.status === 200;
      }, { ms: 30_000, every: 300, what: kind });
      // All along, so no second of it is silent: quarter by quarter.
      for (const quarter of [0, 1, 2, 3]) {
        const at = from + ((to - from) * quarter) / 4;
        expect(await loudness(url, 1000, at, at + (to - from) / 4), `${kind}, quarter ${quarter}`).toBeGreaterThan(-25);
      }
      expect(await loudness(url, 1000, 0.5, start - 0.3), kind).toBeLessThan(-45);
      expect(await loudness(url, 440, 0.5, start - 0.3), kind).toBeGreaterThan(-25);
      expect(await loudness(url, 440, from, to), kind).toBeLessThan(-45);
      expect(await loudness(url, 440, start + duration + 0.5, start + duration + 3), kind).toBeGreaterThan(-25);
      expect(await loudness(url, 1000, start + duration + 0.5, start + duration + 3), kind).toBeLessThan(-45);
      expect(await decodeErrors(url)).toBe('');
      expect(Number((await ffprobe(url)).format.duration)).toBeCloseTo((await recorded()).duration, 0);
    }
  }, 120_000);

  it('is in the replay’s playlists, with the last picture beside it, under names that no cache has', async () => {
    const lists = await waitFor(async () => {
      const all = { src: await playlist(one, 'src'), audio: await playlist(one, 'audio') };
      return all.audio.segments.some(({ uri }) => uri?.includes('?filled')) ? all : null;
    }, { ms: 20_000, what: 'the replay' });
    for (const [rendition, { segments }] of Object.entries(lists)) {
      expect(segments.filter((each) => each.gap), rendition).toEqual([]);
      const filled = segments.filter(({ uri }) => uri?.endsWith('?filled'));
      expect(filled.reduce((sum, each) => sum + each.duration, 0), rendition).toBeCloseTo(gap.duration, 1);
    }
    const audio = String(new URL('audio/media.m3u8', one.link.hls));
    expect(await loudness(audio, 1000, gap.start + 0.3, gap.start + gap.duration - 0.3)).toBeGreaterThan(-25);
    expect(await decodeErrors(one.link.hls)).toBe('');
    // Television of old: the same, in its own container.
    const compat = String(new URL('compat.m3u8', one.link.hls));
    expect(await (await fetch(compat)).text()).toContain('.ts?filled');
    const stretch = /compat\/\d+\.ts\?filled/.exec(await (await fetch(compat)).text())?.[0] ?? '';
    expect((await ffprobe(String(new URL(stretch, one.link.hls)))).streams.map((each) => each.codec_type).sort()).toEqual(['audio', 'video']);
  }, 60_000);
});
