import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { kRoot } from './paths';
import { Running } from './process';
import type { Server } from './server';
import { waitFor } from './wait';

/** A TCP port that is free now: nginx cannot pick one. */
async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Debian's nginx as a caching edge, with the documented configuration but for addresses and folders. */
export class Edge {
  private constructor(
    readonly origin: string,
    readonly folder: string,
    readonly running: Running,
  ) {}

  static async start(server: Server): Promise<Edge> {
    const { http, signal, edge } = server.ports;
    if (edge === undefined) throw new Error('edge.log is off');
    const folder = mkdtempSync(join(tmpdir(), 'tongke-edge-'));
    const port = await freePort();
    const changes: readonly (readonly [RegExp, string])[] = [
      [/listen 80;/, `listen 127.0.0.1:${port};`],
      [/worker_processes auto;/, 'worker_processes 1;'],
      [/10\.0\.0\.1:8080/g, `127.0.0.1:${http}`],
      [/10\.0\.0\.1:8081/g, `127.0.0.1:${signal}`],
      [/10\.0\.0\.1:5514/g, `127.0.0.1:${edge}`],
      [/\/var\/log\/nginx\/error\.log/, `${folder}/error.log`],
      [/\/dev\/shm\/tongke-edge/, `${folder}/cache`],
      [/^http \{/m, `http {\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((one) => `${one}_temp_path ${folder}/${one};`).join('\n')}`],
    ];
    let text = readFileSync(`${kRoot}docs/edge/nginx.conf`, 'utf8');
    for (const [what, by] of changes) {
      if (text.search(what) < 0) throw new Error(`docs/edge/nginx.conf has no ${what.source}`);
      text = text.replace(what, by);
    }
    mkdirSync(folder, { recursive: true });
    const conf = join(folder, 'nginx.conf');
    writeFileSync(conf, text);
    const user = process.getuid?.() === 0 ? ' user root;' : ''; // its workers read this folder
    const running = new Running('nginx', ['-c', conf, '-e', `${folder}/error.log`, '-g', `daemon off; pid ${folder}/pid;${user}`]);
    const made = new Edge(`http://127.0.0.1:${port}`, folder, running);
    await waitFor(
      async () => {
        if (running.end !== null) throw new Error(`nginx ended: ${running.end.stderr}${made.errors}`);
        return (await fetch(`${made.origin}/healthz`)).ok;
      },
      { ms: 15_000, what: 'nginx' },
    );
    return made;
  }

  /** What it wrote to its error log. */
  get errors(): string {
    try {
      return readFileSync(join(this.folder, 'error.log'), 'utf8');
    } catch {
      return '';
    }
  }
  /** An address of the server's, at the edge. */
  of(url: string): string {
    return this.origin + new URL(url).pathname;
  }
  async close(): Promise<void> {
    await this.running.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
