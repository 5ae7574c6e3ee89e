import { createConnection } from 'node:net';

import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { ffprobe, pattern, publish } from '../support/media';
import { Running } from '../support/process';
import { waitFor } from '../support/wait';

// Publishers of every make, let in or turned away.

const use = useServer();

/** The lesson can be played by somebody else's client: H.264 and AAC come out. */
async function playable(hls: string): Promise<void> {
  const codecs = await waitFor(
    async () => {
      const { streams } = await ffprobe(hls, '-probesize', '200k', '-analyzeduration', '1M');
      return streams.length >= 2 ? streams.map(({ codec_name }) => codec_name) : null;
    },
    { ms: 20_000, every: 300, what: 'ffprobe plays it' },
  );
  expect(codecs).toContain('h264');
  expect(codecs).toContain('aac');
}

const kGstVideo = ['videotestsrc is-live=true', 'video/x-raw,width=640,height=360,framerate=25/1', 'x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 bitrate=600', 'h264parse'];

describe('publishers', () => {
  it('ffmpeg by RTMP', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('ffmpeg by RTMP as OBS does: address, and key as the stream name', async () => {
    const { lesson, link } = await use.newClass();
    const [server = '', stream = ''] = lesson.rtmp.split(/\/(?=[^/]*$)/);
    use.keep(new Running('ffmpeg', ['-hide_banner', '-loglevel', 'warning', '-nostdin', ...pattern(), '-f', 'flv', '-rtmp_playpath', stream, server]));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('ffmpeg by SRT', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.srt));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('GStreamer rtmp2sink', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(
      new Running('gst-launch-1.0', [
        '-q', ...[...kGstVideo, 'flvmux name=mux streamable=true', `rtmp2sink location=${lesson.rtmp}`].join(' ! ').split(' '),
        ...'audiotestsrc is-live=true ! audioconvert ! avenc_aac ! aacparse ! mux.'.split(' '),
      ]),
    );
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('srt-live-transmit, handing on a transport stream', async () => {
    const { lesson, link } = await use.newClass();
    const port = 20_000 + (process.pid % 20_000);
    use.keep(new Running('srt-live-transmit', ['-q', `udp://127.0.0.1:${port}`, lesson.srt]));
    use.keep(new Running('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', ...pattern(), '-f', 'mpegts', `udp://127.0.0.1:${port}?pkt_size=1316`]));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('sound alone', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.rtmp, pattern({ video: false })));
    await use.server.becomes(link.token, 'live');
    const codecs = await waitFor(async () => (await ffprobe(link.hls)).streams.map(({ codec_name }) => codec_name), { ms: 20_000, every: 300 });
    expect(codecs).toEqual(['aac']);
  });
});

describe('refusals', () => {
  const wrong = (url: string, key: string): string => url.replace(key, 'wrong-key');

  it('a wrong key by RTMP is refused, and the lesson stays as it was', async () => {
    const { lesson, link } = await use.newClass();
    const { code } = await use.keep(publish(wrong(lesson.rtmp, lesson.publish_key))).ended(10_000);
    expect(code).not.toBe(0);
    expect(await use.server.state(link.token)).toBe('waiting');
  });

  it('a wrong key by SRT is refused', async () => {
    const { lesson, link } = await use.newClass();
    const { code } = await use.keep(publish(wrong(lesson.srt, lesson.publish_key))).ended(15_000);
    expect(code).not.toBe(0);
    expect(await use.server.state(link.token)).toBe('waiting');
  });

  it('a lesson that does not exist is refused like a wrong key', async () => {
    const { lesson } = await use.newClass();
    const { code } = await use.keep(publish(lesson.rtmp.replace(lesson.id, 'nosuchlesson'))).ended(10_000);
    expect(code).not.toBe(0);
  });

  it('a lesson that has ended takes no publisher', async () => {
    const { lesson } = await use.newClass();
    await use.server.endLesson(lesson.id);
    const { code } = await use.keep(publish(lesson.rtmp)).ended(10_000);
    expect(code).not.toBe(0);
  });
});

describe('a second publisher', () => {
  it('with the key takes over by another protocol; the first is told to go', async () => {
    const { lesson, link } = await use.newClass();
    const laptop = use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    use.keep(publish(lesson.srt));
    await laptop.ended(10_000);
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('without the key changes nothing', async () => {
    const { lesson, link } = await use.newClass();
    const teacher = use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    await use.keep(publish(lesson.rtmp.replace(lesson.publish_key, 'x'))).ended(10_000);
    expect(teacher.end).toBeNull();
    expect(await use.server.state(link.token)).toBe('live');
  });
});

describe('garbage', () => {
  /** Random but repeatable. */
  function noise(bytes: number, seed: number): Buffer {
    let state = seed >>> 0 || 1;
    return Buffer.from(
      Uint8Array.from({ length: bytes }, () => {
        state ^= state << 13;
        state ^= state >>> 17;
        state ^= state << 5;
        return state & 0xff;
      }),
    );
  }
  const pour = (port: number, bytes: Buffer): Promise<void> =>
    new Promise((resolve) => {
      const socket = createConnection(port, '127.0.0.1', () => socket.end(bytes));
      socket.on('error', () => undefined).on('close', () => resolve());
      socket.setTimeout(5000, () => socket.destroy());
      socket.resume();
    });

  it('poured into every TCP door harms nobody', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    const { rtmp, http } = use.server.ports;
    for (let seed = 1; seed <= 10; seed += 1) {
      await pour(rtmp, noise(5000, seed));
      await pour(rtmp, Buffer.concat([Buffer.from([3]), noise(1536 + 3000, seed)])); // past the handshake's first byte
      await pour(http, noise(3000, seed));
    }
    expect(await use.server.state(link.token)).toBe('live');
    await playable(link.hls);
  });

  it('inside an accepted stream ends at most the child, and the teacher can come back', async () => {
    const { lesson, link } = await use.newClass();
    // A transport stream whose payloads are noise: PAT and PMT are right, everything else is not.
    const corrupt = use.keep(new Running('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', ...pattern({ duration: 6 }), '-bsf:v', 'noise=amount=20', '-bsf:a', 'noise=amount=20', '-f', 'mpegts', lesson.srt]));
    await corrupt.ended(20_000);
    expect((await fetch(`${use.server.origin}/healthz`)).status).toBe(200);
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });
});
