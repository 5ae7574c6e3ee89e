import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:https';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { publish } from '../support/media';
import type { Running } from '../support/process';
import { type Lesson, Server } from '../support/server';
import { waitFor } from '../support/wait';

// RTMP within TLS: there with a certificate, beside the plain door.

let server: Server;
const folder = mkdtempSync(join(tmpdir(), 'tongke-rtmps-'));
const running: Running[] = [];

beforeAll(async () => {
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
  server = await Server.start({ env: { TONGKE_HTTP_TLS_CERTIFICATE: cert, TONGKE_HTTP_TLS_KEY: key } });
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.stop()));
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true, force: true });
});

function keep(one: Running): Running {
  running.push(one);
  return one;
}

/** The certificate is nobody's. */
const fetched = (path: string): Promise<string> =>
  new Promise((resolve, reject) => {
    get(`https://127.0.0.1:${server.ports.http}${path}`, { rejectUnauthorized: false }, (response) => {
      let body = '';
      response.on('data', (piece: Buffer) => (body += piece.toString())).on('end', () => resolve(body));
    }).on('error', reject);
  });
async function state(token: string): Promise<string | undefined> {
  return (JSON.parse(await fetched(`/api/v1/watch/${token}`)) as { lesson?: { state?: string } }).lesson?.state;
}
async function malformed(protocol: string): Promise<number> {
  const found = new RegExp(`^tongke_ingest_malformed_total\\{protocol="${protocol}"\\} (\\d+)`, 'm').exec(await fetched('/metrics'));
  return Number(found?.[1] ?? 0);
}
function rtmps(lesson: Lesson): string {
  const { rtmps: url } = lesson as Lesson & { readonly rtmps?: string };
  if (url === undefined) throw new Error('the lesson has no rtmps address');
  expect(url).toMatch(/^rtmps:\/\/127\.0\.0\.1:\d+\/live\//);
  return url;
}
const portOf = (url: string): number => Number(new URL(url.replace('rtmps:', 'https:')).port);

describe('RTMPS', () => {
  it('takes ffmpeg, and so does RTMP beside it', async () => {
    for (const address of [rtmps, ({ rtmp }: Lesson) => rtmp]) {
      const lesson = await server.createLesson();
      const { token } = await server.link(lesson.id);
      const teacher = keep(publish(address(lesson)));
      await waitFor(async () => (await state(token)) === 'live', { ms: 15_000, what: 'on air' });
      await teacher.stop();
      await waitFor(async () => (await state(token)) === 'interrupted', { ms: 15_000, what: 'off air' });
    }
  });

  it('tells a publisher whose lesson is ended, and refuses a wrong key', async () => {
    const lesson = await server.createLesson();
    const { token } = await server.link(lesson.id);
    const wrong = keep(publish(rtmps(lesson).replace(lesson.publish_key, 'wrong-key')));
    expect((await wrong.ended(10_000)).code).not.toBe(0);
    expect(await state(token)).toBe('waiting');
    const older = keep(publish(rtmps(lesson)));
    await waitFor(async () => (await state(token)) === 'live', { ms: 15_000, what: 'on air' });
    const newer = keep(publish(rtmps(lesson)));
    expect((await older.ended(15_000)).code).not.toBe(0);
    await waitFor(async () => (await state(token)) === 'live', { ms: 15_000, what: 'on air again' });
    expect(newer.end).toBeNull();
  });

  it('drops who speaks no TLS, and RTMP drops who does; both are counted', async () => {
    const secure = portOf(rtmps(await server.createLesson()));
    const [before, beforePlain] = [await malformed('rtmps'), await malformed('rtmp')];
    await new Promise<void>((resolve) => {
      const plain = createConnection(secure, '127.0.0.1', () => plain.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(1536, 7)])));
      plain.on('error', () => undefined).on('close', () => resolve());
      plain.resume();
    });
    await waitFor(async () => (await malformed('rtmps')) === before + 1, { ms: 10_000, what: 'a peer without TLS is counted' });
    await new Promise<void>((resolve) => {
      const tls = connect({ port: server.ports.rtmp, host: '127.0.0.1', rejectUnauthorized: false });
      tls.on('error', () => undefined).on('close', () => resolve());
    });
    await waitFor(async () => (await malformed('rtmp')) === beforePlain + 1, { ms: 10_000, what: 'a TLS hello is counted' });
  });
});
