import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { ffprobe, pattern, publish } from '../support/media';
import { run, Running } from '../support/process';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { Server } from '../support/server';
import { analyse, lipSync, longestGap, type Picture, pictures, Receiver } from '../support/ts-stream';
import { waitFor } from '../support/wait';

// A lesson on its way to others: to a cable head-end as MPEG-TS of constant bit rate, and to another platform by RTMP, which
// here is a second server of ours. What arrives is judged by tstools and ffmpeg.

const kRate = 3_000_000;
const kTwo = '三年级2班';

/** A port that was free just now. */
async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const folder = mkdtempSync(join(tmpdir(), 'tongke-outputs-'));
const cable = await Receiver.open();
const srtPort = await freePort();
const [certificate, privateKey] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', privateKey, '-out', certificate], { stdio: 'ignore' });
/** Says that it is somebody whom nobody vouches for. */
let toldForger = 0;
const forgerPort = await freePort();
const forger = createTlsServer({ cert: readFileSync(certificate), key: readFileSync(privateKey) }, (socket) => {
  socket.on('data', (bytes) => (toldForger += bytes.length)).on('error', () => undefined);
}).listen(forgerPort);
const platform = await Server.start();
const remote = await platform.createLesson('转播');
const remoteLink = await platform.link(remote.id);
const kKey = `${remote.id}?key=${remote.publish_key}`;

const use = useServer({
  config: `[outputs]
destinations = [
  "cable | ts | udp://127.0.0.1:${cable.port} | rate=3M | name=三年级 | delay=3s",
  "old-boxes | ts | udp://127.0.0.1:${cable.port} | rate=3M | delay=3s | audio=mp2",
  "head-end | ts | srt://127.0.0.1:${srtPort}?streamid=grade3 | rate=3M | delay=3s",
  "narrow | ts | udp://127.0.0.1:${srtPort} | rate=500k | delay=2s",
  "forged | rtmp | rtmps://localhost:${forgerPort}/live",
  "platform | rtmp | rtmp://127.0.0.1:${platform.ports.rtmp}/live | delay=2s",
]
keys = ["head-end=a-passphrase-1"]
`,
});
afterAll(async () => {
  cable.close();
  forger.close();
  await platform.close();
  rmSync(folder, { recursive: true, force: true });
});

let school: School;
beforeAll(async () => {
  const pupils = '学校,年级,班级,学号,姓名\r\n第一小学,三年级,1班,311,钱甲一\r\n第一小学,三年级,2班,312,孙乙一\r\n';
  school = await School.open(use.server, '第一小学', [pupils, '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n']);
});
const teach = (): Promise<TaughtLesson> => school.teach({ title: '分数', mode: 'class', lead: school.member('王老师').id, rooms: [{ class: school.klass(kTwo).id }] });
const outputs = (lesson: TaughtLesson): string => `/api/v1/lessons/${lesson.id}/outputs`;

interface Output {
  readonly destination: string;
  readonly state: string;
  readonly bytes: number;
  readonly restarts: number;
  readonly dropped_frames: number;
  readonly underruns: number;
  readonly late: number;
  readonly cut: boolean;
  readonly cut_since: number | null;
  readonly last_error: string | null;
}
async function output(lesson: TaughtLesson, destination: string): Promise<Output> {
  const { items } = (await school.office.must('GET', outputs(lesson))) as unknown as { items: readonly Output[] };
  const found = items.find((one) => one.destination === destination);
  if (found === undefined) throw new Error(JSON.stringify(items));
  return found;
}
const becomes = (lesson: TaughtLesson, destination: string, state: string, ms = 20_000): Promise<Output> =>
  waitFor(async () => ((found) => (found.state === state ? found : null))(await output(lesson, destination)), { ms, what: `${destination} is ${state}` });
/** The sending process, when there is only one. */
const sender = (): Promise<number> =>
  waitFor(() => {
    const all = use.server.children().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('\0output'));
    return all.length === 1 ? all[0] : null;
  }, { what: 'only its own child' });
/** The slate is a dark board with some words, the lesson a colourful pattern. */
const isSlate = ({ luma }: Picture): boolean => luma < 70;

describe('a lesson to a cable head-end', () => {
  it('is a transport stream of constant bit rate, while the publisher is away too', async () => {
    const path = join(folder, 'cable.ts');
    const lesson = await teach();
    const token = await school.token(lesson.id, { pupil: (await school.pupil(kTwo, '孙乙一')).id });
    cable.record(path);
    const started = await school.office.must('POST', outputs(lesson), { destination: 'cable' });
    expect(started['state']).toBe('waiting');
    const first = use.keep(publish(lesson.rtmp, pattern({ kilobits: 1000 })));
    await becomes(lesson, 'cable', 'sending');
    await waitFor(() => cable.bytes > (8 * kRate) / 8, { ms: 20_000, what: 'eight seconds' });
    await first.stop();
    await use.server.becomes(token, 'interrupted');
    const then = cable.bytes;
    await waitFor(() => cable.bytes > then + (6 * kRate) / 8, { ms: 20_000, what: 'six seconds without a publisher' });
    use.keep(publish(lesson.rtmp, pattern({ kilobits: 1000, size: '480x270' })));
    await use.server.becomes(token, 'live');
    const again = cable.bytes;
    await waitFor(() => cable.bytes > again + (10 * kRate) / 8, { ms: 20_000, what: 'ten more seconds' });
    await cable.stop();

    expect(await output(lesson, 'cable')).toMatchObject({ state: 'sending', restarts: 0, underruns: 0, late: 0, last_error: null });
    expect([...cable.sizes.keys()]).toEqual([1316]);
    expect(Math.abs(cable.rate / kRate - 1)).toBeLessThan(0.01);

    const report = await analyse(path);
    expect(report.complaints).not.toMatch(/corrupt|error|invalid/i);
    expect(Math.abs(report.rate / kRate - 1)).toBeLessThan(0.001);
    expect(report.badPcrGaps).toBe(0);
    expect(report.longestPcrGap).toBeLessThan(40);
    expect(report.pcrError).toBeLessThanOrEqual(1);
    expect(Math.min(...report.leads)).toBeGreaterThan(0); // no frame comes after it has to be decoded
    expect(report.programme).toMatch(/Packet \d+ is PMT with PID 0100/);
    expect(report.programme).toMatch(/PID 0101 .*H\.264/);
    expect(report.programme).toMatch(/PID 0102 .*ADTS/);
    const stream = readFileSync(path);
    for (const table of [0, 0x100]) expect(longestGap(stream, table, kRate)).toBeLessThan(100);
    const { stdout } = await run('ffprobe', ['-v', 'error', '-show_programs', '-of', 'json', path]);
    const { programs } = JSON.parse(stdout) as { programs: readonly { program_id: number; pcr_pid: number; tags: Record<string, string> }[] };
    expect(programs).toHaveLength(1);
    expect(programs[0]).toMatchObject({ program_id: 1, pcr_pid: 0x101, tags: { service_name: '三年级', service_provider: 'Tongke' } });

    await school.office.must('DELETE', `${outputs(lesson)}/cable`);
    expect(await school.office.must('GET', outputs(lesson))).toMatchObject({ items: [] });
  }, 120_000);

  it('goes by SRT, encrypted, and again when the head-end was away', async () => {
    const lesson = await teach();
    use.keep(publish(lesson.rtmp, pattern({ kilobits: 1000 })));
    await school.office.must('POST', outputs(lesson), { destination: 'head-end' });
    const failed = await waitFor(async () => ((one) => (one.restarts > 0 ? one : null))(await output(lesson, 'head-end')), { ms: 30_000, what: 'a failure' });
    expect(failed.last_error).toMatch(/^unreachable: /);
    const path = join(folder, 'srt.ts');
    const listener = use.keep(new Running('srt-live-transmit', ['-q', `srt://127.0.0.1:${srtPort}?mode=listener&passphrase=a-passphrase-1`, `file://con`]));
    listener.child.stdout?.setEncoding('latin1');
    await becomes(lesson, 'head-end', 'sending', 60_000);
    const got = (): Buffer => Buffer.from(listener.stdout, 'latin1');
    await waitFor(() => listener.stdout.length > (5 * kRate) / 8, { ms: 30_000, what: 'five seconds' });
    await listener.stop();
    writeFileSync(path, got().subarray(0, got().length - (got().length % 188)));
    const report = await analyse(path);
    expect(report.complaints).not.toMatch(/corrupt|error|invalid/i);
    expect(Math.abs(report.rate / kRate - 1)).toBeLessThan(0.001);
    expect(report.longestPcrGap).toBeLessThan(40);
    expect(use.server.log).not.toContain('a-passphrase-1');
    await school.office.must('DELETE', `${outputs(lesson)}/head-end`);
  }, 150_000);

  it('is a slate from the moment the office cuts it, until it is put back', async () => {
    const path = join(folder, 'cut.ts');
    const cut = (lesson: TaughtLesson): string => `${outputs(lesson)}/cable/cut`;
    const seconds = (n: number): number => (n * kRate) / 8;
    const more = (n: number): Promise<unknown> => ((then) => waitFor(() => cable.bytes > then + seconds(n), { ms: 30_000, what: `${n} s more` }))(cable.bytes);
    const lesson = await teach();
    expect((await school.office.ask('PUT', cut(lesson))).status).toBe(404); // it is sent nowhere
    cable.record(path);
    await school.office.must('POST', outputs(lesson), { destination: 'cable' });
    use.keep(publish(lesson.rtmp, pattern({ kilobits: 1000 })));
    await becomes(lesson, 'cable', 'sending');
    await more(5);

    const said = await school.office.must('PUT', cut(lesson));
    const cutAt = cable.bytes;
    expect(said).toMatchObject({ destination: 'cable', state: 'sending', cut: true });
    expect(await school.office.must('PUT', cut(lesson))).toMatchObject({ cut: true, cut_since: said['cut_since'] });
    await more(6);
    expect(await school.office.must('DELETE', cut(lesson))).toMatchObject({ cut: false, cut_since: null });
    const backAt = cable.bytes;
    await more(11);
    await cable.stop();
    expect(await output(lesson, 'cable')).toMatchObject({ state: 'sending', restarts: 0, underruns: 0, late: 0, dropped_frames: 0, last_error: null });

    const seen = await pictures(path);
    const first = seen.findIndex(isSlate);
    const last = seen.length - 1 - [...seen].reverse().findIndex(isSlate);
    const at = (index: number): number => seen[index]?.at ?? 0;
    expect(seen.slice(first, last + 1).every(isSlate)).toBe(true); // and none of the lesson's among them
    expect(at(first)).toBeGreaterThan(cutAt);
    expect(at(first) - cutAt).toBeLessThan(seconds(1));
    expect(at(last)).toBeGreaterThan(backAt);
    expect(at(last + 1) - backAt).toBeGreaterThan(seconds(3)); // nothing of what was in the delay
    expect(at(last + 1) - backAt).toBeLessThan(seconds(7)); // its next keyframe
    expect(seen.length - last).toBeGreaterThan(50);
    const report = await analyse(path);
    expect(report.complaints).not.toMatch(/corrupt|error|invalid|discontinuity/i);
    expect(Math.abs(report.rate / kRate - 1)).toBeLessThan(0.001);
    expect(report.longestPcrGap).toBeLessThan(40);
    expect(report.pcrError).toBeLessThanOrEqual(1);
    expect(Math.min(...report.leads)).toBeGreaterThan(0);

    // Another sending process, and another server, know of it.
    const held = await school.office.must('PUT', cut(lesson));
    await more(2);
    const again = join(folder, 'again.ts');
    process.kill(await sender(), 'SIGKILL');
    await becomes(lesson, 'cable', 'retrying');
    cable.record(again);
    await becomes(lesson, 'cable', 'sending');
    await more(5);
    await cable.stop();
    const slates = await pictures(again);
    expect(slates.length).toBeGreaterThan(15);
    expect(slates.every(isSlate)).toBe(true);
    expect(await output(lesson, 'cable')).toMatchObject({ cut: true, cut_since: held['cut_since'] });
    await school.office.must('DELETE', `${outputs(lesson)}/cable`);
  }, 120_000);

  it('has MPEG-1 Layer II for old boxes, in time with the picture', async () => {
    const path = join(folder, 'layer2.ts');
    const lesson = await teach();
    cable.record(path);
    await school.office.must('POST', outputs(lesson), { destination: 'old-boxes' });
    // A white picture and a beep, once a second, together.
    const flash = ['-re', '-f', 'lavfi', '-i', "color=c=black:size=640x360:rate=25,drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'"];
    const beep = ['-re', '-f', 'lavfi', '-i', "aevalsrc='0.5*sin(2*PI*1000*t)*lt(mod(t,1),0.2)':s=44100"];
    use.keep(publish(lesson.rtmp, [...flash, ...beep, '-c:v', 'libx264', '-preset', 'ultrafast', '-tune', 'zerolatency', '-pix_fmt', 'yuv420p', '-g', '50', '-b:v', '700k', '-c:a', 'aac', '-b:a', '64k']));
    await becomes(lesson, 'old-boxes', 'sending');
    await waitFor(() => cable.bytes > (14 * kRate) / 8, { ms: 30_000, what: 'fourteen seconds' });
    await cable.stop();
    expect(await output(lesson, 'old-boxes')).toMatchObject({ state: 'sending', restarts: 0, underruns: 0, late: 0, dropped_frames: 0, last_error: null });
    const probe = await run('ffprobe', ['-v', 'error', '-select_streams', 'a', '-show_entries', 'stream=codec_name,sample_rate,channels,bit_rate', '-of', 'json', path]);
    expect((JSON.parse(probe.stdout) as { streams: unknown[] }).streams).toEqual([{ codec_name: 'mp2', sample_rate: '48000', channels: 2, bit_rate: '192000' }]);
    const report = await analyse(path);
    expect(report.programme).toMatch(/PID 0102 .*Stream type 03 .*11172-3 audio/);
    expect(report.complaints).not.toMatch(/corrupt|error|invalid/i);
    expect(Math.abs(report.rate / kRate - 1)).toBeLessThan(0.001);
    expect(Math.abs(cable.rate / kRate - 1)).toBeLessThan(0.01);
    expect(report.longestPcrGap).toBeLessThan(40);
    expect(report.pcrError).toBeLessThanOrEqual(1);
    expect(Math.min(...report.leads)).toBeGreaterThan(0);
    const off = await lipSync(path);
    expect(off.length).toBeGreaterThan(8);
    expect(Math.max(...off.map(Math.abs))).toBeLessThan(0.045); // a picture lasts 40 ms
    await school.office.must('DELETE', `${outputs(lesson)}/old-boxes`);
  }, 90_000);

  it('leaves pictures out rather than be late when the rate is too small', async () => {
    const lesson = await teach();
    use.keep(publish(lesson.rtmp, pattern({ kilobits: 1500 })));
    await school.office.must('POST', outputs(lesson), { destination: 'narrow' });
    await waitFor(async () => (await output(lesson, 'narrow')).dropped_frames > 0, { ms: 40_000, what: 'frames left out' });
    expect(await output(lesson, 'narrow')).toMatchObject({ state: 'sending', restarts: 0 });
    await school.office.must('DELETE', `${outputs(lesson)}/narrow`);
  }, 90_000);
});

describe('a lesson to another platform', () => {
  it('arrives there, again after the platform was away, and the lesson does not notice', async () => {
    const lesson = await teach();
    const token = await school.token(lesson.id, { pupil: (await school.pupil(kTwo, '孙乙一')).id });
    use.keep(publish(lesson.rtmp));
    expect((await school.office.ask('POST', outputs(lesson), { destination: 'platform' })).status).toBe(400); // without its key
    await school.office.must('POST', outputs(lesson), { destination: 'platform', key: kKey });
    await platform.becomes(remoteLink.token, 'live', 30_000);
    const probe = await ffprobe(remoteLink.hls);
    expect(probe.streams.map(({ codec_name }) => codec_name).sort()).toEqual(expect.arrayContaining(['aac', 'h264']));

    const shows = (slate: boolean): Promise<unknown> =>
      waitFor(async () => ((shown) => shown.length > 0 && shown.every((one) => isSlate(one) === slate))(await pictures(remoteLink.hls, '-live_start_index', '-1', '-t', '1')), { ms: 20_000, what: slate ? 'the slate there' : 'the lesson there' });
    await school.office.must('PUT', `${outputs(lesson)}/platform/cut`);
    await shows(true);
    await school.office.must('DELETE', `${outputs(lesson)}/platform/cut`);
    await shows(false);
    expect(await output(lesson, 'platform')).toMatchObject({ state: 'sending', restarts: 0, dropped_frames: 0 });

    await platform.kill();
    expect((await becomes(lesson, 'platform', 'retrying')).last_error).toMatch(/^unreachable: /);
    await use.server.becomes(token, 'live');
    await platform.up();
    await becomes(lesson, 'platform', 'sending', 60_000);
    await platform.becomes(remoteLink.token, 'live', 30_000);

    const before = await output(lesson, 'platform');
    expect(before.bytes).toBeGreaterThan(0);
    process.kill(await sender(), 'SIGKILL');
    await waitFor(async () => (await output(lesson, 'platform')).restarts > before.restarts, { what: 'another child' });
    expect((await becomes(lesson, 'platform', 'sending', 40_000)).last_error).toMatch(/signal 9/);
    await use.server.becomes(token, 'live');
    expect(use.server.log).not.toContain(remote.publish_key);
    expect(JSON.stringify(await school.office.must('GET', outputs(lesson)))).not.toContain(remote.publish_key);
    const metrics = await (await fetch(`${use.server.origin}/metrics`)).text();
    expect(metrics).toMatch(/tongke_output_failures_total [1-9]/);

    await school.office.must('POST', `/api/v1/lessons/${lesson.id}/end`);
    await becomes(lesson, 'platform', 'ended', 30_000);
  }, 150_000);
});

describe('a platform by RTMPS', () => {
  it('is told nothing when its certificate is not to be trusted', async () => {
    const lesson = await teach();
    use.keep(publish(lesson.rtmp));
    await school.office.must('POST', outputs(lesson), { destination: 'forged', key: 'the-key-of-the-account' });
    const failed = await waitFor(async () => ((one) => (one.restarts > 1 ? one : null))(await output(lesson, 'forged')), { ms: 40_000, what: 'two failures' });
    expect(failed.last_error).toMatch(/^unreachable: /);
    expect(toldForger).toBe(0);
    expect(use.server.log).not.toContain('the-key-of-the-account');
  }, 60_000);
});

describe('who sends a lesson where', () => {
  it('is for its school’s office, among the destinations of the configuration', async () => {
    const lesson = await teach();
    const other = await teach();
    const { office } = school;
    const { destinations } = (await office.must('GET', outputs(lesson))) as { destinations: readonly object[] };
    expect(destinations).toContainEqual({ name: 'platform', kind: 'rtmp', wants_key: true, delay_ms: 2000 });
    expect(JSON.stringify(destinations)).not.toMatch(/127\.0\.0\.1|passphrase/);
    const refused = async (body: object, status: number, field: string | null): Promise<void> => {
      const answer = await office.ask('POST', outputs(lesson), body);
      expect([answer.status, (answer.body['error'] as { field?: string }).field ?? null]).toEqual([status, field]);
    };
    await refused({}, 400, 'destination');
    await refused({ destination: 'elsewhere' }, 404, 'destination');
    await refused({ destination: 'cable', key: 'k' }, 400, 'key');
    await refused({ destination: 'platform', key: 'a key' }, 400, 'key');
    await office.must('POST', outputs(lesson), { destination: 'cable' });
    await refused({ destination: 'cable' }, 409, 'destination');
    expect((await office.ask('POST', outputs(other), { destination: 'cable' })).status).toBe(409); // one lesson a channel
    expect((await office.ask('DELETE', `${outputs(lesson)}/platform`)).status).toBe(404);

    const strangers = [
      [new Visitor(use.server, ''), 401],
      [await school.teacher('wang', '王老师', '第一小学'), 404],
      [await School.signIn(use.server, 'elsewhere', '--name', '赵校长', '--duty', 'school_office', '--school', '第一小学'), 200],
      [await School.signIn(use.server, 'inspect', '--name', '督学', '--duty', 'inspector'), 404],
    ] as const;
    for (const [visitor, status] of strangers) {
      expect((await visitor.ask('GET', outputs(lesson))).status).toBe(status);
      if (status === 200) continue;
      for (const method of ['PUT', 'DELETE']) expect((await visitor.ask(method, `${outputs(lesson)}/cable/cut`)).status).toBe(status);
      expect((await visitor.ask('DELETE', `${outputs(lesson)}/cable`)).status).toBe(status);
    }
    expect((await office.ask('DELETE', `${outputs(lesson)}/cable`)).status).toBe(204);
  });

  it('goes on after a restart, but not with a key that was given for the one lesson', async () => {
    const lesson = await teach();
    const over = await teach();
    await school.office.must('POST', outputs(lesson), { destination: 'cable' });
    await school.office.must('POST', outputs(lesson), { destination: 'platform', key: kKey });
    await school.office.must('POST', outputs(over), { destination: 'head-end' });
    const cut = await school.office.must('PUT', `${outputs(lesson)}/cable/cut`);
    const held = await school.office.must('PUT', `${outputs(lesson)}/platform/cut`);
    await school.office.must('POST', `/api/v1/lessons/${over.id}/end`);
    await use.server.stop();
    await use.server.up();
    const office = await School.signIn(use.server, 'again', '--name', '张副校长', '--duty', 'school_office', '--school', '第一小学');
    const { items } = (await office.must('GET', outputs(lesson))) as { items: readonly Output[] };
    expect(items).toMatchObject([{ destination: 'cable', cut: true, cut_since: cut['cut_since'] }]);
    expect(await office.must('POST', outputs(lesson), { destination: 'platform', key: kKey })).toMatchObject({ cut: true, cut_since: held['cut_since'] });
    expect(await office.must('GET', outputs(over))).toMatchObject({ items: [] });
    await office.must('DELETE', `${outputs(lesson)}/cable`);
    await office.must('DELETE', `${outputs(lesson)}/platform`);
    expect(await office.must('POST', outputs(lesson), { destination: 'cable' })).toMatchObject({ cut: false });
    await office.must('DELETE', `${outputs(lesson)}/cable`);
  });
});
