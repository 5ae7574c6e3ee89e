import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { Server } from '../support/server';
import { byName, type Named, School, Visitor } from '../support/school';
import { type Frame, SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// Two classes of a school in one joint lesson, against the real server: who sits where, who sees
// whom, and that no child is left out.

const use = useServer();
const kept: SignalClient[] = [];
const keep = (client: SignalClient): SignalClient => {
  kept.push(client);
  return client;
};
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2].flatMap((klass) => [1, 2, 3].map((i) => `第一小学,三年级,${klass}班,20230${klass}${i},学生${klass}${i}`))].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,李老师,数学,三年级2班\r\n第一小学,T2,王老师,数学,三年级1班\r\n';

let district: Visitor;
let office: Visitor;
let teacher: Visitor; // of class 2
let inspector: Visitor;
let elsewhere: Visitor;
let classes: readonly Named[];
let staff: readonly Named[];
let lesson = '';
let rtmp = '';

async function pupil(klass: number, index: number): Promise<Named> {
  return byName(await office.items(`/api/v1/classes/${classes[klass - 1]?.id}/pupils`), `学生${klass}${index}`);
}
/** A person's token for the lesson, as the own link's page gets it. */
async function tokenOf(subject: object): Promise<string> {
  const { body } = await office.ask('POST', '/api/v1/links', subject);
  const own = await new Visitor(use.server, '').get(`/api/v1/links/${String(body['link'])}`);
  const people = own.body['people'] as readonly { readonly lessons: readonly { readonly id: string; readonly link: string }[] }[];
  const token = people[0]?.lessons.find(({ id }) => id === lesson)?.link;
  if (token === undefined) throw new Error(own.text);
  return token;
}
const pupilToken = async (klass: number, index: number): Promise<string> => tokenOf({ pupil: (await pupil(klass, index)).id });
const enter = async (token: string): Promise<SignalClient> => keep(await SignalClient.enter(use.server, token));
const names = (frame: Frame): string => JSON.stringify(frame);

beforeAll(async () => {
  district = await School.signIn(use.server, 'district', '--name', '教育科', '--duty', 'district_office');
  for (const list of [kPupils, kStaff]) {
    const done = await district.ask('POST', '/api/v1/imports?new_schools=true', list);
    expect(done.body, done.text).toMatchObject({ applied: true, problems: [] });
  }
  await district.ask('POST', '/api/v1/imports?new_schools=true', '学校,年级,班级,学号,姓名\r\n第二小学,三年级,1班,9,别人\r\n');
  office = await School.signIn(use.server, 'office', '--name', '张校长', '--duty', 'school_office', '--school', '第一小学');
  elsewhere = await School.signIn(use.server, 'elsewhere', '--name', '赵校长', '--duty', 'school_office', '--school', '第二小学');
  teacher = await School.signIn(use.server, 'li', '--name', '李老师', '--school', '第一小学');
  inspector = await School.signIn(use.server, 'inspector', '--name', '督学', '--duty', 'inspector');
  const school = byName(await office.items('/api/v1/schools'), '第一小学').id;
  classes = await office.items(`/api/v1/schools/${school}/classes`);
  staff = await office.items(`/api/v1/schools/${school}/staff`);
  const made = await district.ask('POST', '/api/v1/lessons', {
    title: '分数的比较',
    mode: 'joint',
    lead: byName(staff, '王老师').id,
    rooms: [{ class: classes[0]?.id }, { class: classes[1]?.id, teacher: byName(staff, '李老师').id }],
  });
  expect(made.status, made.text).toBe(201);
  lesson = String(made.body['id']);
  rtmp = `rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${lesson}?key=${String(made.body['publish_key'])}`;
});

describe('a joint lesson', () => {
  it('A2: each class has its own room, teacher and notes', async () => {
    const li = await enter(await tokenOf({ staff: byName(staff, '李老师').id }));
    const lead = await enter(await tokenOf({ staff: byName(staff, '王老师').id }));
    const two = await enter(await pupilToken(2, 1));
    const one = await enter(await pupilToken(1, 1));
    expect(two.frames('welcome')[0]).toMatchObject({ role: 'pupil', label: '学生21', rooms: [{ label: '三年级2班' }] });
    const roster = await li.hears('roster');
    expect(names(roster)).toContain('学生23');
    expect(names(roster)).not.toContain('学生11');
    // The lead teaches class 1 herself: of class 2 she is told numbers.
    const others = lead.frames('roster').map(names).join();
    expect(others).toContain('学生11');
    expect(others).not.toContain('学生21');
    li.say({ t: 'note', media_time: 754_000, text: '2班：第12题(2)先别做' });
    await two.hears('note', ({ text }) => text === '2班：第12题(2)先别做');
    lead.say({ t: 'note', media_time: 754_000, text: '翻到第八页' });
    await one.hears('note', ({ text }) => text === '翻到第八页');
    expect(one.frames('note')).toHaveLength(1);
    await two.hears('cowatch', (frame) => names(frame).includes('李老师'));
  });

  it('A11: a check, a raised hand and a call for help reach those they are for, and nobody else', async () => {
    const li = await enter(await tokenOf({ staff: byName(staff, '李老师').id }));
    const lead = await enter(await tokenOf({ staff: byName(staff, '王老师').id }));
    const two = await enter(await pupilToken(2, 1));
    const classmate = await enter(await pupilToken(2, 2));
    const one = await enter(await pupilToken(1, 1));
    li.say({ t: 'check', media_time: 1000, items: [{ kind: 'single', text: '哪个大？', options: ['3/4', '2/3'], right: [0] }] });
    const check = await two.hears('check');
    expect(names(check)).not.toContain('right');
    two.say({ t: 'answer', check: check['seq'], item: 0, choices: [0] });
    expect(await two.hears('answer')).toMatchObject({ right: true });
    expect(names(await li.hears('answers'))).toContain('学生21');
    expect(await lead.hears('tally')).toMatchObject({ items: [{ answered: 1, right: 1, choices: [1, 0] }] });
    two.say({ t: 'hand', on: true });
    two.say({ t: 'help', text: '通分我不会' });
    const help = await li.hears('help');
    expect(help).toMatchObject({ label: '学生21', teacher: false });
    li.say({ t: 'help', text: '看第11页例2', seat: help['seat'] });
    await two.hears('help', ({ teacher: hers }) => hers === true);
    await li.hears('seats', (frame) => names(frame).includes('"hand"'));
    for (const nobody of [classmate, one]) {
      nobody.say({ t: 'presence', media_time: 1, state: 'playing' });
      await nobody.hears('beat');
      for (const t of ['help', 'answers', 'tally', 'seats', 'hand']) expect(nobody.frames(t)).toEqual([]);
      expect(nobody.told.map(names).join()).not.toContain('学生21');
    }
    expect(lead.frames('help')).toEqual([]);
    expect(lead.frames('answers')).toEqual([]);
  });

  it('A12: a third device is refused and the teacher told; frozen, nobody can write', async () => {
    const li = await enter(await tokenOf({ staff: byName(staff, '李老师').id }));
    const token = await pupilToken(2, 3);
    const phone = await enter(token);
    await enter(token);
    const third = keep(await SignalClient.connect(use.server));
    third.say({ t: 'hello', token });
    expect(await third.ends()).toBe(4409);
    expect(await li.hears('device')).toMatchObject({ label: '学生23' });
    li.say({ t: 'freeze', on: true });
    await phone.hears('freeze', ({ on }) => on === true, 3000);
    phone.say({ t: 'help', text: '捣乱' });
    await phone.hears('error', ({ code }) => code === 'frozen');
    li.say({ t: 'freeze', on: false });
    await phone.hears('freeze', ({ on }) => on === false);
  });

  it('A5: every pupil is one thing; names go to the own teachers, numbers up', async () => {
    const publisher = use.keep(publish(rtmp));
    await use.server.becomes(await pupilToken(2, 1), 'live', 30_000);
    const two = await enter(await pupilToken(2, 1));
    two.say({ t: 'presence', media_time: 1000, state: 'stalled' });
    await two.hears('beat');
    const path = `/api/v1/lessons/${lesson}/absent`;
    const own = `${path}?class=${classes[1]?.id}`;
    const states = ['live', 'tv', 'late', 'package', 'excused', 'unresolved'] as const;
    const counts = async (visitor: Visitor): Promise<readonly Record<string, number>[]> => {
      const answer = await visitor.get(path);
      expect(answer.status, answer.text).toBe(200);
      const all = answer.body['classes'] as readonly Record<string, number>[];
      for (const one of all) expect(states.reduce((sum, state) => sum + (one[state] ?? 0), 0)).toBe(one['expected']);
      return all;
    };
    expect(await counts(teacher)).toHaveLength(1);
    expect(await counts(office)).toHaveLength(2);
    expect(await counts(inspector)).toHaveLength(2);
    expect((await elsewhere.get(path)).status).toBe(404);
    const listed = await teacher.get(own);
    expect(listed.status, listed.text).toBe(200);
    expect(listed.text).toContain('学生23');
    expect((await teacher.get(`${path}?class=${classes[0]?.id}`)).status).toBe(404);
    for (const stranger of [inspector, elsewhere]) expect((await stranger.get(own)).status).toBe(404);
    expect((await inspector.get(path)).text).not.toContain('学生');

    const missed = (await pupil(2, 3)).id;
    const contacts = `/api/v1/lessons/${lesson}/contacts`;
    const noted = await teacher.ask('POST', contacts, { pupil: missed, by: 'called', way: 'tv' });
    expect(noted.body, noted.text).toMatchObject({ state: 'tv', declared: 'tv', contact: { by: 'called', way: 'tv' } });
    expect((await teacher.ask('POST', contacts, { pupil: missed, by: 'shouted', way: 'tv' })).status).toBe(400);

    // A day of a school and of the district, and a pupil's term.
    const overview = async (visitor: Visitor, query = ''): Promise<readonly Record<string, unknown>[]> => {
      const answer = await visitor.get(`/api/v1/attendance${query}`);
      expect(answer.status, answer.text).toBe(200);
      expect(answer.text).not.toContain('学生');
      const lines = answer.body['items'] as readonly Record<string, unknown>[];
      for (const one of lines) expect(states.reduce((sum, state) => sum + Number(one[state]), 0)).toBe(one['expected']);
      return lines;
    };
    expect(await overview(office)).toMatchObject([{ lesson: { id: lesson }, expected: 3 }, { lesson: { id: lesson }, expected: 3, tv: 1 }]);
    expect(await overview(district, '?by=school')).toMatchObject([{ lesson: null, class: null, school: { name: '第一小学' }, lessons: 1, expected: 6, tv: 1 }]);
    expect(await overview(teacher)).toHaveLength(1);
    expect(await overview(elsewhere)).toEqual([]);
    expect(await overview(office, '?from=2026-01-01&to=2026-01-31')).toEqual([]);
    for (const wrong of ['?from=2026-13-01', '?from=2026-01-02&to=2026-01-01', '?from=2026-01-01&to=2026-03-01', '?by=pupil', '?format=pdf']) {
      expect((await office.get(`/api/v1/attendance${wrong}`)).status, wrong).toBe(400);
    }
    const days = await district.get('/api/v1/attendance?by=class&format=csv&lang=zh');
    expect(days.text.split('\r\n')[2]).toMatch(/^,,,第一小学,三年级2班,1,3,/);
    const term = await teacher.get(`/api/v1/pupils/${missed}/attendance`);
    expect(term.body, term.text).toMatchObject({ counts: { tv: 1, live: 0 }, lessons: [{ id: lesson, state: 'tv', declared: 'tv', minutes: 0 }] });
    for (const stranger of [inspector, elsewhere]) expect((await stranger.get(`/api/v1/pupils/${missed}/attendance`)).status).toBe(404);
    expect((await teacher.ask('POST', contacts, { pupil: (await pupil(1, 1)).id, by: 'called', way: 'tv' })).status).toBe(404);
    expect((await inspector.ask('POST', contacts, { pupil: missed, by: 'called', way: 'tv' })).status).toBe(404);
    expect((await counts(teacher))[0]).toMatchObject({ tv: 1 });

    const sheet = await teacher.get(`/api/v1/lessons/${lesson}/attendance?class=${classes[1]?.id}`);
    expect(sheet.headers.get('content-type')).toMatch(/^text\/csv/);
    expect(sheet.text).toContain('2023023,学生23,电视,电视');
    const book = await teacher.get(`/api/v1/lessons/${lesson}/attendance?class=${classes[1]?.id}&format=xlsx`);
    expect(book.text.startsWith('PK')).toBe(true);
    expect((await elsewhere.get(`/api/v1/lessons/${lesson}/attendance?class=${classes[1]?.id}`)).status).toBe(404);
    expect((await office.get('/api/v1/unwatched-rooms')).body).toEqual({ items: [] }); // not five minutes old
    await publisher.stop();
  });

  it('moves who moves: a pupil of another class has another room at once', async () => {
    const token = await pupilToken(1, 3);
    const client = await enter(token);
    const moved = await office.ask('POST', '/api/v1/imports', '年级,班级,学号,姓名\r\n三年级,2班,2023013,学生13\r\n');
    expect(moved.body, moved.text).toMatchObject({ applied: true });
    const code = await client.ends();
    expect([1001, 4404]).toContain(code);
    const again = await enter(await tokenOf({ pupil: (await waitFor(() => pupilIn(2, '学生13'), { what: 'moved pupil' })).id }));
    expect(again.frames('welcome')[0]).toMatchObject({ rooms: [{ label: '三年级2班' }] });
  });
});

async function pupilIn(klass: number, name: string): Promise<Named | undefined> {
  return (await office.items(`/api/v1/classes/${classes[klass - 1]?.id}/pupils`)).find((one) => one.name === name);
}

describe('the websocket over TLS', () => {
  it('is the same with a certificate', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongke-tls-'));
    const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
    execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/CN=localhost', '-keyout', key, '-out', cert], { stdio: 'ignore' });
    const server = await Server.start({ env: { TONGKE_HTTP_TLS_CERTIFICATE: cert, TONGKE_HTTP_TLS_KEY: key } });
    try {
      const made = await server.createLesson();
      const { token } = await server.link(made.id);
      const socket = new WebSocket(`wss://127.0.0.1:${server.ports.signal}/signal`, 'tongke.v1', { rejectUnauthorized: false });
      const told: string[] = [];
      socket.on('message', (data) => told.push(String(data)));
      socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', token })));
      await waitFor(() => told.some((frame) => frame.includes('"welcome"')), { ms: 15_000, what: 'a welcome over TLS' });
      socket.terminate();
    } finally {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
