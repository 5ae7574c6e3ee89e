import { createSocket } from 'node:dgram';
import { createWriteStream, type WriteStream } from 'node:fs';

import { run } from './process';

/** What a head-end's analysers say of a transport stream. None of them was written here. */

/** UDP datagrams into a file, and when each came. */
export class Receiver {
  readonly sizes = new Map<number, number>();
  bytes = 0;
  /** ms. */
  first = 0;
  last = 0;
  #file: WriteStream | null = null;
  readonly #socket = createSocket({ type: 'udp4', recvBufferSize: 1 << 20 });

  static async open(): Promise<Receiver> {
    const receiver = new Receiver();
    await new Promise<void>((resolve) => receiver.#socket.bind(0, '127.0.0.1', resolve));
    receiver.#socket.on('message', (datagram) => {
      receiver.last = performance.now();
      if (receiver.first === 0) receiver.first = receiver.last;
      receiver.bytes += datagram.length;
      receiver.sizes.set(datagram.length, (receiver.sizes.get(datagram.length) ?? 0) + 1);
      receiver.#file?.write(datagram);
    });
    return receiver;
  }
  get port(): number {
    return this.#socket.address().port;
  }
  /** Begins anew, in this file. */
  record(path: string): void {
    this.#file = createWriteStream(path);
    this.bytes = this.first = this.last = 0;
    this.sizes.clear();
  }
  async stop(): Promise<void> {
    const file = this.#file;
    this.#file = null;
    if (file !== null) await new Promise((resolve) => file.end(resolve));
  }
  /** bits a second by the clock of arrival. */
  get rate(): number {
    return ((this.bytes - 1316) * 8) / ((this.last - this.first) / 1000);
  }
  close(): void {
    this.#socket.close();
  }
}

export interface Report {
  /** By PCRs. */
  readonly rate: number;
  /** ms. */
  readonly longestPcrGap: number;
  readonly badPcrGaps: number;
  /** Ticks of 90 kHz by which a PCR is elsewhere than the rate says. */
  readonly pcrError: number;
  /** Least time from a frame's first byte to its decoding, ms, of each stream. */
  readonly leads: readonly number[];
  /** As tsinfo prints it: PIDs and kinds. */
  readonly programme: string;
  /** ffmpeg's complaints: broken continuity is "corrupt". */
  readonly complaints: string;
}

const numberAfter = (text: string, pattern: RegExp): number => {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`no ${pattern.source} in: ${text}`);
  return Number(found);
};

/** tstools and ffmpeg on a recorded stream. */
export async function analyse(path: string): Promise<Report> {
  const timing = (await run('tsreport', ['-b', path], 60_000)).stdout;
  const errors = /PCR prediction errors: min=(-?\d+)t, max=(-?\d+)t/.exec(timing);
  if (errors === null) throw new Error(`tsreport: ${timing}`);
  const decoded = await run('ffmpeg', ['-hide_banner', '-v', 'warning', '-nostdin', '-i', path, '-map', '0', '-c', 'copy', '-f', 'null', '-'], 60_000);
  return {
    rate: numberAfter(timing, /Overall stream rate=(\d+)/),
    longestPcrGap: numberAfter(timing, /Max gap: (\d+)t/) / 90,
    badPcrGaps: numberAfter(timing, /Bad \(>\.1s\) gaps: (\d+)/),
    pcrError: Math.max(Math.abs(Number(errors[1])), Math.abs(Number(errors[2]))),
    leads: [...timing.matchAll(/Minimum difference was (-?\d+)t/g)].map((match) => Number(match[1]) / 90),
    programme: (await run('tsinfo', [path])).stdout,
    complaints: decoded.stderr,
  };
}

export interface Picture {
  /** Byte of the stream with which it begins. */
  readonly at: number;
  /** Mean of its luma, 16 to 235. */
  readonly luma: number;
}

/** Every picture that ffmpeg can show of a stream, in the order of showing. @param input  options before it */
export async function pictures(path: string, ...input: readonly string[]): Promise<Picture[]> {
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', ...input, '-i', path, '-map', '0:v:0', '-vf', 'showinfo', '-fps_mode', 'passthrough', '-f', 'null', '-'], 120_000);
  return [...stderr.matchAll(/ pos: *(\d+) .* mean:\[(\d+) /g)].map(([, at, luma]) => ({ at: Number(at), luma: Number(luma) }));
}

/** Of a stream that flashes and beeps together, how much later than its flash each beep is heard, seconds. */
export async function lipSync(path: string): Promise<number[]> {
  const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', path, '-map', '0:v', '-vf', 'showinfo', '-map', '0:a', '-af', 'silencedetect=noise=-30dB:d=0.3', '-fps_mode', 'passthrough', '-f', 'null', '-'], 120_000);
  const shown = [...stderr.matchAll(/ pts_time:([\d.]+) .* mean:\[(\d+) /g)].map(([, at, luma]) => ({ at: Number(at), white: Number(luma) > 100 }));
  const flashes = shown.filter(({ white }, n) => white && shown[n - 1]?.white === false).map(({ at }) => at);
  // The last silence ends with the stream, or nearly.
  const beeps = [...stderr.matchAll(/silence_end: ([\d.]+)/g)].map(([, at]) => Number(at)).slice(0, -1);
  return beeps.flatMap((beep) => flashes.map((flash) => beep - flash).filter((off) => Math.abs(off) < 0.5));
}

/** The longest time between two packets of a PID at this rate, ms: tables, which tstools does not time. */
export function longestGap(stream: Uint8Array, pid: number, rate: number): number {
  let last = -1;
  let longest = 0;
  for (let packet = 0; packet * 188 < stream.length; packet += 1) {
    if ((((stream[packet * 188 + 1] ?? 0) & 0x1f) << 8) + (stream[packet * 188 + 2] ?? 0) !== pid) continue;
    if (last >= 0) longest = Math.max(longest, packet - last);
    last = packet;
  }
  if (last < 0) throw new Error(`no packet of PID ${pid}`);
  return ((longest * 188 * 8) / rate) * 1000;
}
