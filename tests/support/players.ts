import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { run, Running } from './process';
import { waitFor } from './wait';

/** Players that nobody here wrote, each telling how much it played and what it complained about. */
export interface Played {
  /** Pictures decoded, blocks of sound decoded. */
  readonly pictures: number;
  readonly sounds: number;
  readonly complaints: readonly string[];
}

const matches = (text: string, what: RegExp): string[] => text.split('\n').filter((line) => what.test(line));

export async function ffmpegPlays(hls: string, seconds: number): Promise<Played> {
  const { stdout, stderr } = await run('ffmpeg', ['-hide_banner', '-v', 'error', '-nostdin', '-re', '-i', hls, '-t', String(seconds), '-f', 'framecrc', '-'], 60_000);
  return { pictures: matches(stdout, /^0,/).length, sounds: matches(stdout, /^1,/).length, complaints: matches(stderr, /\S/) };
}

/** `playbin` finds hlsdemux and souphttpsrc, `playbin3` finds hlsdemux2. In real time, like people. */
export async function gstreamerPlays(player: 'playbin' | 'playbin3', hls: string, seconds: number): Promise<Played> {
  const sink = (name: string): string => `fakesink name=${name} sync=true silent=false`;
  const gst = new Running('gst-launch-1.0', ['-v', player, `uri=${hls}`, `video-sink=${sink('picture')}`, `audio-sink=${sink('sound')}`]);
  const { stdout, stderr } = await playsFor(gst, seconds, () => /chain {3}\*{7} \(picture/.test(gst.stdout));
  return {
    pictures: matches(stdout, /chain {3}\*{7} \(picture/).length,
    sounds: matches(stdout, /chain {3}\*{7} \(sound/).length,
    complaints: matches(`${stdout}\n${stderr}`, /^(ERROR|WARNING)|CRITICAL/),
  };
}

/** VLC does not like root; nobody then runs it. */
export async function vlcPlays(hls: string, seconds: number): Promise<Played> {
  const home = mkdtempSync(join(tmpdir(), 'tongke-vlc-'));
  chmodSync(home, 0o777);
  const asNobody = process.getuid?.() === 0 ? ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups'] : [];
  const [command = '', ...args] = [...asNobody, 'env', `HOME=${home}`, 'vlc', '-I', 'dummy', '-vv', '--no-color', '--no-lua', '--vout=vdummy', '--aout=adummy', hls];
  const vlc = new Running(command, args);
  try {
    const { stderr } = await playsFor(vlc, seconds, () => /using video decoder/.test(vlc.stderr));
    return {
      pictures: matches(stderr, /Retrieving .*\/((src|\d+p)\/\d+\.m4s|(compat|rest)\/[\w.]+\.ts)/).length,
      sounds: matches(stderr, /Retrieving .*\/(src-)?audio\/\d+\.m4s/).length,
      // That a decoder had nothing to do yet when VLC wanted to begin tells of the machine; it begins all the same.
      complaints: matches(stderr, /(input|demux|stream|http|decoder) error(?!: buffer deadlock prevented)|dropping|too late/),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** What a player says while it plays for so long after it has begun; then it is ended, and what it was fetching breaks off. */
async function playsFor(player: Running, seconds: number, begun: () => boolean): Promise<{ stdout: string; stderr: string }> {
  try {
    await waitFor(() => begun() || player.end !== null, { ms: 20_000, what: 'the player begins' });
    const end = Date.now() + seconds * 1000;
    await waitFor(() => Date.now() >= end || player.end !== null, { ms: seconds * 1000 + 5000 });
    return { stdout: player.stdout, stderr: player.stderr };
  } finally {
    await player.stop('SIGINT');
  }
}
