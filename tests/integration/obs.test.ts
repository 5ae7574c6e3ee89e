import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { ffprobe } from '../support/media';
import { Obs } from '../support/obs';
import type { Lesson } from '../support/server';
import { waitFor } from '../support/wait';

// What most teachers will use, as it is, without a screen.

const use = useServer();

describe('OBS Studio', () => {
  it.each([
    ['RTMP', ({ rtmp }: Lesson) => rtmp.split(/\/(?=[^/]*$)/)],
    ['SRT', ({ srt }: Lesson) => [srt, '']],
  ])('by %s', async (_, typed) => {
    const { lesson, link } = await use.newClass();
    const [server = '', key = ''] = typed(lesson);
    const obs = await Obs.streams(server, key);
    try {
      await use.server.becomes(link.token, 'live', 40_000).catch((error: unknown) => {
        throw new Error(`${String(error)}; OBS said: ${obs.log.slice(-2000)}`);
      });
      const codecs = await waitFor(
        async () => {
          const { streams } = await ffprobe(link.hls);
          return streams.length >= 2 ? streams.map(({ codec_name }) => codec_name) : null;
        },
        { ms: 20_000, every: 300, what: 'picture and sound' },
      );
      expect(codecs).toContain('h264');
      expect(codecs).toContain('aac');
    } finally {
      await obs.stop();
    }
  }, 90_000);
});
