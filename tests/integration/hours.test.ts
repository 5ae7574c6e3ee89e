import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { CliError, type Server } from '../support/server';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';
import { place } from '../support/place';

// The timetable from a school's file to the lesson on air, and the rules that hold on the way.
// The clock is the machine's own: each district lies where it is the wanted time of day now.

const folder = mkdtempSync(join(tmpdir(), 'tongke-hours-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2, 3, 4].map((n) => `一小,2,${1 + (n % 2)},2024${n},学生${n}`)].join('\n');
const kStaff = '学校,工号,姓名,学科,任教班级\n一小,T1,王老师,数学,"2(1)、2(2)"\n';
const rows = (date: string, time: string): string =>
  `学校,班级,日期,节次,时间,学科,主讲,教学目标,教学建议,评价方式\n一小,2(1),${date},1,${time},数学,王老师,会数到一百,备小棒,随堂检测\n`;

async function school(server: Server): Promise<void> {
  await server.tongke('import', '--new-schools', file('pupils.csv', kPupils));
  await server.tongke('import', file('staff.csv', kStaff));
}
/** Headers of somebody who has signed in. */
async function signIn(server: Server, login: string, duty: string, at: string): Promise<Record<string, string>> {
  const { password } = (await server.tongke('account', 'create', login, '--name', login, '--duty', duty, '--school', at)) as { password: string };
  const answer = await fetch(`${server.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login, password }) });
  expect(answer.status).toBe(201);
  const { csrf } = (await answer.json()) as { csrf: string };
  return { cookie: (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrf };
}
async function refused(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(() => null, (reason: unknown) => reason);
  if (!(error instanceof CliError)) throw new Error('it was not refused');
  return error.stdout + error.stderr;
}
async function plannedLesson(server: Server): Promise<string> {
  const lessons = (await server.tongke('lesson', 'list')) as { id: string; title: string }[];
  const id = lessons.find(({ title }) => title.includes('2班') || title.includes('1班'))?.id;
  if (id === undefined) throw new Error('no lesson was made');
  return id;
}
interface Studio {
  readonly whip: string;
  readonly publish_key: string;
  readonly air: { left_s: number | null; rule: string | null; rooms: number; resting: number } | null;
}
const studio = async (server: Server, lead: string): Promise<Studio> =>
  (await (await fetch(`${server.origin}/api/v1/studio/${lead}`)).json()) as Studio;

describe('in the evening', () => {
  const { zone, date } = place(20);
  const use = useServer({ config: `[hours]\nzone = "${zone}"\n` });

  it('an evening lesson is kept out with its rule, mended and published', async () => {
    const { server } = use;
    await school(server);
    const bad = file('evening.csv', rows(date, '18:30-18:50'));
    await server.tongke('timetable', 'import', bad);
    expect(await refused(server.tongke('timetable', 'publish'))).toContain('"code":"evening"');
    const office = await signIn(server, 'office', 'school_office', '一小');
    const api = async (path: string, method = 'GET'): Promise<Response> => fetch(`${server.origin}/api/v1${path}`, { method, headers: office });
    const answer = await api('/timetable/publish', 'POST');
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ error: { code: 'evening' }, findings: [{ rows: [expect.any(Number)] }] });
    expect((await fetch(`${server.origin}/api/v1/timetable/findings`)).status).toBe(401);
    expect((await fetch(`${server.origin}/api/v1/plans/activate`, { method: 'POST', headers: office, body: JSON.stringify({ date }) })).status).toBe(404);

    await server.tongke('timetable', 'import', file('day.csv', rows(date, '8:00-8:20')));
    expect(await server.tongke('timetable', 'check')).toMatchObject({ ok: true });
    expect(await server.tongke('timetable', 'publish')).toMatchObject({ published: true, sheets: 1 });
    for (const [format, expected] of [['html', '会数到一百'], ['ics', 'BEGIN:VEVENT'], ['xmltv', '<programme'], ['json', '"start":"08:00"']] as const) {
      const out = join(folder, `week.${format}`);
      await server.tongke('timetable', 'export', '--format', format, '--school', '一小', '--class', '2(1)', '--week', date, '--out', out);
      expect(readFileSync(out, 'utf8')).toContain(expected);
    }
    const sheets = (await (await api('/timetable/sheets?edition=published')).json()) as { sheets: unknown[] };
    expect(sheets.sheets).toHaveLength(1);
    const month = await api(`/timetable/months/${date.slice(0, 7)}`);
    expect(((await month.json()) as { weeks: unknown[] }).weeks.length).toBeGreaterThan(3);
  });

  it('nobody publishes to classes, by whatever protocol; a lesson without classes goes on air', async () => {
    const { server } = use;
    expect(await refused(server.tongke('plan', 'activate', '--date', date))).toContain('officer');
    expect(await server.tongke('plan', 'activate', '--date', date, '--drill')).toMatchObject({ drill: true, lessons: 1, rooms: 1, links: 2, failed: [] });
    const lesson = await plannedLesson(server);
    const lead = await server.link(lesson, 'lead');
    const about = await studio(server, lead.token);
    expect(about.air).toMatchObject({ left_s: 0, rule: 'evening', rooms: 1 });

    const whip = await fetch(`${server.origin}${about.whip}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${about.publish_key}`, 'content-type': 'application/sdp' },
      body: 'v=0',
    });
    expect(whip.status).toBe(403);
    expect(await whip.json()).toMatchObject({ error: { code: 'evening' } });
    for (const url of [`rtmp://127.0.0.1:${server.ports.rtmp}/live/${lesson}?key=${about.publish_key}`, `srt://127.0.0.1:${server.ports.srt}?streamid=publish:${lesson}:${about.publish_key}`]) {
      const publisher = use.keep(publish(url));
      await waitFor(() => publisher.end !== null, { ms: 20_000, what: `${url.slice(0, 4)} is turned away` });
      expect(publisher.end?.code).not.toBe(0);
    }
    await server.endLesson(lesson);
    expect(await refused(server.tongke('lesson', 'start', lesson))).toContain('evening');

    const open = await use.newClass('没有班级');
    use.keep(publish(open.lesson.rtmp));
    await server.becomes(open.link.token, 'live');

    // No link is left alive, by whatever door, and who came by one goes.
    const pupil = await server.link(lesson, 'pupil');
    const inside = await SignalClient.enter(server, pupil.token);
    expect(await server.tongke('plan', 'undo', '--date', date, '--drill')).toMatchObject({ removed: 1 });
    expect(await inside.ends()).toBe(4404);
    const outside = await SignalClient.connect(server);
    outside.say({ t: 'hello', token: pupil.token });
    expect(await outside.ends()).toBe(4404);
    for (const path of [`/api/v1/watch/${pupil.token}`, `/api/v1/studio/${lead.token}`, new URL(pupil.hls).pathname])
      expect([path, (await fetch(server.origin + path)).status]).toEqual([path, 404]);
    const whep = await fetch(`${server.origin}/whep/${lesson}`, { method: 'POST', headers: { authorization: `Bearer ${pupil.token}`, 'content-type': 'application/sdp' }, body: 'v=0' });
    expect(whep.status).toBe(404);
  });
});

describe('by day', () => {
  const { zone, date } = place(10);
  const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });

  it('a planned lesson is on air, and its minutes live through a kill', async () => {
    const { server } = use;
    await school(server);
    await server.tongke('timetable', 'import', file('today.csv', rows(date, '8:00-8:20')));
    await server.tongke('timetable', 'publish');
    expect(await server.tongke('plan', 'activate', '--date', date, '--reason', '暴雪')).toMatchObject({ drill: false, lessons: 1, failed: [] });
    expect(await server.tongke('plan', 'activate', '--date', date)).toMatchObject({ lessons: 1, made: 0 });
    const lesson = await plannedLesson(server);
    const lead = await server.link(lesson, 'lead');
    const { publish_key: key } = await studio(server, lead.token);
    use.keep(publish(`rtmp://127.0.0.1:${server.ports.rtmp}/live/${lesson}?key=${key}`, pattern({ size: '320x180', kilobits: 200 })));
    await server.becomes(lead.token, 'live');
    const left = async (): Promise<number> => (await studio(server, lead.token)).air?.left_s ?? Infinity;
    await waitFor(async () => (await left()) <= 3600 - 8, { ms: 30_000, what: 'eight seconds are gone' });
    await server.kill();
    await server.up();
    expect(await left()).toBeLessThanOrEqual(3600 - 2);
    expect(await refused(server.tongke('plan', 'undo', '--date', date))).toContain('begun');
  });

  it('what is past its term goes with a proof, what two persons hold stays (A16)', async () => {
    const { server } = use;
    const { lesson, link } = await use.newClass('旧课');
    const publisher = use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 })));
    await server.becomes(link.token, 'live');
    await publisher.stop();
    await server.endLesson(lesson.id);
    const recording = join(server.data, 'recordings', lesson.id);
    const isClosed = (names: readonly string[]): boolean => names.includes('index.ndjson') && !names.includes('journal.ndjson');
    await waitFor(() => isClosed(readdirSync(recording)), { ms: 15_000, what: 'the recording is closed' });
    const old = Date.now() / 1000 - 40 * 86_400;
    for (const name of readdirSync(recording)) utimesSync(join(recording, name), old, old);

    const run = async (...flags: string[]): Promise<{ deleted: { lesson: string; hash: string }[]; held: { lesson: string }[] }> =>
      (await server.tongke('retention', 'run', ...flags)) as never;
    expect((await run('--dry-run')).deleted.map((one) => one.lesson)).toEqual([lesson.id]);
    await server.tongke('retention', 'hold', lesson.id, '--by', '王', '--reason', '投诉');
    // Whoever agrees signs in for it (office.test.ts); another typed name is nobody.
    expect(await refused(server.tongke('retention', 'hold', lesson.id, '--by', '李'))).toContain('second');
    expect(await run()).toMatchObject({ deleted: [], held: [{ lesson: lesson.id }] });
    await server.tongke('retention', 'release', lesson.id, '--by', '王');
    const { deleted } = await run();
    expect(deleted).toMatchObject([{ lesson: lesson.id, hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
    expect(readdirSync(join(server.data, 'recordings'))).not.toContain(lesson.id);
    expect(await server.tongke('retention', 'report')).toMatchObject({ unbroken: true, overdue: [], totals: { media: { lines: 1 } } });
  });
});
