import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BetweenDouble, createBetweenDouble } from './between-double';
import { createFamilyDouble, type FamilyDouble } from './family-double';
import { createHandoverDouble, type HandoverDouble } from './handover-double';
import { createOfficeDouble, type OfficeDouble } from './office-double';
import { kPages } from './paths';
import { createRtcDouble, type RtcDouble } from './rtc-double';
import { createSignalDouble, type SignalDouble } from './signal-double';
import { createTvDouble, type TvDouble } from './tv-double';
import { waitFor } from './wait';

/** A stand-in for the server, for work on the pages alone: ffmpeg makes plain fMP4 HLS and
 *  the API says what it is told to. Whatever is about the product itself is tested against
 *  the real server in integration/ and e2e/. */
export interface Double {
  readonly origin: string;
  /** Of a pupil, of the lead teacher and of a subject teacher. */
  readonly link: string;
  readonly lead: string;
  readonly teacher: string;
  script: Script;
  /** The lesson after it: XIAOMING's link to it is `second.link`. */
  readonly second: Script & { readonly link: string };
  readonly between: BetweenDouble;
  readonly handover: HandoverDouble;
  readonly rtc: RtcDouble;
  readonly signal: SignalDouble;
  readonly office: OfficeDouble;
  readonly family: FamilyDouble;
  readonly tv: TvDouble;
  /** Bytes of test uploads that arrived. */
  uploaded: number;
  /** While true every connection is cut: a server that restarts. */
  down: boolean;
  startTeacher(lesson?: 'L1' | 'L2'): Promise<void>;
  /** Ends the playlist like the end of a lesson. */
  stopTeacher(): Promise<void>;
  close(): Promise<void>;
}

/** What the stand-in says of a lesson. */
interface Script {
  state: 'waiting' | 'live' | 'interrupted' | 'ended';
  started: boolean;
  title: string;
  mp4: string | null;
  demo: boolean;
  /** Whether the pages are offered low delay. */
  whep: boolean;
  /** Until when pages are to be content with sound, as `Date.now()` has it. */
  soundFirstUntil: number;
  /** What the timetable says, once there is one. */
  plan: { planned_start: number; planned_end: number; card: { goal: string; advice: string } } | null;
  /** What the teacher shows, as ffmpeg's lavfi makes it. */
  picture: string;
}

const kTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.m3u8': 'application/vnd.apple.mpegurl',
  '.m4s': 'video/iso.segment',
  '.mp4': 'video/mp4',
};

/** As strict as the real server's, which knows the one script inside the pages. */
const kOwnScript = /'sha256-[^']+'/.exec(readFileSync(fileURLToPath(new URL('../../relay/http/reply.cpp', import.meta.url)), 'utf8'))?.[0] ?? '';
const kPolicy =
  `default-src 'self'; media-src 'self' blob:; img-src 'self' data:; style-src 'self'; script-src 'self' ${kOwnScript}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

function teacherArgs(dir: string, picture: string): string[] {
  const video = (index: number, size: string, rate: string): string[] => [
    `-filter:v:${index}`, `scale=${size}`, `-b:v:${index}`, rate, `-maxrate:v:${index}`, rate, `-bufsize:v:${index}`, rate,
  ];
  return [
    '-hide_banner', '-loglevel', 'error', '-re',
    '-f', 'lavfi', '-i', picture,
    '-re', '-f', 'lavfi', '-i', "aevalsrc='0.2*sin(2*PI*(330+110*floor(mod(t,4)))*t)':s=44100",
    '-map', '0:v', '-map', '0:v', '-map', '1:a',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '15', '-sc_threshold', '0',
    ...video(0, '1280:720', '900k'), ...video(1, '426:240', '150k'),
    '-c:a', 'aac', '-b:a', '32k', '-ac', '1',
    '-f', 'hls', '-hls_time', '1', '-hls_playlist_type', 'event', '-hls_segment_type', 'fmp4',
    '-hls_flags', 'independent_segments+program_date_time+temp_file',
    '-master_pl_name', 'master.m3u8', '-hls_fmp4_init_filename', 'init.mp4',
    '-hls_segment_filename', join(dir, '%v', '%d.m4s'),
    '-var_stream_map', 'v:0,agroup:sound,name:720p v:1,agroup:sound,name:240p a:0,agroup:sound,name:audio,default:yes',
    join(dir, '%v', 'media.m3u8'),
  ];
}

const kScript: Script = { state: 'waiting', started: false, title: '五年级数学：分数的初步认识', mp4: null, demo: true, whep: false, soundFirstUntil: 0, plan: null, picture: 'testsrc2=size=1280x720:rate=15' };

export async function startDouble(port = 0): Promise<Double> {
  const dir = mkdtempSync(join(tmpdir(), 'tongke-double-'));
  const sockets = new Set<Socket>();
  const signal = createSignalDouble();
  let teacher: ChildProcess | null = null;
  let startedMs: number | null = null;
  let endedMs: number | null = null;

  const sendFile = (response: ServerResponse, path: string): void => {
    if (!existsSync(path) || !statSync(path).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'content-type': kTypes[extname(path)] ?? 'application/octet-stream',
      'content-length': statSync(path).size,
      'cache-control': 'no-cache',
      'content-security-policy': kPolicy,
    });
    createReadStream(path).pipe(response);
  };
  const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));
  };

  const lesson = (): object => {
    const { script, rtc } = double;
    if (rtc.publisher !== null && startedMs === null) startedMs = Date.now();
    const state = script.state === 'ended' ? 'ended' : rtc.publisher !== null ? 'live' : startedMs === null ? 'waiting' : 'interrupted';
    return { id: 'L1', title: script.title, state, started_at: startedMs, ended_at: script.state === 'ended' ? endedMs : null };
  };
  const sendStudio = (response: ServerResponse, path: string): void => {
    const { script, rtc } = double;
    if (path.endsWith('/start')) script.state = 'waiting';
    if (path.endsWith('/end') && script.state !== 'ended') {
      script.state = 'ended';
      endedMs = Date.now();
    }
    sendJson(response, 200, {
      lesson: lesson(),
      now: Date.now(),
      publisher: rtc.publisher === null ? null : rtc.publisher.startsWith('whip') ? 'whip' : 'rtmp',
      whip: '/whip/L1',
      publish_key: 'PUBLISH-KEY',
      lead: double.handover.lead(),
      watch: `/w/${double.link}`,
      recording: { mp4: startedMs === null ? null : '/api/v1/lessons/L1/recording.mp4' },
      signal: '/signal',
    });
  };

  const server: Server = createServer((request, response) => {
    if (double.down) {
      request.socket.destroy();
      return;
    }
    const { pathname: path, searchParams } = new URL(request.url ?? '/', 'http://double');
    const { script } = double;
    if (double.rtc.handle(request, response, path) || double.tv.handle(request, response, path) || double.family.handle(request, response, path, searchParams) || double.between.handle(response, path, (link) => link in signal.people) || double.office.handle(request, response, path, searchParams)) return;
    if (path === '/api/v1/about') {
      sendJson(response, 200, { name: 'tongke', version: '0.1.0', demo: script.demo ? { watch: `/w/${double.link}` } : null });
    } else if (path.startsWith('/api/v1/watch/') && (signal.people[path.slice(14)] ?? null) !== null) {
      const [id, about] = path.slice(14) === double.second.link ? (['L2', double.second] as const) : (['L1', script] as const);
      sendJson(response, 200, {
        lesson: { id, title: about.title, state: about.state, started_at: about.started ? Date.now() : null, ...about.plan },
        now: Date.now(),
        hls: { master: `/hls/TOKEN/${id}/master.m3u8`, audio: `/hls/TOKEN/${id}/audio/media.m3u8` },
        whep: about.whep ? `/whep/${id}` : null,
        sound_first_ms: about.soundFirstUntil > Date.now() ? about.soundFirstUntil - Date.now() : null,
        recording: { mp4: about.mp4 },
        signal: '/signal',
        studio: signal.people[path.slice(14)]?.role === 'teacher' && double.handover.to !== null ? `/studio/${double.lead}` : null,
      });
    } else if (path.endsWith('/handover')) {
      double.handover.handle(request, response);
    } else if (signal.people[path.split('/')[4] ?? '']?.role === 'lead' && path.startsWith('/api/v1/studio/')) {
      sendStudio(response, path);
    } else if (path === '/api/v1/preflight/upload' && request.method === 'POST') {
      let bytes = 0;
      request.on('data', (piece: Buffer) => (bytes += piece.length));
      request.on('end', () => {
        double.uploaded += bytes;
        sendJson(response, 200, { bytes });
      });
    } else if (path.startsWith('/api/')) {
      sendJson(response, 404, { error: { code: 'not_found', message: 'no such thing' } });
    } else if (path.startsWith('/hls/TOKEN/L')) {
      sendFile(response, join(dir, path.slice('/hls/TOKEN/'.length)));
    } else if (path === '/') {
      sendFile(response, join(kPages, 'home.html'));
    } else if (path.startsWith('/studio/')) {
      sendFile(response, join(kPages, 'studio.html'));
    } else if (path === '/tv') {
      sendFile(response, join(kPages, 'tv.html'));
    } else if (path === '/office' || path === '/inspect') {
      sendFile(response, join(kPages, `${path.slice(1)}.html`));
    } else if (path.startsWith('/family/')) {
      sendFile(response, join(kPages, 'family.html'));
    } else if (path.startsWith('/desk/')) {
      sendFile(response, join(kPages, 'desk.html'));
    } else if (path.startsWith('/w/')) {
      sendFile(response, join(kPages, 'watch.html'));
    } else {
      sendFile(response, join(kPages, path));
    }
  });
  signal.attach(server);
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  const stopTeacher = async (): Promise<void> => {
    const running = teacher;
    teacher = null;
    if (running === null || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGINT'); // ffmpeg closes its playlists
    await gone;
  };

  const double: Double = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    link: 'XIAOMING',
    lead: 'WANGLAOSHI',
    teacher: 'LILAOSHI',
    script: { ...kScript },
    second: { ...kScript, title: '五年级语文：草船借箭', link: 'XIAOMING2' },
    between: createBetweenDouble(),
    handover: createHandoverDouble(),
    rtc: createRtcDouble(),
    signal,
    office: createOfficeDouble(),
    family: createFamilyDouble(),
    tv: createTvDouble(),
    uploaded: 0,
    down: false,
    async startTeacher(lesson = 'L1') {
      const script = lesson === 'L1' ? double.script : double.second;
      const made = join(dir, lesson);
      mkdirSync(made, { recursive: true });
      teacher = spawn('ffmpeg', teacherArgs(made, script.picture), { stdio: ['ignore', 'ignore', 'inherit'] });
      await waitFor(
        () =>
          ['720p', '240p', 'audio'].every(
            (name) => existsSync(join(made, name, 'media.m3u8')) && /1\.m4s/.test(readFileSync(join(made, name, 'media.m3u8'), 'utf8')),
          ),
        { ms: 20_000, what: 'first segments' },
      );
      script.started = true;
      script.state = 'live';
      signal.state = 'live';
    },
    stopTeacher,
    async close() {
      await stopTeacher();
      signal.close();
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return double;
}
