import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { ffmpegPlays, gstreamerPlays, type Played, vlcPlays } from '../support/players';
import { waitFor } from '../support/wait';

// Whatever people open the address with: it plays, live, picture and sound, without complaint.

const use = useServer();
const kSeconds = 6;

async function live(): Promise<string> {
  const { lesson, link } = await use.newClass();
  use.keep(publish(lesson.rtmp));
  await use.server.becomes(link.token, 'live');
  // None of them knows parts: to them a lesson begins with its first whole segments.
  const media = new URL('src/media.m3u8', link.hls);
  await waitFor(async () => (await (await fetch(media)).text()).split('#EXTINF:').length > 4, { ms: 20_000, every: 200, what: 'four segments' });
  return link.hls;
}

/** Counts are of pictures and of AAC frames, or for VLC of segments. */
function expectPlayed({ pictures, sounds, complaints }: Played, least: { readonly pictures: number; readonly sounds: number }): void {
  expect(complaints).toEqual([]);
  expect(pictures).toBeGreaterThanOrEqual(least.pictures);
  expect(sounds).toBeGreaterThanOrEqual(least.sounds);
}

describe('live HLS', () => {
  it('in ffmpeg', async () => {
    // It opens every rendition before it plays one, and those that nobody had asked for begin later.
    expectPlayed(await ffmpegPlays(await live(), kSeconds), { pictures: 25 * (kSeconds - 3), sounds: 30 * (kSeconds - 3) });
  });

  it.each(['playbin', 'playbin3'] as const)('in GStreamer, %s', async (player) => {
    expectPlayed(await gstreamerPlays(player, await live(), kSeconds), { pictures: 25 * (kSeconds - 2), sounds: 30 * (kSeconds - 2) });
  });

  it('in VLC', async () => {
    expectPlayed(await vlcPlays(await live(), kSeconds), { pictures: 3, sounds: 3 });
  });
});
