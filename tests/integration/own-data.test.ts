import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { Description } from '../support/openapi';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// A family takes out what is kept of its child, and has it erased; of another's it gets nothing, and nothing of
// another's goes (requirements A16).

const use = useServer();
const description = new Description();
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly body: Record<string, unknown>;
}
interface Named {
  readonly id: string;
  readonly name: string;
}
interface OwnLesson {
  readonly id: string;
  readonly title: string;
  readonly room: string | null;
  readonly attendance: Record<string, unknown> | null;
  readonly answers: readonly unknown[];
  readonly help: readonly unknown[];
  readonly chat: readonly unknown[];
}

async function ask(bearer: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const raw = typeof body === 'string'; // a file
  const response = await fetch(use.server.origin + path, {
    method,
    headers: { ...(bearer !== '' && { Authorization: `Bearer ${bearer}` }), ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }) },
    ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  expect(description.faults(method, path, response.status, json)).toEqual([]);
  return { status: response.status, text, body: json };
}
async function account(login: string, ...args: readonly string[]): Promise<string> {
  const { password } = (await use.server.tongke('account', 'create', login, ...args)) as { password: string };
  return String((await ask('', 'POST', '/api/v1/session', { login, password })).body['token']);
}
const items = async (bearer: string, path: string): Promise<readonly Named[]> => (await ask(bearer, 'GET', path)).body['items'] as readonly Named[];
const link = async (subject: object): Promise<string> => String((await ask(office, 'POST', '/api/v1/links', subject)).body['link']);

let office = '';
let teacher = '';
let klass = '';
let children: readonly Named[] = [];
let staff: Named | undefined;
let lesson = '';
let publishKey = '';

/** Somebody's token for the lesson, by an own link. */
async function tokenBy(own: string): Promise<string> {
  const people = (await ask(own, 'GET', `/api/v1/links/${own}`)).body['people'] as readonly { readonly lessons: readonly { readonly id: string; readonly link: string }[] }[];
  const token = people[0]?.lessons.find(({ id }) => id === lesson)?.link;
  if (token === undefined) throw new Error('no link to the lesson');
  return token;
}
async function enter(own: string): Promise<SignalClient> {
  const client = await SignalClient.enter(use.server, await tokenBy(own));
  kept.push(client);
  return client;
}
async function takeOut(family: string, child: string): Promise<OwnLesson> {
  const answer = await ask(family, 'GET', `/api/v1/pupils/${child}/export`);
  expect(answer.status, answer.text).toBe(200);
  const [first] = answer.body['lessons'] as readonly OwnLesson[];
  if (first === undefined) throw new Error(answer.text);
  return first;
}
/** Every line of the lessons' files. */
function lines(endings: readonly string[]): readonly string[] {
  const folder = join(use.server.data, 'lessons');
  return readdirSync(folder)
    .filter((name) => endings.some((ending) => name.endsWith(ending)))
    .flatMap((name) => readFileSync(join(folder, name), 'utf8').split('\n'));
}
/** The one class of the lesson, in numbers. */
async function counts(): Promise<Record<string, number>> {
  const [one] = (await ask(teacher, 'GET', `/api/v1/lessons/${lesson}/absent`)).body['classes'] as readonly Record<string, number>[];
  const sum = ['live', 'tv', 'late', 'package', 'excused', 'unresolved'].reduce((all, state) => all + (one?.[state] ?? 0), 0);
  expect(sum).toBe(one?.['expected']);
  return one ?? {};
}

beforeAll(async () => {
  const district = await account('district', '--name', '教育科', '--duty', 'district_office');
  const pupils = ['学校,年级,班级,学号,姓名', ...[1, 2, 3].map((i) => `第一小学,三年级,1班,202301${i},学生${i}`)].join('\r\n');
  for (const list of [pupils, '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,李老师,数学,三年级1班\r\n'])
    expect((await ask(district, 'POST', '/api/v1/imports?new_schools=true', list)).body).toMatchObject({ applied: true, problems: [] });
  office = await account('office', '--name', '张校长', '--duty', 'school_office', '--school', '第一小学');
  teacher = await account('li', '--name', '李老师', '--school', '第一小学');
  const [school] = await items(office, '/api/v1/schools');
  klass = (await items(office, `/api/v1/schools/${school?.id}/classes`))[0]?.id ?? '';
  children = await items(office, `/api/v1/classes/${klass}/pupils`);
  staff = (await items(office, `/api/v1/schools/${school?.id}/staff`)).find(({ name }) => name === '李老师');
  const made = await ask(office, 'POST', '/api/v1/lessons', { title: '分数的比较', mode: 'class', lead: staff?.id, rooms: [{ class: klass, teacher: staff?.id }] });
  expect(made.status, made.text).toBe(201);
  lesson = String(made.body['id']);
  publishKey = String(made.body['publish_key']);
});

describe('a family', () => {
  it('takes out all that is kept of its child, has it erased, and nothing of it is left', async () => {
    const [one, two] = children;
    if (one === undefined || two === undefined) throw new Error('no children');
    const family = await link({ home_of: one.id });
    const others = await link({ home_of: two.id });
    const own = await link({ pupil: one.id });
    const publisher = use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${lesson}?key=${publishKey}`));
    await use.server.becomes(await tokenBy(own), 'live', 30_000);
    const li = await enter(await link({ staff: staff?.id }));
    const first = await enter(own);
    const second = await enter(await link({ pupil: two.id }));
    const seat = Number(first.frames('welcome')[0]?.['seat']);
    expect(seat).toBeGreaterThan(0x8000_0000);

    li.say({ t: 'check', media_time: 1000, items: [{ kind: 'single', text: '哪个大？', options: ['3/4', '2/3'], right: [0] }] });
    li.say({ t: 'chat_mode', mode: 'open' });
    for (const [child, said, choice] of [[first, '通分我不会', 0], [second, '约分我不会', 1]] as const) {
      const check = await child.hears('check');
      child.say({ t: 'presence', media_time: 1000, state: 'playing' });
      child.say({ t: 'answer', check: check['seq'], item: 0, choices: [choice] });
      child.say({ t: 'help', text: said });
      await child.hears('chat_mode');
      child.say({ t: 'chat', text: `我说${said}` });
      child.say({ t: 'companion', who: 'mother' });
      const question = await li.hears('help', ({ text }) => text === said);
      li.say({ t: 'help', text: `回答${said}`, seat: question['seat'] });
      await child.hears('help', ({ teacher: hers }) => hers === true);
      await child.hears('chat', ({ mine }) => mine === true);
    }
    const contact = await ask(teacher, 'POST', `/api/v1/lessons/${lesson}/contacts`, { pupil: one.id, by: 'called', way: 'tv' });
    expect(contact.status, contact.text).toBe(200);

    // Lines come to the disk in an instant, but not at once.
    const taken = await waitFor(
      async () => {
        const found = await takeOut(family, one.id);
        return found.help.length === 2 && (found.attendance?.['contacts'] as readonly unknown[]).length === 1 ? found : undefined;
      },
      { what: 'everything in the export' },
    );
    expect(taken).toMatchObject({
      id: lesson,
      title: '分数的比较',
      room: '三年级1班',
      attendance: { companions: [{ who: 'mother' }], contacts: [{ by: 'called', way: 'tv' }], declared: 'tv' },
      answers: [{ answer: [0], right: true, question: { text: '哪个大？', options: ['3/4', '2/3'] } }],
      help: [
        { from_teacher: false, text: '通分我不会' },
        { from_teacher: true, teacher: '李老师', text: '回答通分我不会' },
      ],
      chat: [{ text: '我说通分我不会', shown: 'shown' }],
    });
    const { text, body } = await ask(family, 'GET', `/api/v1/pupils/${one.id}/export`);
    expect(body).toMatchObject({ id: one.id, name: '学生1', truncated: false });
    expect((body['accesses'] as readonly { readonly act: string }[]).map(({ act }) => act)).toContain('mark_contact');
    for (const strange of ['学生2', '学生3', '约分', String(seat)]) expect(text).not.toContain(strange);
    expect((await ask(own, 'GET', `/api/v1/pupils/${one.id}/export`)).body).toMatchObject({ id: one.id, accesses: null });
    expect((await ask(others, 'GET', `/api/v1/pupils/${one.id}/export`)).status).toBe(404);
    // The page's button is a plain address: nobody is asked for a header.
    const file = await fetch(`${use.server.origin}/api/v1/links/${family}/pupils/${one.id}/export`, { redirect: 'manual' });
    expect([file.status, file.headers.get('content-disposition')]).toEqual([200, 'attachment; filename="pupil.json"']);
    expect(((await file.json()) as { id: string }).id).toBe(one.id);
    for (const strange of [others, 'nobody']) expect((await fetch(`${use.server.origin}/api/v1/links/${strange}/pupils/${one.id}/export`, { redirect: 'manual' })).status).toBe(404);
    expect((await ask(others, 'DELETE', `/api/v1/pupils/${one.id}`)).status).toBe(404);
    expect((await counts())['expected']).toBe(3);

    const traces = (): readonly string[] => lines(['.answers', '.talk', '.events']).filter((line) => line.includes(String(seat)) || line.includes('通分'));
    expect(traces().length).toBeGreaterThan(3);

    const gone = await ask(family, 'DELETE', `/api/v1/pupils/${one.id}`);
    expect(gone.status, gone.text).toBe(204);
    expect(await first.ends()).toBe(4404);
    for (const bearer of [family, office]) expect([401, 404]).toContain((await ask(bearer, 'GET', `/api/v1/pupils/${one.id}/export`)).status);
    expect((await ask(office, 'GET', `/api/v1/pupils/${one.id}`)).status).toBe(404);
    expect(traces()).toEqual([]);
    // Minutes by number are what the class's sums are made of; who sat beside it and who called is not.
    expect(lines([`${lesson}.attendance`]).filter((line) => /^[ck] /.test(line) && line.includes(String(seat)))).toEqual([]);
    expect(readdirSync(join(use.server.data, 'erasing'))).toEqual([]);
    const spool = join(use.server.data, 'spool');
    expect(existsSync(spool) ? readdirSync(spool) : []).toEqual([]);
    expect((await counts())['expected']).toBe(2);

    // Nor in the lesson that goes on: its classmates' screens and its teacher's list lose it, who comes is told nothing.
    await second.hears('chat_gone');
    await li.hears('roster', (frame) => !JSON.stringify(frame).includes('学生1'));
    const later = await enter(await link({ staff: staff?.id }));
    await later.hears('help', ({ text: words }) => words === '回答约分我不会');
    expect(JSON.stringify(later.told)).not.toContain('通分');
    expect(JSON.stringify(later.told)).not.toContain('学生1');
    expect(await takeOut(others, two.id)).toMatchObject({ answers: [{ answer: [1], right: false }], help: [{}, {}], chat: [{}], attendance: { companions: [{}] } });
    const log = await items(office, `/api/v1/accesses?school=${(await items(office, '/api/v1/schools'))[0]?.id}&limit=200`);
    expect(log.length).toBeGreaterThan(0);
    await publisher.stop();
  });

  it('is sure of it, too, when the server was stopped in the middle', async () => {
    const [, two, three] = children;
    if (two === undefined || three === undefined) throw new Error('no children');
    const third = await enter(await link({ pupil: three.id }));
    const seat = Number(third.frames('welcome')[0]?.['seat']);
    expect((await ask(office, 'DELETE', `/api/v1/pupils/${three.id}`)).status).toBe(204);
    await use.server.kill();
    // As if it had come no further than the roster; of the second child nothing was begun.
    const talk = join(use.server.data, 'lessons', `${lesson}.talk`);
    const mark = (row: number): string => join(use.server.data, 'erasing', String(row));
    appendFileSync(talk, `{"t":"help","id":900,"room":"x","seat":${seat},"teacher":false,"text":"还没删","at":1}\n`);
    writeFileSync(mark(seat - 0x8000_0000), '');
    writeFileSync(mark(seat - 0x8000_0000 - 1), '');
    await use.server.up();
    await waitFor(() => readdirSync(join(use.server.data, 'erasing')).length === 0, { what: 'the erasure to be over' });
    expect(readFileSync(talk, 'utf8')).not.toContain('还没删');
    expect(readFileSync(talk, 'utf8')).toContain('约分我不会');
  });
});
