import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { ffprobe, publish } from '../support/media';
import { Running } from '../support/process';
import { kRtspCamera, type Lesson, Server, tongke } from '../support/server';
import { waitFor } from '../support/wait';

// A classroom camera that the server fetches the picture from (gst-rtsp-server).

describe('an RTSP camera', () => {
  it('is on air by itself, steps back for a teacher, and comes back when he has gone', async () => {
    const camera = new Running(kRtspCamera, []);
    const data = mkdtempSync(join(tmpdir(), 'tongke-data-'));
    const lesson = (await tongke(['lesson', 'create', '--title', '三年级二班', '--data', data])) as Lesson;
    const address = await waitFor(() => /^rtsp:\S+/.exec(camera.stdout)?.[0], { what: 'the camera' });
    const server = await Server.start({ data, config: `[rtsp]\npull = ["${lesson.id}=${address}"]\n` });
    const size = async (hls: string): Promise<string> => {
      const { streams } = await ffprobe(hls);
      const picture = streams.find(({ codec_type }) => codec_type === 'video');
      return picture === undefined ? '' : `${picture.width}x${picture.height} and ${streams.filter(({ codec_name }) => codec_name === 'aac').length > 0 ? 'aac' : 'silence'}`;
    };
    let teacher: Running | null = null;
    try {
      const link = await server.link(lesson.id);
      await server.becomes(link.token, 'live');
      await waitFor(async () => (await size(link.hls)) === '320x180 and aac', { ms: 20_000, every: 300, what: 'picture and sound of the camera' });

      // The lesson was made without a server, and so with its usual port.
      teacher = publish(lesson.rtmp.replace(/:\d+\//, `:${server.ports.rtmp}/`));
      const accepted = (protocol: string): number => server.log.split('\n').filter((line) => line.includes('on air') && line.includes(`protocol=${protocol}`)).length;
      await waitFor(() => accepted('rtmp') === 1, { ms: 20_000, what: 'the teacher on air' });
      await teacher.stop();
      await waitFor(() => accepted('rtsp') === 2, { ms: 20_000, what: 'the camera on air again' });
      expect(await server.state(link.token)).toBe('live');
    } finally {
      await teacher?.stop();
      await server.close();
      await camera.stop();
    }
  });
});
