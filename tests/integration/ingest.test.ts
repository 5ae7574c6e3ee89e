import { createSocket } from 'node:dgram';
import { createConnection } from 'node:net';

import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { ffprobe, pattern, publish } from '../support/media';
import { Running } from '../support/process';
import type { Lesson } from '../support/server';
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

/** A lesson by GStreamer: `sink` is fed by `mux`. */
function gstreamer(mux: string, sink: string): Running {
  const video = 'videotestsrc is-live=true ! video/x-raw,width=640,height=360,framerate=25/1 ! x264enc tune=zerolatency speed-preset=ultrafast key-int-max=50 bitrate=600 ! h264parse';
  const audio = 'audiotestsrc is-live=true ! audioconvert ! avenc_aac ! aacparse ! mux.';
  return new Running('gst-launch-1.0', ['-q', ...`${video} ! ${mux} name=mux`.split(' '), '!', ...sink.split(' '), ...audio.split(' ')]);
}

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

  it('ffmpeg by SRT with a keyed stream id', async () => {
    const { lesson, link } = await use.newClass();
    const [address = ''] = lesson.srt.split('?');
    const id = `#!::m=publish,r=${lesson.id},key=${lesson.publish_key}`;
    use.keep(new Running('ffmpeg', ['-hide_banner', '-loglevel', 'warning', '-nostdin', ...pattern(), '-f', 'mpegts', '-srt_streamid', id, address]));
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
  });

  it('by SRT again, after the server has let libsrt go', async () => {
    const asleep = (): boolean => !use.server.threads().some((name) => name.startsWith('SRT:'));
    for (let turn = 0; turn < 2; turn += 1) {
      await waitFor(asleep, { ms: 30_000, what: 'nobody calls by SRT' });
      const { lesson, link } = await use.newClass();
      const teacher = use.keep(publish(lesson.srt));
      await use.server.becomes(link.token, 'live');
      expect(asleep()).toBe(false);
      await teacher.stop();
      await use.server.becomes(link.token, 'interrupted');
    }
  });

  it.each([
    ['rtmp2sink', 'flvmux streamable=true', ({ rtmp }: Lesson) => `rtmp2sink location=${rtmp}`],
    ['librtmp', 'flvmux streamable=true', ({ rtmp }: Lesson) => `rtmpsink location=${rtmp}`],
    ['srtsink', 'mpegtsmux alignment=7', ({ srt }: Lesson) => `srtsink uri=${srt}`],
  ])('GStreamer %s', async (_, mux, sink) => {
    const { lesson, link } = await use.newClass();
    use.keep(gstreamer(mux, sink(lesson)));
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
    const codecs = await waitFor(
      async () => {
        const { streams } = await ffprobe(link.hls);
        return streams.length > 0 ? streams.map(({ codec_name }) => codec_name) : null;
      },
      { ms: 20_000, every: 300 },
    );
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

  it.each([
    ['a wrong key', 1401, ({ srt, publish_key }: Lesson) => wrong(srt, publish_key)],
    ['a lesson that does not exist', 1401, ({ srt, id }: Lesson) => srt.replace(id, 'nosuchlesson')],
    ['a stream id without any sense', 1400, ({ srt }: Lesson) => srt.replace('publish:', 'x')],
    ['somebody who wants to watch', 1405, ({ srt }: Lesson) => srt.replace('publish:', 'read:')],
  ])('%s by SRT is refused with reason %i', async (_, reason, url) => {
    const { lesson, link } = await use.newClass();
    const { code } = await use.keep(publish(url(lesson))).ended(15_000);
    expect(code).not.toBe(0);
    expect(use.server.log.slice(-400)).toContain(`code=${reason}`);
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
  it.each([
    ['rtmp', 'srt'],
    ['srt', 'rtmp'],
    ['srt', 'srt'],
  ] as const)('with the key takes over: %s, then %s; the first is told to go', async (first, second) => {
    const { lesson, link } = await use.newClass();
    const laptop = use.keep(publish(lesson[first]));
    await use.server.becomes(link.token, 'live');
    const phone = use.keep(publish(lesson[second]));
    expect((await laptop.ended(15_000)).code).not.toBe(0);
    await use.server.becomes(link.token, 'live');
    await playable(link.hls);
    expect(phone.end).toBeNull();
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

  /** The datagrams are on their way when this resolves. */
  const shower = (port: number, bytes: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = createSocket('udp4');
      socket.send(bytes, port, '127.0.0.1', (error) => {
        socket.close();
        if (error === null) resolve();
        else reject(error);
      });
    });

  it('poured into every door harms nobody', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    const { rtmp, srt, http } = use.server.ports;
    for (let seed = 1; seed <= 10; seed += 1) {
      await pour(rtmp, noise(5000, seed));
      await pour(rtmp, Buffer.concat([Buffer.from([3]), noise(1536 + 3000, seed)])); // past the handshake's first byte
      await pour(http, noise(3000, seed));
      await shower(srt, noise(1400, seed));
      // Past the look at the first bits: a handshake (control type 0) for socket 0.
      await shower(srt, Buffer.concat([Buffer.from([0x80, 0, 0, 0]), noise(8, seed), Buffer.alloc(4), noise(48 + 40 * seed, seed)]));
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
