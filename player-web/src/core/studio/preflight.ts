import { decibels } from './loudness';

/** The test before class, judged: line, microphone, camera, echo. */

export interface Probe {
  readonly bytes: number;
  /** From the first byte sent to the answer; null when the upload failed. */
  readonly ms: number | null;
}

export interface Measured {
  readonly probes: readonly Probe[];
  /** Loudest sample of each tenth of a second, 0..1; empty without a microphone. */
  readonly peaks: readonly number[];
  /** Pictures a second from the camera; null without one. */
  readonly framesPerSecond: number | null;
  /** Loudness of the test tone in the microphone, dB over what was there before; null when not measured. */
  readonly echoDb: number | null;
}

export type Line = 'good' | 'fair' | 'sound-only' | 'bad';
export type Microphone = 'good' | 'quiet' | 'silent' | 'loud';
export type Camera = 'good' | 'slow' | 'none';
export type Echo = 'clean' | 'echo' | 'unknown';

export interface Verdict {
  readonly kbps: number;
  readonly line: Line;
  readonly microphone: Microphone;
  readonly camera: Camera;
  readonly echo: Echo;
  /** 'fix': pupils would not hear the teacher as things stand. */
  readonly overall: 'ready' | 'usable' | 'fix';
}

/** The test runs this long, and one upload begins in each slot. */
export const kPreflightMs = 20_000;
export const kSlotMs = 2000;

const kSmallest = 16_384;
/** Ten of these are 2.6 MB: a test must not eat a teacher's data. */
const kLargest = 262_144;

/** Bytes of the next upload: about half a second's worth, so that it measures and never clogs. */
export function nextProbeBytes(probes: readonly Probe[]): number {
  const last = probes[probes.length - 1];
  if (last === undefined || last.ms === null) return kSmallest;
  return Math.round(Math.min(kLargest, Math.max(kSmallest, (last.bytes / Math.max(1, last.ms)) * 500)));
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/** kbit/s that the line really carries; what failed counts as nothing. */
export function uplinkKbps(probes: readonly Probe[]): number {
  // The first one also pays for the connection.
  const counted = probes.length > 1 ? probes.slice(1) : probes;
  return Math.round(median(counted.map(({ bytes, ms }) => (ms === null ? 0 : (bytes * 8) / Math.max(1, ms)))));
}

function lineOf(kbps: number): Line {
  if (kbps >= 1500) return 'good';
  if (kbps >= 500) return 'fair';
  return kbps >= 100 ? 'sound-only' : 'bad';
}

function microphoneOf(peaks: readonly number[]): Microphone {
  const sorted = [...peaks].sort((a, b) => a - b);
  // What the loudest tenth of the time was like: speech pauses, and one slammed door is no speech.
  const loud = decibels(sorted[Math.floor(sorted.length * 0.9)] ?? 0);
  const clipped = peaks.filter((peak) => peak >= 0.99).length;
  if (peaks.length > 0 && clipped > peaks.length * 0.05) return 'loud';
  if (loud < -50) return 'silent';
  return loud < -34 ? 'quiet' : 'good';
}

function cameraOf(framesPerSecond: number | null): Camera {
  if (framesPerSecond === null || framesPerSecond < 1) return 'none';
  return framesPerSecond < 12 ? 'slow' : 'good';
}

const kEchoDb = 12;

export function judge(measured: Measured): Verdict {
  const kbps = uplinkKbps(measured.probes);
  const line = lineOf(kbps);
  const microphone = microphoneOf(measured.peaks);
  const camera = cameraOf(measured.framesPerSecond);
  const echo: Echo = measured.echoDb === null ? 'unknown' : measured.echoDb > kEchoDb ? 'echo' : 'clean';
  const fix = line === 'bad' || microphone === 'silent';
  const ready = line === 'good' && microphone === 'good' && camera === 'good' && echo !== 'echo';
  return { kbps, line, microphone, camera, echo, overall: fix ? 'fix' : ready ? 'ready' : 'usable' };
}
