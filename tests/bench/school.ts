/* eslint-disable no-console */
import { writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';

import { run } from '../support/process';
import { kTongke, Server } from '../support/server';
import { place } from '../support/place';

// The school under load, against the real server with SQLite: seeds a district, activates days, undoes one
// and makes it again, starts again, then reads the API while pupils' answers are written, 2,000 a second.
// With --import it takes in as many more pupils at the same time. Prints one JSON line.
//   npx vite-node bench/school.ts [--schools 50] [--days 1] [--events 2000] [--seconds 20] [--import 0]

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const kSchools = option('schools', 50);
const kDays = option('days', 1);
const kImported = option('import', 0);
const kEvents = option('events', 2000);
const kSeconds = option('seconds', 20);
/** A client may say two frames a second. */
const kPupils = Math.ceil(kEvents / 2);

const { zone, date } = place(8);
const dates = Array.from({ length: kDays }, (_, i) => new Date(Date.parse(date) + i * 86_400_000).toISOString().slice(0, 10));
const server = await Server.start({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "o"\nterm_end = "2099-01-01"\n` });
const figures: Record<string, unknown> = { schools: kSchools };

async function timed<T>(work: () => Promise<T>): Promise<readonly [number, T]> {
  const begun = performance.now();
  const done = await work();
  return [Math.round(performance.now() - begun) / 1000, done];
}
const quantile = (sorted: readonly number[], q: number): number => Math.round((sorted[Math.floor(sorted.length * q)] ?? 0) * 100) / 100;

/** Pupils of one lesson who answer the same check over and over; in a thread of their own. */
function answering(tokens: readonly string[], teacher: string): { readonly said: () => number; readonly ready: Promise<void>; stop(): void } {
  const worker = new Worker(new URL('./answering.mjs', import.meta.url), {
    workerData: { url: `ws://127.0.0.1:${server.ports.signal}/signal`, tokens, teacher, everyMs: (tokens.length / kEvents) * 1000 },
  });
  let count = 0;
  const ready = new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', (message: { ready?: boolean; said?: number; error?: string }) => {
      if (message.error !== undefined) reject(new Error(message.error));
      if (message.ready === true) resolve();
      count = message.said ?? count;
    });
  });
  return { said: () => count, ready, stop: () => void worker.terminate() };
}

try {
  const [seeded] = await timed(() => server.tongke('demo', 'seed', '--schools', String(kSchools)));
  figures['seed_s'] = seeded;
  const { password } = (await server.tongke('account', 'create', 'district', '--name', 'D', '--duty', 'district_office')) as { password: string };
  const session = await fetch(`${server.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'district', password }) });
  const { token } = (await session.json()) as { token: string };
  const bearer = { authorization: `Bearer ${token}` };
  const api = async (path: string, method = 'GET', body?: string): Promise<Record<string, unknown>> => {
    const answer = await fetch(`${server.origin}/api/v1${path}`, { method, headers: bearer, ...(body !== undefined && { body }) });
    if (answer.status >= 400) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as Record<string, unknown>;
  };
  const schools = (await api('/schools?limit=200'))['items'] as { id: string; name: string }[];

  // Two lessons a class, at hours that keep a subject's one teacher out of two rooms.
  const lines = ['学校,班级,日期,节次,时间,学科,教学目标,教学建议,评价方式'];
  const classes: { id: string; school: string }[] = [];
  for (const school of schools) {
    const list = (await api(`/schools/${school.id}/classes?limit=200`))['items'] as { id: string; grade: number; number: number }[];
    for (const one of list) {
      classes.push({ id: one.id, school: school.id });
      for (const day of dates) {
        lines.push(`${school.name},${one.grade}(${one.number}),${day},1,8:00-8:20,数学,会数数,备小棒,随堂检测`);
        lines.push(`${school.name},${one.grade}(${one.number}),${day},2,9:00-9:20,语文,会读课文,备课本,随堂检测`);
      }
    }
  }
  figures['classes'] = classes.length;
  await writeFile(`${server.data}/timetable.csv`, lines.join('\n'));
  figures['timetable_import_s'] = (await timed(() => server.tongke('timetable', 'import', `${server.data}/timetable.csv`)))[0];
  const [checked, findings] = await timed(() => api('/timetable/findings'));
  figures['week_validation_s'] = checked;
  figures['findings'] = (findings['findings'] as unknown[]).length;
  figures['publish_s'] = (await timed(() => api('/timetable/publish', 'POST')))[0];
  const activate = (day: string) => timed(() => api('/plans/activate', 'POST', JSON.stringify({ date: day })));
  const [activated, plan] = await activate(date);
  figures['activate_s'] = activated;
  figures['lessons_a_day'] = plan['lessons'];
  figures['links_a_day'] = plan['links'];
  figures['undo_s'] = (await timed(() => api('/plans/undo', 'POST', JSON.stringify({ date }))))[0];
  for (const day of dates) figures['activate_last_s'] = (await activate(day))[0];

  await server.kill();
  figures['start_s'] = (await timed(() => server.up()))[0];
  const again = await fetch(`${server.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'district', password }) });
  bearer.authorization = `Bearer ${((await again.json()) as { token: string }).token}`;

  const lesson = (await server.tongke('lesson', 'create', '--title', 'bench')) as { id: string };
  const links = async (role: string, count: number): Promise<readonly string[]> =>
    ((await server.tongke('link', '--lesson', lesson.id, '--role', role, '--count', String(count))) as { token: string }[]).map((one) => one.token);
  const [teacher = ''] = await links('teacher', 1);
  const load = answering(await links('pupil', kPupils), teacher);
  await load.ready;

  // Lists and single things, as offices and pages ask for them, one after the other on four connections.
  const lessons = (await api('/lessons?limit=200'))['items'] as { id: string }[];
  const [watcher = ''] = await links('pupil', 1);
  const reads: readonly ((i: number) => string)[] = [
    () => '/schools',
    (i) => `/schools/${schools[i % schools.length]?.id}/classes`,
    (i) => `/schools/${schools[i % schools.length]?.id}/staff`,
    (i) => `/lessons/${lessons[i % lessons.length]?.id}`,
    () => '/lessons?limit=50',
    (i) => `/timetable/classes/${classes[i % classes.length]?.id}?week=${date}`,
    () => `/watch/${watcher}`,
    () => '/plans',
    (i) => `/accesses?school=${schools[i % schools.length]?.id}`,
  ];
  const taken = new Map<string, number[]>();
  const all: number[] = [];
  const until = performance.now() + kSeconds * 1000;
  const before = load.said();
  const begun = performance.now();
  const takeIn = async (): Promise<void> => {
    const rows = Array.from({ length: kImported }, (_, i) => `新学校${i % 50},${1 + (Math.floor(i / 50) % 9)},${1 + (Math.floor(i / 450) % 20)},N${i},学生,138${10_000_000 + i},宽带`);
    const file = `${server.data}/more.csv`;
    await writeFile(file, ['学校,年级,班级,学号,姓名,家长电话,上网条件', ...rows].join('\n'));
    figures['import_s'] = (await timed(() => server.tongke('import', '--new-schools', file)))[0];
  };
  const reader = async (first: number): Promise<void> => {
    for (let i = first; performance.now() < until; i += 4) {
      const path = (reads[i % reads.length] ?? reads[0])?.(i) ?? '';
      const asked = performance.now();
      await api(path);
      const ms = performance.now() - asked;
      all.push(ms);
      const kind = path.split('?')[0]?.replace(/\/[\w-]{10,}/g, '/…') ?? '';
      taken.set(kind, [...(taken.get(kind) ?? []), ms]);
    }
  };
  await Promise.all([...[0, 1, 2, 3].map(reader), ...(kImported > 0 ? [takeIn()] : [])]);
  const seconds = (performance.now() - begun) / 1000;
  figures['events_per_s'] = Math.round((load.said() - before) / seconds);
  all.sort((a, b) => a - b);
  figures['reads_per_s'] = Math.round(all.length / seconds);
  figures['read_ms'] = { p50: quantile(all, 0.5), p95: quantile(all, 0.95), p99: quantile(all, 0.99), worst: quantile(all, 1 - 1 / all.length) };
  figures['read_p95_ms'] = Object.fromEntries([...taken].map(([kind, list]) => [kind, quantile(list.sort((a, b) => a - b), 0.95)]));
  const wrote = await run('bash', ['-c', `wc -l < ${server.data}/lessons/${lesson.id}.answers`], 10_000);
  figures['answers_on_disk'] = Number(wrote.stdout);
  load.stop();
  console.log(JSON.stringify({ program: kTongke.split('/').slice(-2).join('/'), ...figures }));
} finally {
  await server.close();
}
