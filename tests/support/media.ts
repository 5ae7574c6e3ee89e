import { run, Running } from './process';

/** Real publishers and independent judges of what comes out. */

export interface Pattern {
  readonly size?: string;
  readonly rate?: number;
  readonly keyframeEvery?: number;
  readonly kilobits?: number;
  /** Seconds; default: until stopped. */
  readonly duration?: number;
  readonly audio?: boolean;
  readonly video?: boolean;
  /** In real time, as a camera; default true. */
  readonly paced?: boolean;
}

/** ffmpeg arguments of a moving picture and a tone of 440 Hz, in real time. */
export function pattern({ size = '640x360', rate = 25, keyframeEvery = 2, kilobits = 700, duration, audio = true, video = true, paced = true }: Pattern = {}): string[] {
  const pace = paced ? ['-re'] : [];
  return [
    ...(video ? [...pace, '-f', 'lavfi', '-i', `testsrc2=size=${size}:rate=${rate}`] : []),
    ...(audio ? [...pace, '-f', 'lavfi', '-i', 'sine=frequency=440:sample_rate=44100,volume=4'] : []),
    ...(duration === undefined ? [] : ['-t', String(duration)]),
    ...(video
      ? ['-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', String(rate * keyframeEvery),
         '-sc_threshold', '0', '-b:v', `${kilobits}k`, '-maxrate', `${kilobits}k`, '-bufsize', `${kilobits}k`]
      : []),
    ...(audio ? ['-c:a', 'aac', '-b:a', '64k'] : []),
  ];
}

const container = (url: string): string => (url.startsWith('srt:') ? 'mpegts' : 'flv');

/** A publisher: ffmpeg with `media` to `url`. */
export function publish(url: string, media: readonly string[] = pattern()): Running {
  return new Running('ffmpeg', ['-hide_banner', '-loglevel', 'warning', '-nostdin', ...media, '-f', container(url), url]);
}

export interface Probe {
  readonly streams: readonly { readonly codec_type: string; readonly codec_name: string; readonly width?: number; readonly height?: number; readonly duration?: string; readonly nb_read_packets?: string }[];
  readonly format: { readonly duration?: string; readonly format_name: string };
}

export async function ffprobe(source: string, ...more: readonly string[]): Promise<Probe> {
  const { code, stdout, stderr } = await run('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', ...more, source]);
  if (code !== 0) throw new Error(`ffprobe ${source}: ${stderr}`);
  return JSON.parse(stdout) as Probe;
}

/** Decodes everything; the complaints of ffmpeg, none if it is sound. At the times of the stream: at a mean frame rate, as ffmpeg
 *  would otherwise count them, pictures beside a gap fall together. */
export async function decodeErrors(source: string, ...input: readonly string[]): Promise<string> {
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', ...input, '-i', source, '-enc_time_base:v', '-1', '-f', 'null', '-'], 60_000);
  return stderr.trim();
}
