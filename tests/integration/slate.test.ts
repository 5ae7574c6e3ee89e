import { afterEach, describe, expect, it } from 'vitest';

import { type Class, useServer } from '../support/fixture';
import { decodeErrors, ffprobe, pattern, publish } from '../support/media';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import type { Running } from '../support/process';
import { waitFor } from '../support/wait';

// A teacher's line goes and comes back (LV-7, A1): in the same address pupils see a slate meanwhile, and the recording has one
// marked gap. How fast, is measured by bench/slate.

const use = useServer();
const stalled: Running[] = [];
afterEach(() => {
  stalled.splice(0).forEach((one) => one.child.kill('SIGCONT'));
});

const playlist = async ({ link }: Class, rendition: string): Promise<MediaPlaylist> => parseMediaPlaylist(await (await fetch(new URL(`${rendition}/media.m3u8`, link.hls))).text());
/** Of what can be played, growing segment included. */
const seconds = ({ segments }: MediaPlaylist): number =>
  segments.filter(({ gap }) => !gap).reduce((sum, { duration, parts }) => sum + (duration || parts.reduce((all, part) => all + part.duration, 0)), 0);
const breaks = ({ segments }: MediaPlaylist): number => segments.filter(({ discontinuity }) => discontinuity).length;

async function onAir(media = pattern(), address: 'rtmp' | 'srt' = 'rtmp'): Promise<{ one: Class; teacher: Running }> {
  const one = await use.newClass();
  const teacher = use.keep(publish(one.lesson[address], media));
  await use.server.becomes(one.link.token, 'live');
  await waitFor(async () => seconds(await playlist(one, 'src')) > 3, { ms: 30_000, what: 'a beginning' });
  return { one, teacher };
}
async function goesOn(one: Class, rendition: string, more: number): Promise<MediaPlaylist> {
  const before = seconds(await playlist(one, rendition));
  return waitFor(async () => {
    const now = await playlist(one, rendition);
    return seconds(now) > before + more ? now : null;
  }, { ms: 30_000, what: `${more} s more of ${rendition}` });
}
async function recordingOf(one: Class): Promise<{ path: string; length: number }> {
  await use.server.endLesson(one.lesson.id);
  const lead = await use.server.link(one.lesson.id, 'lead');
  const url = `${use.server.origin}/api/v1/lessons/${one.lesson.id}/recording.mp4?token=${lead.token}`;
  await waitFor(async () => {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return answer.status === 200;
  }, { ms: 30_000, every: 300, what: 'the recording' });
  return { path: url, length: Number((await ffprobe(url)).format.duration) };
}

describe('while the teacher’s line is gone', () => {
  for (const [from, to] of [['rtmp', 'rtmp'], ['rtmp', 'srt'], ['srt', 'rtmp']] as const) {
    it(`the same address plays a slate, and the lesson again when she is back: ${from}, then ${to}`, async () => {
      const { one, teacher } = await onAir(pattern(), from);
      await teacher.stop('SIGKILL');
      await use.server.becomes(one.link.token, 'interrupted');
      for (const rendition of ['src', 'src-audio', 'audio']) {
        const list = await goesOn(one, rendition, 3);
        expect(breaks(list), rendition).toBe(1);
        expect(list.segments.filter(({ gap }) => gap), rendition).toEqual([]);
      }
      // It is made smaller for those who watch smaller pictures.
      await goesOn(one, '240p', 2);
      use.keep(publish(one.lesson[to]));
      await use.server.becomes(one.link.token, 'live');
      const after = await goesOn(one, 'src', 3);
      expect(breaks(after)).toBe(2);
      expect(await decodeErrors(one.link.hls, '-live_start_index', '0', '-t', '8')).toBe('');
    });
  }

  it('a line that is dead but not closed counts as gone, and its publisher is back by itself', async () => {
    const { one, teacher } = await onAir();
    stalled.push(teacher);
    teacher.child.kill('SIGSTOP');
    await use.server.becomes(one.link.token, 'interrupted');
    expect(breaks(await goesOn(one, 'src', 3))).toBe(1);
    teacher.child.kill('SIGCONT');
    await use.server.becomes(one.link.token, 'live');
    expect(breaks(await goesOn(one, 'src', 3))).toBe(2);
  });

  it('the recording has a gap of that length where the slate was', async () => {
    const { one, teacher } = await onAir();
    await teacher.stop('SIGKILL');
    await use.server.becomes(one.link.token, 'interrupted');
    await goesOn(one, 'src', 6);
    use.keep(publish(one.lesson.rtmp));
    await use.server.becomes(one.link.token, 'live');
    const whole = await goesOn(one, 'src', 4);
    const { path, length } = await recordingOf(one);
    expect(await decodeErrors(path)).toBe('');
    // Moments of the lesson are where they were, so that notes stay at theirs: the gap is in it, as a still and silence.
    expect(Math.abs(length - seconds(whole))).toBeLessThan(2);
    const replay = parseMediaPlaylist(await (await fetch(new URL('src/media.m3u8', one.link.hls))).text());
    expect(replay.ended).toBe(true);
    expect(await decodeErrors(one.link.hls)).toBe('');
  });

  it('a lesson ended under the slate ends with what the teacher sent last', async () => {
    const { one, teacher } = await onAir();
    await teacher.stop('SIGKILL');
    await use.server.becomes(one.link.token, 'interrupted');
    const taught = seconds(await playlist(one, 'src'));
    await goesOn(one, 'src', 5);
    await use.server.endLesson(one.lesson.id);
    const replay = await waitFor(async () => {
      const now = await playlist(one, 'src');
      return now.ended ? now : null;
    }, { ms: 10_000, what: 'the end in the playlist' });
    expect(seconds(replay)).toBeLessThan(taught + 1);
    expect(breaks(replay)).toBe(0);
  });
});
