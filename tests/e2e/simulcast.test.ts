import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { type MediaPlaylist, parseMediaPlaylist } from '../support/playlist';
import { waitFor } from '../support/wait';
import { publishWhip, received, showRestlessPicture, turnLayer, watchWhep } from '../support/webrtc';

// A browser that sends its picture in two sizes: the smaller is a step of the ladder that nothing is encoded for.

const use = useServer();
const tabs = useBrowser();

const kLong = { ms: 60_000, every: 200 };

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

    /** Who makes the step now, by what the server said last. On a machine with much to do that changes by itself, too. */
    const maker = (): string | undefined => [...use.server.log.matchAll(/step is (the publisher.s own|made here again).*360p/g)].at(-1)?.[1];
    const kPublisher = /publisher/;
    await waitFor(
      async () => {
        await read('360p');
        return kPublisher.test(maker() ?? '');
      },
      { ...kLong, what: 'the layer is the step' },
    );
    await waitFor(async () => whole(await read('360p')).length >= 2, { ...kLong, what: 'the step' });
    const pupil = await tabs.open(`${use.server.origin}/`);
    await watchWhep(pupil, `${link.whep}&limit=450000`);
    await waitFor(async () => (await received(pupil)).width === 640, { ...kLong, what: 'the step by WebRTC' });
    const { framesDecoded } = await received(pupil);
    await waitFor(async () => (await received(pupil)).framesDecoded > framesDecoded + 45, { ...kLong, what: 'three seconds of it' });

    await turnLayer(studio, 'small', false);
    await waitFor(() => maker() === 'made here again', { ...kLong, what: 'the machine steps in' });
    const made = (await received(pupil)).framesDecoded;
    await waitFor(async () => (await received(pupil)).framesDecoded > made + 45, { ...kLong, what: 'the step goes on' });

    await turnLayer(studio, 'small', true);
    await waitFor(() => kPublisher.test(maker() ?? ''), { ...kLong, what: 'the layer is the step again' });
    const again = (await received(pupil)).framesDecoded;
    await waitFor(async () => (await received(pupil)).framesDecoded > again + 45, { ...kLong, what: 'and plays' });
    expect((await received(pupil)).state).toBe('connected');
  }, 240_000);
});
