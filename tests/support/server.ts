import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { kPages, kRoot } from './paths';
import { place } from './place';
import { type Ended, run, Running } from './process';
import { waitFor } from './wait';

/** The real thing: `tongke serve` of a preset, on free ports and a folder of its own. */

export const kPreset = process.env['TONGKE_PRESET'] ?? 'release';
const kPrograms = `${kRoot}build/${kPreset}/`;
export const kTongke = process.env['TONGKE'] ?? `${kPrograms}tongke`;
export const kRtspCamera = `${kPrograms}rtsp_camera`;

/** Sanitizers make everything slower; deadlines know. */
const kSlow = /san/.test(kPreset) ? 4 : 1;

export interface Ready {
  readonly http: number;
  readonly rtmp: number;
  readonly srt: number;
  readonly signal: number;
  readonly webrtc: number;
  /** UDP, where it hears the logs of edges; with edge.log only. */
  readonly edge?: number;
}

export interface Lesson {
  readonly id: string;
  readonly publish_key: string;
  readonly rtmp: string;
  readonly srt: string;
  readonly whip: string;
  readonly whep: string;
  readonly hls: string;
}

export interface Link {
  readonly token: string;
  readonly url: string;
  readonly hls: string;
  readonly whep: string;
}

export interface ServerOptions {
  /** TOML; free ports and the built pages are set by environment. */
  readonly config?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** A folder that holds something already; removed in the end like a fresh one. */
  readonly data?: string;
}

export class Server {
  readonly data: string;
  readonly #options: ServerOptions;
  #running: Running | null = null;
  #ready: Ready | null = null;

  private constructor(options: ServerOptions) {
    this.#options = options;
    this.data = options.data ?? mkdtempSync(join(tmpdir(), 'tongke-data-'));
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const server = new Server(options);
    await server.up();
    return server;
  }

  get ports(): Ready {
    if (this.#ready === null) throw new Error('the server is not up');
    return this.#ready;
  }
  get origin(): string {
    return `http://127.0.0.1:${this.ports.http}`;
  }
  get pid(): number {
    return this.process.pid;
  }
  get process(): Running {
    if (this.#running === null) throw new Error('the server is not up');
    return this.#running;
  }
  get log(): string {
    return this.#running?.stderr ?? '';
  }
  get configFile(): string {
    return join(this.data, 'test.toml');
  }

  /** Starts, or starts again on the same ports and data. */
  async up(): Promise<Ready> {
    if (!existsSync(kTongke)) throw new Error(`${kTongke} is missing: build the preset "${kPreset}" first`);
    const at = this.#ready;
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      TONGKE_HTTP_PORT: String(at?.http ?? 0),
      TONGKE_RTMP_PORT: String(at?.rtmp ?? 0),
      TONGKE_RTMP_TLS_PORT: '0',
      TONGKE_SRT_PORT: String(at?.srt ?? 0),
      TONGKE_SIGNALING_PORT: String(at?.signal ?? 0),
      TONGKE_WEBRTC_PORT: String(at?.webrtc ?? 0),
      TONGKE_EDGE_PORT: String(at?.edge ?? 0),
      TONGKE_HTTP_PAGES: kPages,
      // Classes are not taught in the evening; unless a test says where it is, it is ten o'clock.
      ...(/^zone/m.test(this.#options.config ?? '') ? {} : { TONGKE_HOURS_ZONE: place(10).zone }),
      // How busy this machine is shall not decide which pictures a test finds.
      ...(/^\[load\]/m.test(this.#options.config ?? '') ? {} : { TONGKE_LOAD_ENABLED: 'false' }),
      TONGKE_PRESET: undefined, // for these tests, not for the server
      ...this.#options.env,
    };
    const args = ['serve', '--json', '--data', this.data, ...(this.#options.args ?? [])];
    if (this.#options.config !== undefined) {
      writeFileSync(this.configFile, this.#options.config);
      args.push('--config', this.configFile);
    }
    const running = new Running(kTongke, args, env);
    this.#running = running;
    const said = await waitFor(() => running.end ?? readyLine(running.stdout), {
      ms: 10_000 * kSlow,
      every: 10,
      what: 'server ready',
    });
    if ('stderr' in said) throw new Error(`server ended: ${said.stderr.slice(-2000)}`);
    this.#ready = said;
    return this.#ready;
  }

  /** Takes over another configuration, as far as that is done while running. */
  reload(config: string): void {
    writeFileSync(this.configFile, config);
    process.kill(this.pid, 'SIGHUP');
  }

  /** A number of /metrics. */
  async metric(name: string): Promise<number> {
    const text = await (await fetch(`${this.origin}/metrics`)).text();
    const line = text.split('\n').find((one) => one.startsWith(`${name} `));
    return Number(line?.slice(name.length + 1));
  }

  /** SIGTERM; a server that does not stop cleanly fails the test. */
  async stop(): Promise<Ended> {
    const ended = await this.process.stop('SIGTERM', 10_000 * kSlow);
    if (ended.code !== 0) throw new Error(`server ended with ${ended.code ?? ended.signal}: ${ended.stderr.slice(-4000)}`);
    this.#running = null;
    return ended;
  }

  /** As a power cut would. */
  async kill(): Promise<void> {
    await this.process.stop('SIGKILL');
    this.#running = null;
  }

  async close(): Promise<void> {
    try {
      if (this.#running !== null && this.#running.end === null) await this.stop();
    } finally {
      rmSync(this.data, { recursive: true, force: true });
    }
  }

  /** A command of the CLI against this server; its JSON. */
  async tongke(...args: readonly string[]): Promise<unknown> {
    return tongke([...args, '--data', this.data]);
  }

  async createLesson(title = '测试课'): Promise<Lesson> {
    return (await this.tongke('lesson', 'create', '--title', title)) as Lesson;
  }
  async endLesson(id: string): Promise<void> {
    await this.tongke('lesson', 'end', id);
  }
  async link(lesson: string, role = 'pupil'): Promise<Link> {
    const [first] = await this.links(lesson, role, 1);
    if (first === undefined) throw new Error('no link');
    return first;
  }
  async links(lesson: string, role: string, count: number): Promise<readonly Link[]> {
    return (await this.tongke('link', '--lesson', lesson, '--role', role, '--count', String(count))) as readonly Link[];
  }

  /** What /api/v1/watch says about a lesson's state. */
  async state(token: string): Promise<string> {
    const response = await fetch(`${this.origin}/api/v1/watch/${token}`);
    const body = (await response.json()) as { lesson?: { state?: string } };
    return body.lesson?.state ?? `status ${response.status}`;
  }
  async becomes(token: string, state: string, ms = 15_000): Promise<void> {
    await waitFor(async () => (await this.state(token)) === state, { ms: ms * kSlow, what: `lesson is ${state}` });
  }

  /** The names of its threads. */
  threads(): readonly string[] {
    const tasks = `/proc/${this.pid}/task/`;
    return readdirSync(tasks).flatMap((task) => (existsSync(`${tasks}${task}/comm`) ? [readFileSync(`${tasks}${task}/comm`, 'utf8').trim()] : []));
  }

  /** Processes the server has started that still live. */
  children(): readonly number[] {
    const list = readFileSync(`/proc/${this.pid}/task/${this.pid}/children`, 'utf8').trim();
    return list === '' ? [] : list.split(' ').map(Number);
  }
}

function readyLine(stdout: string): Ready | null {
  for (const line of stdout.split('\n').slice(0, -1)) {
    const value = JSON.parse(line) as Partial<Ready> & { event?: string };
    const { http, rtmp, srt, signal, webrtc, edge } = value;
    if (value.event === 'ready' && http && rtmp && srt && signal && webrtc) return { http, rtmp, srt, signal, webrtc, ...(edge !== undefined && { edge }) };
  }
  return null;
}

export class CliError extends Error {
  constructor(
    readonly code: number | null,
    readonly stdout: string,
    readonly stderr: string,
  ) {
    super(`tongke ended with ${code}: ${stderr || stdout}`);
  }
}

/** Runs the CLI with --json and parses what it prints; a failure throws CliError. */
export async function tongke(args: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await run(kTongke, [...args, '--json'], 15_000 * kSlow);
  if (code !== 0) throw new CliError(code, stdout, stderr);
  return JSON.parse(stdout);
}
