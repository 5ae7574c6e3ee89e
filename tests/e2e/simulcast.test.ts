import { readdirSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import { waitFor } from '../support/wait';
import { publishWhip, received, showRestlessPicture, turnLayer, watchWhep } from '../support/webrtc';

// A browser that sends its picture in two sizes: the smaller is a step of the ladder that nothing is encoded for.

const use = useServer();
const tabs = useBrowser();

const kLong = { ms: 40_000, every: 200 };

/** The child's threads: pictures are made on one of their own. */
const threads = (pid: number): number => readdirSync(`/proc/${pid}/task`).length;

describe('simulcast', () => {
  it('is the step it fits; when it stops, the step is made here, and when it is back it is the step again', async () => {
    const { lesson, link } = await use.newClass('五年级科学：影子的大小', 'pupil');
    const studio = await tabs.open(`${use.server.origin}/`);
    await publishWhip(studio, lesson.whip, lesson.publish_key, {
      width: 1280,
      height: 720,
      layers: [
        { rid: 'small', scaleResolutionDownBy: 2, maxBitrate: 250_000, maxFramerate: 15 },
        { rid: 'large', maxBitrate: 900_000 },
      ],
    });
    await showRestlessPicture(studio, 1280, 720);
    await use.server.becomes(link.token, 'live');
    const read = async (rendition: string): Promise<MediaPlaylist> => {
      const response = await fetch(new URL(`${rendition}/media.m3u8`, link.hls));
      return parseMediaPlaylist(response.ok ? await response.text() : '#EXTM3U');
    };
    const whole = ({ segments }: MediaPlaylist): readonly { readonly gap: boolean }[] => segments.filter(({ uri, gap }) => uri !== null && !gap);
    const master = async (): Promise<string> => (await fetch(link.hls)).text();
    await waitFor(async () => (await master()).includes('RESOLUTION=1280x720'), { ...kLong, what: 'the larger picture is the source' });
    const before = whole(await read('src')).length;
    await waitFor(async () => whole(await read('src')).length >= before + 5, { ...kLong, what: 'ten seconds more' });
    const [child = 0] = use.server.children();
    const quiet = threads(child);

    await read('360p');
    await waitFor(async () => whole(await read('360p')).length >= 2, { ...kLong, what: 'the step' });
    expect(use.server.log).toMatch(/step is the publisher.s own.*360p/);
    expect(threads(child)).toBe(quiet);
    const pupil = await tabs.open(`${use.server.origin}/`);
    await watchWhep(pupil, `${link.whep}&limit=450000`);
    await waitFor(async () => (await received(pupil)).width === 640, { ...kLong, what: 'the step by WebRTC' });
    const { framesDecoded } = await received(pupil);
    await waitFor(async () => (await received(pupil)).framesDecoded > framesDecoded + 45, { ...kLong, what: 'three seconds of it' });
    expect(threads(child)).toBe(quiet);

    await turnLayer(studio, 'small', false);
    await waitFor(() => /step is made here again/.test(use.server.log), { ...kLong, what: 'the machine steps in' });
    const made = (await received(pupil)).framesDecoded;
    await waitFor(async () => (await received(pupil)).framesDecoded > made + 45, { ...kLong, what: 'the step goes on' });
    expect(threads(child)).toBe(quiet + 1);

    await turnLayer(studio, 'small', true);
    await waitFor(() => (use.server.log.match(/step is the publisher.s own/g) ?? []).length === 2, { ...kLong, what: 'the layer is the step again' });
    const { segments } = await read('360p');
    const held = segments.findIndex(({ uri, gap }) => uri !== null && !gap);
    const seen = segments.slice(held).filter(({ uri }) => uri !== null);
    // Where the layer stopped, the rest of one segment is missing; no more.
    expect(seen.filter(({ gap }) => gap).length).toBeLessThanOrEqual(1);
    expect((await received(pupil)).state).toBe('connected');
  }, 180_000);
});
