import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { CliError, kTongke, Server, tongke } from '../support/server';
import { run } from '../support/process';
import { waitFor } from '../support/wait';

// What the one who keeps the server sees.

const folder = mkdtempSync(join(tmpdir(), 'tongke-operating-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const config = (text: string, name = 'tongke.toml'): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

describe('a running server', () => {
  const use = useServer();

  it('is healthy, ready and measured', async () => {
    for (const path of ['/healthz', '/readyz']) expect((await fetch(`${use.server.origin}${path}`)).status).toBe(200);
    const response = await fetch(`${use.server.origin}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(await response.text()).toMatch(/^tongke_http_requests_total[ {].*\d$/m);
  });

  it('answers unknown things with problem JSON', async () => {
    const response = await fetch(`${use.server.origin}/api/v1/watch/nothing`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: expect.any(String), message: expect.any(String) } });
  });

  it('lets lessons be made, listed, ended and opened again from the command line', async () => {
    const { lesson, link } = await use.newClass('命令行');
    const list = (await use.server.tongke('lesson', 'list')) as { id: string; title: string; state: string }[];
    expect(list.find(({ id }) => id === lesson.id)).toMatchObject({ title: '命令行' });
    expect(lesson.rtmp).toContain(`:${use.server.ports.rtmp}/live/${lesson.id}?key=${lesson.publish_key}`);
    expect(lesson.srt).toContain(`streamid=publish:${lesson.id}:${lesson.publish_key}`);
    await use.server.endLesson(lesson.id);
    expect(await use.server.state(link.token)).toBe('ended');
    await use.server.tongke('lesson', 'start', lesson.id);
    expect(await use.server.state(link.token)).not.toBe('ended');
    const links = await use.server.links(lesson.id, 'pupil', 42);
    expect(new Set(links.map(({ token }) => token)).size).toBe(42);
  });

  it('gives the lead teacher a link to teach with, and nobody else', async () => {
    const { lesson, link } = await use.newClass('上课台');
    const lead = await use.server.link(lesson.id, 'lead');
    expect(lead.url).toBe(`${use.server.origin}/studio/${lead.token}`);
    expect(link.url).toBe(`${use.server.origin}/w/${link.token}`);
    const teacher = await use.server.link(lesson.id, 'teacher');
    expect(teacher.url).toBe(`${use.server.origin}/desk/${teacher.token}`);
    expect((await fetch(teacher.url)).headers.get('content-type')).toMatch(/^text\/html/);
    expect((await fetch(lead.url)).headers.get('content-type')).toMatch(/^text\/html/);
    const api = `${use.server.origin}/api/v1/studio/`;
    expect(await (await fetch(api + lead.token)).json()).toMatchObject({
      lesson: { id: lesson.id, title: '上课台', state: 'waiting' },
      publisher: null,
      whip: `/whip/${lesson.id}`,
      publish_key: lesson.publish_key,
    });
    expect((await fetch(api + link.token)).status).toBe(404);
    await fetch(`${api}${lead.token}/end`, { method: 'POST' });
    expect(await use.server.state(link.token)).toBe('ended');
    await fetch(`${api}${lead.token}/start`, { method: 'POST' });
    expect(await use.server.state(link.token)).toBe('waiting');
  });

  it.each([
    ['an unknown lesson', ['lesson', 'end', 'nosuchlesson']],
    ['an unknown role', ['link', '--lesson', 'x', '--role', 'king']],
    ['no links', ['link', '--lesson', 'x', '--role', 'pupil', '--count', '0']],
  ])('refuses %s with words', async (_, args) => {
    await expect(use.server.tongke(...args)).rejects.toThrow(CliError);
    await use.server.tongke(...args).catch((error: CliError) => {
      expect(error.code).toBe(1);
      expect(JSON.parse(error.stdout)).toMatchObject({ error: { message: expect.stringMatching(/./) } });
    });
  });

  it('refuses a second server on the same data', async () => {
    const { code, stderr } = await run(kTongke, ['serve', '--data', use.server.data], 10_000);
    expect(code).toBe(1);
    expect(stderr).not.toBe('');
  });

  it('reads its config again on SIGHUP, and says what is wrong with a broken one', async () => {
    const server = await Server.start({ config: '[log]\nlevel = "info"\n' });
    try {
      const logged = server.log.length;
      writeFileSync(server.configFile, '[log]\nlevel = "nonsense"\n');
      process.kill(server.pid, 'SIGHUP');
      await waitFor(() => /test\.toml:2/.test(server.log.slice(logged)), { what: 'the mistake is named' });
      writeFileSync(server.configFile, '[log]\nlevel = "debug"\n');
      process.kill(server.pid, 'SIGHUP');
      await waitFor(async () => {
        await fetch(`${server.origin}/healthz`);
        return server.log.length > logged;
      });
      expect(server.process.end).toBeNull();
    } finally {
      await server.close();
    }
  });
});

/** In kB. What an ended lesson may keep: its row, its entry among the recordings. */
const kRssGrowth = 4_000;

describe('start and stop', () => {
  it('is ready within a second', async () => {
    const begin = Date.now();
    const server = await Server.start();
    expect(Date.now() - begin).toBeLessThan(/san/.test(kTongke) ? 5000 : 1500);
    await server.close();
  });

  it('stops in good order in mid-lesson: publisher told, recording whole, no child left', async () => {
    const server = await Server.start();
    const lesson = await server.createLesson();
    const link = await server.link(lesson.id);
    const teacher = publish(lesson.rtmp);
    try {
      await server.becomes(link.token, 'live');
      await waitFor(() => server.children().length > 0);
      const children = server.children();
      const begin = Date.now();
      await server.stop();
      expect(Date.now() - begin).toBeLessThan(5000);
      await teacher.ended(10_000);
      await waitFor(() => children.every((pid) => !readdirSync('/proc').includes(String(pid))), { what: 'children gone' });
    } finally {
      await teacher.stop();
      await server.close();
    }
  });

  it('names a port that is taken', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '::', resolve));
    const address = squatter.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    try {
      await expect(Server.start({ env: { TONGKE_HTTP_PORT: String(port) } })).rejects.toThrow(String(port));
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  it('a hundred lessons, started and ended, leave nothing behind', async () => {
    const kWarm = 64; // as many replays as memory keeps
    const kCycles = Number(process.env['CYCLES'] ?? 100);
    const server = await Server.start();
    const clip = join(folder, 'clip.mkv');
    const made = await run('ffmpeg', ['-v', 'error', '-nostdin', ...pattern({ size: '320x180', keyframeEvery: 1, kilobits: 200, paced: false }), '-t', '60', clip]);
    expect(made.stderr).toBe('');
    const usage = (): { rss: number; threads: number; files: number } => {
      const status = readFileSync(`/proc/${server.pid}/status`, 'utf8');
      const field = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1]);
      return { rss: field('VmRSS'), threads: field('Threads'), files: readdirSync(`/proc/${server.pid}/fd`).length };
    };
    // By turns RTMP and SRT; half the teachers stop by themselves, half are ended on.
    const cycle = async (turn: number): Promise<void> => {
      const lesson = await server.createLesson();
      const link = await server.link(lesson.id);
      const teacher = publish(turn % 2 === 0 ? lesson.rtmp : lesson.srt, ['-re', '-i', clip, '-c', 'copy']);
      await server.becomes(link.token, 'live');
      if (turn % 4 < 2) await teacher.stop();
      await server.endLesson(lesson.id);
      await teacher.stop();
    };
    // Four at a time: most of a cycle is waiting for others' programs to start.
    const cycles = async (count: number): Promise<void> => {
      let next = 0;
      const lane = async (): Promise<void> => {
        while (next < count) await cycle(next++);
      };
      await Promise.all([lane(), lane(), lane(), lane()]);
      await waitFor(() => server.children().length === 0, { what: 'the children have gone' });
    };
    try {
      const idle = usage();
      // libsrt is let go a while after its last caller, and its threads with it.
      const quiet = (): Promise<unknown> => waitFor(() => usage().threads <= idle.threads, { ms: 40_000, what: `${idle.threads} threads again` });
      await cycles(kWarm);
      await quiet();
      const before = usage();
      // What leaks grows every time; what the allocator happens to keep, now and then.
      const growth: number[] = [];
      while (growth.length < 2 || (growth.length < 5 && 2 * Math.min(...growth) >= kRssGrowth)) {
        const { rss } = usage();
        await cycles(kCycles / 2);
        await quiet();
        growth.push(usage().rss - rss);
      }
      await waitFor(() => usage().files <= before.files, { ms: 10_000, what: `${before.files} files again` });
      console.info(`${kCycles / 2} lessons each time: ${growth.join(', ')} kB more than ${before.rss} kB`);
      expect(2 * Math.min(...growth), `kB of growth over ${kCycles} lessons`).toBeLessThan(kRssGrowth);
    } finally {
      await server.close();
    }
  }, 300_000 + Number(process.env['CYCLES'] ?? 100) * 8_000);
});

describe('config', () => {
  it.each([
    ['an unknown key', '[http]\nport = 8080\nprot = 1\n', /tongke\.toml:3.*http\.prot/],
    ['an unknown section', '[htpp]\nport = 8080\n', /tongke\.toml:\d.*htpp/],
    ['a number out of range', '\n[rtmp]\nport = 70000\n', /tongke\.toml:3.*rtmp\.port/],
    ['the wrong kind of value', '[http]\nport = "eighty"\n', /tongke\.toml:2.*http\.port/],
    ['broken TOML', '[http\n', /tongke\.toml:1/],
  ])('%s is named by file, line and key', async (_, text, expected) => {
    const error = await tongke(['config', 'check', config(text)]).then(
      () => null,
      (problem: unknown) => problem as CliError,
    );
    expect(error?.code).toBe(1);
    expect(error?.stderr).toMatch(expected);
  });

  it('the printed sample is a correct config', async () => {
    const { code, stdout } = await run(kTongke, ['config', 'sample']);
    expect(code).toBe(0);
    expect(await tongke(['config', 'check', config(stdout, 'sample.toml')])).toMatchObject({ ok: true });
  });

  it('a wrong environment variable is named', async () => {
    await expect(Server.start({ env: { TONGKE_HTTP_PRT: '1' } })).rejects.toThrow(/TONGKE_HTTP_PRT/);
  });
});

describe('help', () => {
  it.each([[['--help']], [['serve', '--help']], [['lesson', '--help']], [['link', '--help']], [['config', '--help']]])('%j', async (args) => {
    const { code, stdout } = await run(kTongke, args);
    expect(code).toBe(0);
    expect(stdout).toContain('tongke');
  });
  it('prints the version', async () => {
    expect(await tongke(['version'])).toMatchObject({ version: expect.stringMatching(/^\d+\.\d+\.\d+/) });
  });
});
