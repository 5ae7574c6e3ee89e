import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { type Presence, type Signal, startSignal } from '../src/signal/connection';
import { BadFrame } from '../src/signal/fields';
import { decodeServer, type ServerMessage, signalUrl } from '../src/signal/messages';
import { createNoteBoard, kShownMs } from '../src/signal/notes';

interface Fixture {
  readonly name: string;
  readonly frame: unknown;
}
const file = (path: string): unknown => JSON.parse(readFileSync(fileURLToPath(new URL(path, import.meta.url)), 'utf8'));
const serverFrames = file('../../tests/fixtures/signaling/server.json') as readonly Fixture[];
const clientFrames = file('../../tests/fixtures/signaling/client.json') as readonly { frame: string; error?: string }[];
const schema = file('../../signaling/protocol/tongke.v1.schema.json') as {
  $defs: Record<string, { properties?: Record<string, { const?: string }>; required?: string[]; oneOf?: { $ref: string }[] }>;
};

describe('decodeServer', () => {
  it.each(serverFrames.map(({ name, frame }) => [name, frame] as const))('reads the fixture "%s"', (_, frame) => {
    const message = decodeServer(frame);
    const t = (frame as { t: string }).t;
    // Teachers' pages read these; a viewer's does not.
    const others = ['roster', 'seats', 'counts', 'unclear', 'device'];
    expect(message.t).toBe(others.includes(t) ? 'other' : t);
  });

  it('takes a note apart', () => {
    const note = serverFrames.find(({ name }) => name === 'note to a room')?.frame;
    expect(decodeServer(note)).toEqual({
      t: 'note',
      seq: 18,
      from: '李老师',
      mediaTime: 754_000,
      text: '2班：第12题(2)"先别做"\n\\看黑板',
    });
  });

  it.each([
    ['null', null],
    ['a string', 'welcome'],
    ['a list', []],
    ['no type', {}],
    ['a note without text', { t: 'note', seq: 1, media_time: 2 }],
    ['a note at no time', { t: 'note', seq: 1, media_time: -2, text: 'x' }],
    ['half a number', { t: 'beat', seq: 1.5 }],
    ['an unknown state', { t: 'state', seq: 1, state: 'asleep' }],
  ])('refuses %s', (_, frame) => {
    expect(() => decodeServer(frame)).toThrow(BadFrame);
  });

  it('lets a newer server say more', () => {
    expect(decodeServer({ t: 'fireworks', seq: 3 })).toEqual({ t: 'other' });
  });
});

describe('signalUrl', () => {
  const page = { protocol: 'http:', hostname: '10.0.0.2', host: '10.0.0.2:8080' };
  it.each([
    [':8081/signal', page, 'ws://10.0.0.2:8081/signal'],
    ['/signal', { ...page, protocol: 'https:' }, 'wss://10.0.0.2:8080/signal'],
    ['//evil.example/signal', page, null],
    ['wss://evil.example', page, null],
    [':8081@evil.example/', page, null],
    ['', page, null],
  ])('%s', (where, at, expected) => {
    expect(signalUrl(where, at)).toBe(expected);
  });
});

describe('note board', () => {
  const note = (seq: number, mediaTime: number) => ({ seq, mediaTime, from: null, text: `n${seq}` });
  it('shows a note when the player reaches it, wherever it is, and not for ever', () => {
    const board = createNoteBoard();
    board.add(note(2, 60_000), 0);
    board.add(note(1, 10_000), 0);
    board.add(note(1, 10_000), 0);
    expect(board.at(9_999)).toEqual([]);
    expect(board.at(10_000).map(({ seq }) => seq)).toEqual([1]);
    expect(board.at(10_000 + kShownMs)).toEqual([]);
    expect(board.at(61_000).map(({ seq }) => seq)).toEqual([2]);
    board.add(note(3, 60_500), 0);
    expect(board.at(61_000).map(({ seq }) => seq)).toEqual([3, 2]);
    // For somebody five minutes behind.
    board.add(note(4, 400_000), 100_000);
    expect(board.at(399_999)).toEqual([]);
    expect(board.at(400_000).map(({ seq }) => seq)).toEqual([4]);
    board.clear();
    expect(board.at(61_000)).toEqual([]);
  });

  it('shows what comes after its moment from then on, unless it is long past', () => {
    const board = createNoteBoard();
    board.add(note(1, 10_000), 40_000);
    board.add(note(2, 10_000), 80_000);
    expect(board.at(41_000).map(({ seq }) => seq)).toEqual([1]);
    expect(board.at(40_000 + kShownMs)).toEqual([]);
    expect(board.at(81_000)).toEqual([]);
    expect(board.at(11_000)).toHaveLength(2); // a rewind meets both
  });
});

/** A websocket that the test holds the other end of. */
class Line {
  readonly said: Record<string, unknown>[] = [];
  readyState = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  send(text: string): void {
    this.said.push(JSON.parse(text) as Record<string, unknown>);
  }
  close(): void {
    this.readyState = 3;
  }
  up(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  hear(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  drop(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

describe('startSignal', () => {
  let lines: Line[] = [];
  let heard: ServerMessage[] = [];
  let signal: Signal | null = null;
  let ups: [boolean, number | null][] = [];
  const playing: Presence = { mediaMs: 61_234.6, state: 'playing', rendition: null };
  const welcome = { t: 'welcome', epoch: 'k3m9', seq: 5, resumed: false, state: 'live', frozen: false, heartbeat: 30 };
  const line = (): Line => {
    const last = lines[lines.length - 1];
    if (last === undefined) throw new Error('not connected');
    return last;
  };
  const note = (seq: number) => ({ t: 'note', seq, media_time: 1, text: `n${seq}` });
  const start = (): void => {
    signal = startSignal({
      url: 'ws://x/signal',
      token: 'T',
      device: 'd',
      screen: 'phone',
      onMessage: (message) => heard.push(message),
      onLine: (up, final) => ups.push([up, final]),
      random: () => 0.5,
      open: () => {
        const made = new Line();
        lines.push(made);
        return made as unknown as WebSocket;
      },
    });
  };
  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    heard = [];
    ups = [];
    start();
  });
  afterEach(() => {
    signal?.stop();
    vi.useRealTimers();
  });

  it('says hello, then what the player does: at once, each heartbeat, and when it changes', () => {
    signal?.presence(playing);
    line().up();
    expect(line().said).toEqual([{ t: 'hello', token: 'T', device: 'd', screen: 'phone' }]);
    line().hear(welcome);
    expect(line().said[1]).toEqual({ t: 'presence', media_time: 61_235, state: 'playing' });
    line().hear({ t: 'beat', seq: 5 });
    vi.advanceTimersByTime(30_000);
    expect(line().said).toHaveLength(3);
    line().hear({ t: 'beat', seq: 5 });
    signal?.presence({ ...playing, state: 'stalled' });
    vi.advanceTimersByTime(1500);
    expect(line().said[3]).toMatchObject({ state: 'stalled' });
  });

  it('says what the page asks for while somebody listens, and tells when nobody does', () => {
    expect(signal?.say({ t: 'unclear', media_time: 5 })).toBe(false);
    line().up();
    line().hear(welcome);
    expect(signal?.say({ t: 'companion', who: 'mother' })).toBe(true);
    expect(line().said[1]).toEqual({ t: 'companion', who: 'mother' });
    line().drop(1006);
    expect(signal?.say({ t: 'unclear', media_time: 5 })).toBe(false);
  });

  it('tells the page whether it is connected, and when it will never be again', () => {
    line().up();
    line().hear(welcome);
    line().drop(1006);
    vi.advanceTimersByTime(2000);
    line().up();
    line().hear({ ...welcome, resumed: true });
    line().drop(4410);
    expect(ups).toEqual([[true, null], [false, null], [true, null], [false, 4410]]);
  });

  it('says only what the schema of clients knows', () => {
    signal?.presence({ ...playing, rendition: 'audio' });
    line().up();
    line().hear(welcome);
    line().drop(1006);
    vi.advanceTimersByTime(2000);
    line().up();
    signal?.stop();
    const known = (schema.$defs['client']?.oneOf ?? []).map(({ $ref }) => schema.$defs[$ref.replace('#/$defs/', '')]);
    for (const frame of lines.flatMap(({ said }) => said)) {
      const type = known.find((one) => one?.properties?.['t']?.const === frame['t']);
      expect(Object.keys(type?.properties ?? {})).toEqual(expect.arrayContaining(Object.keys(frame)));
      expect(Object.keys(frame)).toEqual(expect.arrayContaining(type?.required ?? []));
    }
    expect(clientFrames.some(({ frame, error }) => error === undefined && frame.includes('"resume"'))).toBe(true);
  });

  it('a flapping player is told at the pace the server takes', () => {
    line().up();
    line().hear(welcome);
    for (let i = 0; i < 100; i += 1) {
      signal?.presence({ ...playing, state: i % 2 === 0 ? 'stalled' : 'playing' });
      vi.advanceTimersByTime(100);
      line().hear({ t: 'beat', seq: 5 });
    }
    expect(line().said.length).toBeLessThan(10);
  });

  it('resumes where it left off and hears nothing twice', () => {
    line().up();
    line().hear(welcome);
    line().hear(note(6));
    line().drop(1006);
    vi.advanceTimersByTime(1000);
    expect(lines).toHaveLength(2);
    line().up();
    expect(line().said[0]).toMatchObject({ t: 'resume', epoch: 'k3m9', seq: 6 });
    line().hear({ ...welcome, resumed: true, seq: 8 });
    line().hear(note(6));
    line().hear(note(7));
    line().hear(note(8));
    expect(heard.filter(({ t }) => t === 'note').map((message) => 'seq' in message && message.seq)).toEqual([6, 7, 8]);
  });

  it('starts over when the server knows another past', () => {
    line().up();
    line().hear(welcome);
    line().hear(note(900));
    line().drop(1006);
    vi.advanceTimersByTime(1000);
    line().up();
    line().hear({ ...welcome, epoch: 'other', seq: 2 });
    line().hear(note(1));
    expect(heard.filter(({ t }) => t === 'note')).toHaveLength(2);
    line().drop(1006);
    vi.advanceTimersByTime(2000);
    line().up();
    expect(line().said[0]).toMatchObject({ epoch: 'other', seq: 1 });
  });

  it('backs off, up to half a minute and a bit, and never gives up', () => {
    for (const wait of [1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]) {
      line().drop(1006);
      const before = lines.length;
      vi.advanceTimersByTime(wait - 1);
      expect(lines).toHaveLength(before);
      vi.advanceTimersByTime(1);
      expect(lines).toHaveLength(before + 1);
    }
  });

  it('comes back to a restarting server at a moment of its own', () => {
    line().up();
    line().hear(welcome);
    line().drop(1001);
    vi.advanceTimersByTime(5999);
    expect(lines).toHaveLength(1);
    vi.advanceTimersByTime(1);
    expect(lines).toHaveLength(2);
  });

  it.each([4400, 4404, 4409, 4410, 4411])('stays away after %i', (code) => {
    line().up();
    line().drop(code);
    vi.advanceTimersByTime(3_600_000);
    expect(lines).toHaveLength(1);
  });

  it('notices that nobody answers', () => {
    signal?.presence(playing);
    line().up();
    line().hear(welcome);
    vi.advanceTimersByTime(10_000 + 1000);
    expect(lines).toHaveLength(2);
  });

  it('is not put off by frames that make no sense', () => {
    line().up();
    line().hear(welcome);
    line().onmessage?.({ data: '{' });
    line().onmessage?.({ data: new ArrayBuffer(3) });
    line().hear({ t: 'note' });
    line().hear(note(6));
    expect(heard.map(({ t }) => t)).toEqual(['welcome', 'note']);
  });

  it('says goodbye', () => {
    line().up();
    line().hear(welcome);
    signal?.stop();
    expect(line().said.at(-1)).toEqual({ t: 'bye' });
    vi.advanceTimersByTime(3_600_000);
    expect(lines).toHaveLength(1);
  });
});
