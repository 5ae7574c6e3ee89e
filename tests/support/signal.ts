import { WebSocket } from 'ws';

import type { Server } from './server';
import { waitFor } from './wait';

export type Frame = Readonly<Record<string, unknown>> & { readonly t: string };

/** A websocket client that nobody here wrote (npm's ws), and everything it was told. */
export class SignalClient {
  readonly told: Frame[] = [];
  closed: { readonly code: number; readonly reason: string } | null = null;
  readonly #socket: WebSocket;

  private constructor(url: string) {
    this.#socket = new WebSocket(url, 'tongke.v1');
    this.#socket.on('message', (data) => this.told.push(JSON.parse(String(data)) as Frame));
    this.#socket.on('close', (code, reason) => {
      this.closed = { code, reason: String(reason) };
    });
    this.#socket.on('error', () => undefined); // a close follows
  }

  /** Connects and says hello, or resumes; resolves when it was welcomed. */
  static async enter(server: Server, token: string, more: object = {}): Promise<SignalClient> {
    const client = await SignalClient.connect(server);
    client.say({ t: 'epoch' in more ? 'resume' : 'hello', token, ...more });
    await client.hears('welcome');
    return client;
  }
  static async connect(server: Server): Promise<SignalClient> {
    const client = new SignalClient(`ws://127.0.0.1:${server.ports.signal}/signal`);
    await waitFor(() => client.#socket.readyState === WebSocket.OPEN, { what: 'websocket open' });
    return client;
  }

  say(frame: object): void {
    this.#socket.send(JSON.stringify(frame));
  }
  frames(t: string): readonly Frame[] {
    return this.told.filter((frame) => frame.t === t);
  }
  /** The first frame of a type that fits, once it has come. */
  hears(t: string, fits: (frame: Frame) => boolean = () => true, ms = 15_000): Promise<Frame> {
    return waitFor(() => this.frames(t).find(fits), { ms, what: `a frame "${t}"; told: ${JSON.stringify(this.told.slice(-5))}` });
  }
  async ends(ms = 15_000): Promise<number> {
    const closed = await waitFor(() => this.closed, { ms, what: 'websocket closed' });
    return closed.code;
  }
  /** Says a heartbeat, and waits until it was taken. */
  async beats(media_time = 1000, state = 'playing'): Promise<void> {
    const before = this.frames('beat').length;
    this.say({ t: 'presence', media_time, state });
    await waitFor(() => this.frames('beat').length > before, { ms: 15_000, what: 'a beat' });
  }
  /** As a phone that loses its network. */
  vanish(): void {
    this.#socket.terminate();
  }
}
