import { backOff } from '../core/delay';
import { decodeServer, type Play, type ServerMessage, type Who } from './messages';
import type { TeachingSaying } from './teaching';

/** What a player does, told every heartbeat and whenever `state` changes. */
export interface Presence {
  readonly mediaMs: number;
  readonly state: Play;
  readonly rendition: string | null;
}

/** What a page says besides its presence; times are milliseconds of the lesson. */
export type Saying =
  | { readonly t: 'note'; readonly media_time: number; readonly text: string; readonly room?: string }
  | { readonly t: 'freeze'; readonly on: boolean; readonly room?: string }
  | { readonly t: 'unclear'; readonly media_time: number }
  | { readonly t: 'companion'; readonly who: Who }
  | { readonly t: 'sibling'; readonly token: string }
  | TeachingSaying;

export interface SignalOptions {
  readonly url: string;
  readonly token: string;
  /** The same for as long as this page is open, reloads included. */
  readonly device: string;
  readonly screen: 'phone' | 'tv' | 'computer';
  /** @param frame the same as it came, for pages that understand more */
  readonly onMessage: (message: ServerMessage, frame: unknown) => void;
  /** Connected, or not; `final` is the code of a close after which nobody comes back. */
  readonly onLine?: (up: boolean, final: number | null) => void;
  readonly random?: () => number;
  /** For tests. */
  readonly open?: (url: string) => WebSocket;
}

export interface Signal {
  presence(now: Presence): void;
  /** False when nobody is listening: nothing is kept for later. */
  say(what: Saying): boolean;
  stop(): void;
}

const kSubprotocol = 'tongke.v1';
const kAnswerMs = 10_000;
/** The server takes two frames a second on the long run. */
const kSpacingMs = 1500;
/** Said by the server: coming back would change nothing. (docs/protocol.md, close codes) */
const kFinal: readonly number[] = [4400, 4404, 4409, 4410, 4411];
/** A server that restarts sends a whole school away at once. */
const kRestarting = 1001;
const kRestartSpreadMs = 10_000;

/** A connection that comes back by itself, and gets what it missed exactly once. */
export function startSignal(options: SignalOptions): Signal {
  const random = options.random ?? Math.random;
  const open = options.open ?? ((url: string): WebSocket => new WebSocket(url, kSubprotocol));
  let socket: WebSocket | null = null;
  let point: { epoch: string; seq: number } | null = null;
  let welcomed = false;
  let heartbeatMs = 30_000;
  let failures = 0;
  let stopped = false;
  let latest: Presence | null = null;
  let saidState: Play | null = null;
  let saidAt = -Infinity;
  let retry: ReturnType<typeof setTimeout> | undefined;
  let beat: ReturnType<typeof setTimeout> | undefined;
  let answer: ReturnType<typeof setTimeout> | undefined;

  const say = (frame: object): void => {
    if (socket !== null && socket.readyState === 1) socket.send(JSON.stringify(frame));
  };
  const expectAnswer = (): void => {
    clearTimeout(answer);
    answer = setTimeout(() => lost(0), kAnswerMs); // half-open: the other end is long gone
  };

  const tell = (): void => {
    clearTimeout(beat);
    if (stopped || !welcomed) return;
    if (latest !== null) {
      saidState = latest.state;
      saidAt = Date.now();
      const rendition = latest.rendition === null ? {} : { rendition: latest.rendition };
      say({ t: 'presence', media_time: Math.max(0, Math.round(latest.mediaMs)), state: latest.state, ...rendition });
      expectAnswer();
    }
    beat = setTimeout(tell, heartbeatMs * (0.9 + 0.2 * random()));
  };

  const onText = (data: unknown): void => {
    let message: ServerMessage;
    let frame: unknown;
    try {
      frame = typeof data === 'string' ? JSON.parse(data) : null;
      message = decodeServer(frame);
    } catch {
      return; // a frame that makes no sense is worth less than the connection
    }
    clearTimeout(answer);
    if (message.t === 'welcome') {
      failures = 0;
      welcomed = true;
      heartbeatMs = message.heartbeatMs;
      if (point === null || !message.resumed) point = { epoch: message.epoch, seq: 0 };
      options.onLine?.(true, null);
      options.onMessage(message, frame);
      tell();
      return;
    }
    if ('seq' in message && point !== null) {
      if (message.t !== 'beat' && message.seq <= point.seq) return; // had it
      point.seq = Math.max(point.seq, message.seq);
    }
    options.onMessage(message, frame);
  };

  const lost = (code: number): void => {
    const old = socket;
    socket = null;
    welcomed = false;
    saidState = null;
    clearTimeout(beat);
    clearTimeout(answer);
    if (old !== null) {
      old.onopen = old.onmessage = old.onclose = null;
      old.close();
    }
    if (stopped) return;
    const final = kFinal.indexOf(code) >= 0;
    options.onLine?.(false, final ? code : null);
    if (final) return;
    failures += 1;
    clearTimeout(retry);
    const delay = code === kRestarting ? 1000 + random() * kRestartSpreadMs : backOff(failures, random());
    retry = setTimeout(connect, delay);
  };

  const connect = (): void => {
    clearTimeout(retry);
    if (stopped || socket !== null) return;
    const made = open(options.url);
    socket = made;
    made.onopen = () => {
      const { token, device, screen } = options;
      say(point === null ? { t: 'hello', token, device, screen } : { t: 'resume', token, device, screen, ...point });
      expectAnswer();
    };
    made.onmessage = (event: MessageEvent) => onText(event.data);
    made.onclose = (event: CloseEvent) => lost(event.code);
  };

  const onOnline = (): void => {
    failures = 0;
    if (socket === null && !stopped) connect();
  };
  const onHide = (): void => say({ t: 'bye' });
  globalThis.addEventListener?.('online', onOnline);
  globalThis.addEventListener?.('pagehide', onHide);
  connect();

  return {
    presence(now) {
      latest = now;
      if (!welcomed || now.state === saidState) return;
      clearTimeout(beat);
      beat = setTimeout(tell, Math.max(0, saidAt + kSpacingMs - Date.now()));
    },
    say(what) {
      if (!welcomed || socket === null || socket.readyState !== 1) return false;
      say(what);
      return true;
    },
    stop() {
      say({ t: 'bye' });
      stopped = true;
      globalThis.removeEventListener?.('online', onOnline);
      globalThis.removeEventListener?.('pagehide', onHide);
      clearTimeout(retry);
      lost(0);
    },
  };
}
