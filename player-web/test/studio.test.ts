import { describe, expect, it } from 'vitest';

import { DecodeError } from '../src/core/json';
import { decodeStudio, type Studio } from '../src/core/studio/decode';
import { decodeHandover } from '../src/core/studio/handover';
import { type Health, healthOf, readUplink, type Uplink, type Wanted } from '../src/core/studio/health';
import { meter } from '../src/core/studio/loudness';
import { judge, type Measured, nextProbeBytes, uplinkKbps } from '../src/core/studio/preflight';
import { republishDelay } from '../src/core/studio/republish';
import { elapsed, type Event, kInitial, reduce, type State } from '../src/core/studio/state';

const kWire = {
  lesson: { id: 'L1', title: '分数', state: 'waiting', started_at: null, ended_at: null },
  now: 1_000_000,
  publisher: null,
  whip: '/whip/L1',
  publish_key: 'secret',
  watch: '/w/LINK',
  recording: { mp4: null },
};
const studio = (changed: object = {}, lesson: object = {}): Studio => decodeStudio({ ...kWire, ...changed, lesson: { ...kWire.lesson, ...lesson } }, 5_000_000);

describe('decodeStudio', () => {
  it('reads what the server says', () => {
    expect(studio()).toEqual({
      lesson: { id: 'L1', title: '分数', state: 'waiting', startedMs: null, lengthMs: null },
      publisher: null,
      whip: '/whip/L1',
      publishKey: 'secret',
      lead: null,
      watch: '/w/LINK',
      recording: { mp4: null },
      signal: null,
    });
  });
  it('keeps time by the server’s clock, whatever this one says', () => {
    expect(studio({}, { started_at: 940_000 }).lesson.startedMs).toBe(4_940_000);
    expect(studio({}, { started_at: 1_000_500 }).lesson.startedMs).toBe(5_000_000);
    expect(studio({}, { started_at: 400_000, ended_at: 940_000 }).lesson.lengthMs).toBe(540_000);
  });
  it('knows whose the lesson is', () => {
    expect(studio({ lead: { name: '王老师', yours: true } }).lead).toEqual({ name: '王老师', yours: true });
    expect(studio({ lead: { name: null, yours: true } }).lead).toEqual({ name: null, yours: true });
    expect(studio({ lead: { name: '李老师', yours: false } }).lead).toEqual({ name: '李老师', yours: false });
  });
  it.each([
    ['a foreign WHIP address', { whip: 'https://elsewhere.example/whip' }],
    ['no key', { publish_key: undefined }],
    ['no lesson', { lesson: null }],
    ['a lead who is a number', { lead: { name: 7, yours: true } }],
    ['a start without a clock', { now: undefined, lesson: { ...kWire.lesson, started_at: 1 } }],
    ['a script as replay', { watch: 'javascript:alert(1)' }],
  ])('refuses %s', (_, changed) => {
    expect(() => decodeStudio({ ...kWire, ...changed }, 0)).toThrow(DecodeError);
  });
});

describe('decodeHandover', () => {
  const wire = { lead: { name: '王老师', yours: true }, colleagues: [{ id: 'p1', name: '李老师', rooms: ['三(2)班', '三(4)班'] }] };
  it('reads who could go on with the lesson', () => {
    expect(decodeHandover(wire)).toEqual(wire);
    expect(decodeHandover({ lead: null, colleagues: [] })).toEqual({ lead: null, colleagues: [] });
  });
  it.each([
    ['no list', { ...wire, colleagues: null }],
    ['a colleague without a name', { ...wire, colleagues: [{ id: 'p1', rooms: [] }] }],
    ['rooms that are no words', { ...wire, colleagues: [{ id: 'p1', name: '李老师', rooms: [1] }] }],
  ])('refuses %s', (_, changed) => {
    expect(() => decodeHandover(changed)).toThrow(DecodeError);
  });
});

describe('the page’s state', () => {
  const answered = (...args: Parameters<typeof studio>): Event => ({ type: 'answered', studio: studio(...args) });
  const start: Event = { type: 'start' };
  const published: Event = { type: 'published', atMs: 7000 };
  const lost = (tries: number, retryMs: number | null = null): Event => ({ type: 'lost', tries, retryMs });
  const health: Health = { kbps: 420, sound: 'good', picture: 'good', line: 'good' };
  const after = (...events: readonly Event[]): State => events.reduce(reduce, kInitial);
  const table: readonly (readonly [string, readonly Event[], object])[] = [
    ['nothing known yet', [], { kind: 'loading', offline: false }],
    ['server not reached', [{ type: 'unreachable' }], { kind: 'loading', offline: true }],
    ['no such link', [{ type: 'not-found' }], { kind: 'missing' }],
    ['link withdrawn in class', [answered(), start, published, { type: 'not-found' }], { kind: 'missing' }],
    ['before class', [answered()], { phase: { kind: 'before' }, health: null, sinceMs: null }],
    ['after class', [answered({}, { state: 'ended' })], { phase: { kind: 'ended' } }],
    ['started', [answered(), start], { phase: { kind: 'starting' } }],
    ['reopening: the answer from before does not end it', [answered({}, { state: 'ended' }), start, answered({}, { state: 'ended' })], { phase: { kind: 'starting' } }],
    ['on air', [answered(), start, published], { phase: { kind: 'live' }, sinceMs: 7000 }],
    ['upload seen', [answered(), start, published, { type: 'health', health }], { health }],
    ['late health after the end', [answered(), start, published, { type: 'end' }, { type: 'health', health }], { phase: { kind: 'ended' }, health: null }],
    ['line broke', [answered(), start, published, lost(0)], { phase: { kind: 'reconnecting', tries: 0, retryMs: null }, health: null }],
    ['waits for the next try', [answered(), start, published, lost(0), lost(1, 9000)], { phase: { kind: 'reconnecting', tries: 1, retryMs: 9000 } }],
    ['back again, and the clock went on', [answered(), start, published, lost(0), { type: 'published', atMs: 9999 }], { phase: { kind: 'live' }, sinceMs: 7000 }],
    ['the phone took over', [answered(), start, published, lost(0), { type: 'superseded', by: 'whip' }], { phase: { kind: 'superseded', by: 'whip' } }],
    ['taken back', [answered(), start, published, lost(0), { type: 'superseded', by: 'whip' }, start, published], { phase: { kind: 'live' } }],
    ['superseded means nothing to who does not teach', [answered(), { type: 'superseded', by: 'rtmp' }], { phase: { kind: 'before' } }],
    ['refused', [answered(), start, { type: 'refused' }], { phase: { kind: 'before', refused: true } }],
    ['ended from elsewhere', [answered(), start, published, answered({}, { state: 'ended' })], { phase: { kind: 'ended' } }],
    ['the other device ended it', [answered(), start, published, lost(0), { type: 'superseded', by: 'whip' }, answered({}, { state: 'ended' })], { phase: { kind: 'ended' } }],
    ['opened again from elsewhere', [answered({}, { state: 'ended' }), answered({}, { state: 'interrupted' })], { phase: { kind: 'before' } }],
    ['server away in class', [answered(), start, published, { type: 'unreachable' }], { phase: { kind: 'live' }, offline: true }],
    ['late break after the end', [answered(), start, published, { type: 'end' }, lost(1)], { phase: { kind: 'ended' } }],
    ['a test does not outlive the start', [answered(), { type: 'preflight', preflight: { kind: 'running', done: 0.5, kbps: 1 } }, start], { preflight: { kind: 'none' } }],
    ['muted', [answered(), { type: 'capture', capture: { muted: true } }], { capture: { muted: true, step: 'closed' } }],
  ];
  it.each(table)('%s', (_, events, expected) => {
    expect(after(...events)).toMatchObject(expected);
  });
  it('counts class time from the server’s first frame, on whichever device', () => {
    const first = after(answered(), start, published);
    const later = after(answered({}, { started_at: 940_000 }));
    expect(first.kind === 'teaching' && elapsed(first, 67_000)).toBe(60);
    expect(later.kind === 'teaching' && elapsed(later, 5_000_000)).toBe(60);
  });
});

describe('how the upload fares', () => {
  const uplink = (changed: Partial<Uplink> = {}): Uplink => ({
    atMs: 0, bytes: 0, audioPackets: 0, frames: 0, height: 720, limited: 'none', audioLost: 0, videoLost: 0, roundTripMs: 40, ...changed,
  });
  const now = (changed: Partial<Uplink> = {}): Uplink => uplink({ atMs: 2000, bytes: 250_000, audioPackets: 100, frames: 60, ...changed });
  const camera: Wanted = { source: 'camera', muted: false, height: 720 };
  const table: readonly (readonly [string, Partial<Uplink>, Partial<Wanted>, Health])[] = [
    ['all well', {}, {}, { kbps: 1000, sound: 'good', picture: 'good', line: 'good' }],
    ['the issue’s example', { bytes: 105_000, limited: 'bandwidth' }, {}, { kbps: 420, sound: 'good', picture: 'reduced', line: 'weak' }],
    ['sent smaller', { height: 360 }, {}, { kbps: 1000, sound: 'good', picture: 'reduced', line: 'weak' }],
    ['few pictures', { frames: 12 }, {}, { kbps: 1000, sound: 'good', picture: 'reduced', line: 'weak' }],
    ['old computer', { limited: 'cpu' }, {}, { kbps: 1000, sound: 'good', picture: 'busy', line: 'weak' }],
    ['frozen camera', { frames: 0 }, {}, { kbps: 1000, sound: 'good', picture: 'stopped', line: 'bad' }],
    ['a page nobody turns', { frames: 0 }, { source: 'screen' }, { kbps: 1000, sound: 'good', picture: 'good', line: 'good' }],
    ['lossy', { audioLost: 0.05 }, {}, { kbps: 1000, sound: 'good', picture: 'good', line: 'weak' }],
    ['very lossy', { audioLost: 0.2 }, {}, { kbps: 1000, sound: 'rough', picture: 'good', line: 'bad' }],
    ['far away', { roundTripMs: 900 }, {}, { kbps: 1000, sound: 'good', picture: 'good', line: 'weak' }],
    ['nothing known of the far end', { audioLost: null, videoLost: null, roundTripMs: null }, {}, { kbps: 1000, sound: 'good', picture: 'good', line: 'good' }],
    ['no sound leaves', { audioPackets: 0 }, {}, { kbps: 1000, sound: 'none', picture: 'good', line: 'bad' }],
    ['muted', { audioPackets: 0 }, { muted: true }, { kbps: 1000, sound: 'muted', picture: 'good', line: 'good' }],
    ['no camera', { frames: 0, height: null }, { source: 'none' }, { kbps: 1000, sound: 'good', picture: 'off', line: 'good' }],
    ['counter that went back', { bytes: -5 }, {}, { kbps: 0, sound: 'good', picture: 'good', line: 'good' }],
  ];
  it.each(table)('%s', (_, changed, wanted, expected) => {
    expect(healthOf(uplink(), now(changed), { ...camera, ...wanted })).toEqual(expected);
  });

  it('reads a stats report', () => {
    const report = [
      { type: 'outbound-rtp', kind: 'audio', bytesSent: 1000, headerBytesSent: 200, packetsSent: 50 },
      { type: 'outbound-rtp', kind: 'video', bytesSent: 9000, headerBytesSent: 300, packetsSent: 10, framesSent: 30, frameHeight: 360, qualityLimitationReason: 'bandwidth' },
      { type: 'remote-inbound-rtp', kind: 'audio', fractionLost: 0.01, roundTripTime: 0.05 },
      { type: 'remote-inbound-rtp', kind: 'video', fractionLost: 0.02 },
      { type: 'transport' },
    ];
    expect(readUplink(report, 5)).toEqual({
      atMs: 5, bytes: 10_500, audioPackets: 50, frames: 30, height: 360, limited: 'bandwidth', audioLost: 0.01, videoLost: 0.02, roundTripMs: 50,
    });
    expect(readUplink([], 5)).toEqual({
      atMs: 5, bytes: 0, audioPackets: 0, frames: 0, height: null, limited: 'none', audioLost: null, videoLost: null, roundTripMs: null,
    });
  });
});

describe('the test before class', () => {
  const probes = (kbps: number, count = 10) => Array.from({ length: count }, () => ({ bytes: kbps * 125, ms: 1000 }));
  const fine: Measured = { probes: probes(3000), peaks: Array<number>(200).fill(0.2), framesPerSecond: 30, echoDb: 1 };
  const table: readonly (readonly [string, Partial<Measured>, object])[] = [
    ['all well', {}, { kbps: 3000, line: 'good', microphone: 'good', camera: 'good', echo: 'clean', overall: 'ready' }],
    ['fair line', { probes: probes(800) }, { line: 'fair', overall: 'usable' }],
    ['slow line', { probes: probes(200) }, { line: 'sound-only', overall: 'usable' }],
    ['line of no use', { probes: probes(50) }, { line: 'bad', overall: 'fix' }],
    ['nothing arrived', { probes: [{ bytes: 16_384, ms: null }] }, { kbps: 0, line: 'bad', overall: 'fix' }],
    ['half of it failed', { probes: [...probes(3000, 4), ...Array<{ bytes: number; ms: null }>(6).fill({ bytes: 1, ms: null })] }, { line: 'bad' }],
    ['dead microphone', { peaks: Array<number>(200).fill(0.0005) }, { microphone: 'silent', overall: 'fix' }],
    ['no microphone', { peaks: [] }, { microphone: 'silent', overall: 'fix' }],
    ['quiet', { peaks: Array<number>(200).fill(0.01) }, { microphone: 'quiet', overall: 'usable' }],
    ['one slammed door is no voice', { peaks: [1, ...Array<number>(199).fill(0.0005)] }, { microphone: 'silent' }],
    ['too loud', { peaks: Array<number>(200).fill(1) }, { microphone: 'loud', overall: 'usable' }],
    ['slow camera', { framesPerSecond: 7 }, { camera: 'slow', overall: 'usable' }],
    ['no camera', { framesPerSecond: null }, { camera: 'none', overall: 'usable' }],
    ['echo', { echoDb: 25 }, { echo: 'echo', overall: 'usable' }],
    ['echo not measured', { echoDb: null }, { echo: 'unknown', overall: 'ready' }],
  ];
  it.each(table)('%s', (_, changed, expected) => {
    expect(judge({ ...fine, ...changed })).toMatchObject(expected);
  });
  it('does not count the connection’s own cost', () => {
    expect(uplinkKbps([{ bytes: 1000, ms: 4000 }, ...probes(900, 3)])).toBe(900);
    expect(uplinkKbps([])).toBe(0);
  });
  it.each([
    [[], 16_384],
    [[{ bytes: 16_384, ms: null }], 16_384],
    [[{ bytes: 16_384, ms: 4000 }], 16_384],
    [[{ bytes: 16_384, ms: 100 }], 81_920],
    [[{ bytes: 16_384, ms: 1 }], 262_144],
  ])('after %j uploads %d bytes', (sent, expected) => {
    expect(nextProbeBytes(sent)).toBe(expected);
  });
  it.each([[0, 0], [0.001, 0], [0.1, 2 / 3], [1, 1], [2, 1]])('meter at %d', (amplitude, expected) => {
    expect(meter(amplitude)).toBeCloseTo(expected, 3);
  });
});

describe('republish', () => {
  it.each([
    [0, 0, 0],
    [1, 1000, 2000],
    [2, 1000, 4000],
    [3, 1000, 8000],
    [4, 1000, 10_000],
    [50, 1000, 10_000],
  ])('after %d failures', (failures, min, max) => {
    expect(republishDelay(failures, 0)).toBe(min);
    expect(republishDelay(failures, 0.999999)).toBeCloseTo(max, -1);
  });
});
