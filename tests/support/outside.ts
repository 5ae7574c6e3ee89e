import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { waitFor } from './wait';

export interface Got {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** Somebody's server that is told things: keeps every request, answers as it is told to, and may be down. */
export class Outside {
  readonly got: Got[] = [];
  /** Statuses for the next requests to a path; after them, 200 and a robot's yes. */
  readonly answers = new Map<string, number[]>();
  #server: Server | null = null;
  #port = 0;

  static async start(): Promise<Outside> {
    const outside = new Outside();
    await outside.up();
    return outside;
  }
  get port(): number {
    return this.#port;
  }

  /** Listens, on the same port as before. */
  async up(): Promise<void> {
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const url = new URL(request.url ?? '/', 'http://outside');
        this.got.push({ path: url.pathname, query: url.searchParams, headers: request.headers, body: Buffer.concat(parts).toString('utf8'), at: Date.now() });
        response.writeHead(this.answers.get(url.pathname)?.shift() ?? 200, { 'content-type': 'application/json' });
        response.end('{"errcode":0,"errmsg":"ok"}');
      });
    });
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }
  /** Nobody answers any more. */
  async down(): Promise<void> {
    const server = this.#server;
    if (server === null) return;
    this.#server = null;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  at(path: string): readonly Got[] {
    return this.got.filter((one) => one.path === path);
  }
  async hears(path: string, what: (got: Got) => boolean, ms = 20_000): Promise<Got> {
    return waitFor(() => this.at(path).find(what) ?? null, { ms, what: `a message to ${path}; it got ${this.at(path).length}` });
  }
}
