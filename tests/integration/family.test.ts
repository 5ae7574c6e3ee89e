import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { Description } from '../support/openapi';
import { place } from '../support/place';

// A family's own link: the published week of its child, three taps once a week, the ticket that its school answers,
// and the data that it takes out and has erased. It is ten o'clock where the district lies.

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const description = new Description();
const folder = mkdtempSync(join(tmpdir(), 'tongke-family-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
};

interface Ticket {
  readonly state: string;
  readonly owner: string;
  readonly due_at: number;
  readonly overdue: boolean;
  readonly answer: string | null;
}
interface Said {
  readonly week: string;
  readonly text: string;
  readonly said_at: number;
  readonly ticket: Ticket | null;
}
interface BoardTicket extends Said {
  readonly id: string;
  readonly ticket: Ticket;
  readonly pupil: { readonly name: string } | null;
  readonly may_answer: boolean;
  readonly desks: readonly string[];
}
interface Board {
  readonly items: readonly BoardTicket[];
  readonly waiting: number;
  readonly overdue: number;
}
interface Named {
  readonly id: string;
  readonly name: string;
}

async function ask<T = object>(bearer: string, method: string, path: string, status: number, body?: object): Promise<T> {
  const response = await fetch(use.server.origin + path, {
    method,
    redirect: 'manual',
    headers: { ...(bearer !== '' && { authorization: `Bearer ${bearer}` }), ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect([method, path, response.status], text.slice(0, 300)).toEqual([method, path, status]);
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as object;
  expect(description.faults(method, path, status, json)).toEqual([]);
  return json as T;
}
async function account(login: string, ...args: readonly string[]): Promise<string> {
  const { password } = (await use.server.tongke('account', 'create', login, ...args)) as { password: string };
  return (await ask<{ token: string }>('', 'POST', '/api/v1/session', 201, { login, password })).token;
}
const board = (bearer: string, state = 'open'): Promise<Board> => ask<Board>(bearer, 'GET', `/api/v1/tickets?state=${state}`, 200);
const feedback = (link: string, child: string): Promise<{ said: boolean; items: readonly Said[] }> => ask(link, 'GET', `/api/v1/pupils/${child}/feedback`, 200);
const kPoor = { picture: 'good', sound: 'poor', pace: 'fits', text: '听不清' };

let office = '';
let technician = '';
let homeroom = '';
let elsewhere = '';
let children: readonly Named[] = [];
let klass = '';
const homes: string[] = [];

beforeAll(async () => {
  const { server } = use;
  await server.tongke('import', '--new-schools', file('pupils.csv', ['学校,年级,班级,学号,姓名', ...[1, 2, 3].map((n) => `一小,7,1,${n},学生${n}`), '二小,7,1,9,学生九']));
  await server.tongke('import', file('staff.csv', ['学校,工号,姓名,学科,任教班级,班主任', '一小,T1,王老师,数学,7(1),7(1)', '一小,T2,李老师,语文,7(1),']));
  const row = (period: number, time: string, kind: string, subject: string): string => `一小,7(1),${date},${period},${time},${kind},${subject},,认识负数,备好纸笔,随堂检测`;
  const header = '学校,班级,日期,节次,时间,类型,学科,主讲,教学目标,教学建议,评价方式';
  await server.tongke('timetable', 'import', file('day.csv', [header, row(1, '9:50-10:30', '', '数学'), row(2, '10:30-10:40', '课间', '')]));
  await server.tongke('timetable', 'publish');
  await server.tongke('plan', 'activate', '--date', date);
  // Nobody has published this.
  await server.tongke('timetable', 'import', file('draft.csv', [header, row(5, '14:00-14:40', '', '语文')]));
  office = await account('office', '--name', '张校长', '--duty', 'school_office', '--school', '一小');
  technician = await account('tech', '--name', '赵技术', '--duty', 'technician', '--school', '一小');
  homeroom = await account('wang', '--name', '王老师', '--school', '一小');
  elsewhere = await account('office2', '--name', '钱校长', '--duty', 'school_office', '--school', '二小');
  const [school] = (await ask<{ items: Named[] }>(office, 'GET', '/api/v1/schools', 200)).items;
  klass = (await ask<{ items: Named[] }>(office, 'GET', `/api/v1/schools/${school?.id}/classes`, 200)).items[0]?.id ?? '';
  children = (await ask<{ items: Named[] }>(office, 'GET', `/api/v1/classes/${klass}/pupils`, 200)).items;
  for (const { id } of children) homes.push((await ask<{ link: string }>(office, 'POST', '/api/v1/links', 201, { home_of: id })).link);
});
const nth = (n: number): { id: string; home: string } => ({ id: children[n]?.id ?? '', home: homes[n] ?? '' });

describe('a family', () => {
  it('is given its link by the class’s sheet', async () => {
    const sheet = async (bearer: string, of: string): Promise<Response> => fetch(`${use.server.origin}/api/v1/classes/${klass}/links?format=csv&of=${of}`, { headers: { authorization: `Bearer ${bearer}` } });
    const links = [...(await (await sheet(office, 'homes')).text()).matchAll(/\/l\/([\w-]+)/g)].map((found) => found[1] ?? '');
    expect(links).toHaveLength(children.length);
    expect(await ask('', 'GET', `/api/v1/links/${links[1]}`, 200)).toMatchObject({ kind: 'home', people: [{ id: nth(1).id }] });
    expect((await sheet(elsewhere, 'homes')).status).toBe(404);
    expect((await sheet(office, 'cousins')).status).toBe(400);
  });

  it('has its own child’s published week, and its page', async () => {
    const { id, home } = nth(0);
    const week = await ask<{ today: string; entries: { date: string; subject: string; kind: string; starts: number }[] }>(home, 'GET', `/api/v1/pupils/${id}/timetable`, 200);
    expect(week.today).toBe(date);
    expect(week.entries).toMatchObject([{ date, kind: 'lesson', subject: '数学' }, { date, kind: 'break', subject: '' }]);
    const { people } = await ask<{ people: { lessons: { planned_start: number; page: string }[] }[] }>('', 'GET', `/api/v1/links/${home}`, 200);
    expect(people[0]?.lessons.map(({ planned_start }) => planned_start)).toEqual([week.entries[0]?.starts]);
    expect(await ask(home, 'GET', `/api/v1/pupils/${id}/timetable?week=2020-01-01`, 200)).toMatchObject({ week: '2019-12-30', entries: [] });
    await ask(home, 'GET', `/api/v1/pupils/${id}/timetable?week=soon`, 400);
    await ask(home, 'GET', `/api/v1/pupils/${nth(1).id}/timetable`, 404);
    await ask(office, 'GET', `/api/v1/pupils/${id}/timetable`, 404); // the class's is at /timetable/classes
    const page = await fetch(`${use.server.origin}/family/${home}`);
    expect([page.status, page.headers.get('content-type'), (await page.text()).includes('/assets/family')]).toEqual([200, expect.stringContaining('text/html'), true]);
    // A lesson that is to come is gone to first; once there is none, the page.
    const to = async (): Promise<string | null> => (await fetch(`${use.server.origin}/l/${home}`, { redirect: 'manual' })).headers.get('location');
    expect(await to()).toMatch(/^\/w\//);
    const [lesson] = (await ask<{ items: { id: string }[] }>(office, 'GET', '/api/v1/lessons', 200)).items;
    await use.server.endLesson(lesson?.id ?? '');
    expect(await to()).toBe(`/family/${home}`);
  });

  it('says once a week how it was; what was well opens nothing', async () => {
    const { id, home } = nth(1);
    const path = `/api/v1/pupils/${id}/feedback`;
    await ask(home, 'POST', path, 400, { picture: 'good', sound: 'good' });
    await ask(home, 'POST', path, 400, { picture: 'good', sound: 'loud', pace: 'fits' });
    await ask(home, 'POST', path, 400, { picture: 'good', sound: 'good', pace: 'fits', text: '长'.repeat(301) });
    await ask('', 'POST', path, 401, kPoor);
    await ask(nth(0).home, 'POST', path, 404, kPoor);
    await ask(office, 'POST', path, 404, kPoor);
    expect(await ask(home, 'POST', path, 201, { picture: 'good', sound: 'good', pace: 'fits' })).toMatchObject({ text: '', ticket: null });
    await ask(home, 'POST', path, 409, kPoor);
    expect(await feedback(home, id)).toMatchObject({ said: true, items: [{ ticket: null }] });
    await ask(nth(0).home, 'GET', path, 404);
    expect((await board(office)).items).toEqual([]);
  });

  it('has what is wrong answered by its own school, and sees it', async () => {
    const { id, home } = nth(0);
    const said = await ask<Said>(home, 'POST', `/api/v1/pupils/${id}/feedback`, 201, kPoor);
    expect(said.ticket).toMatchObject({ state: 'open', owner: 'technician', overdue: false, answer: null });
    expect(said.ticket?.due_at).toBeGreaterThanOrEqual(said.said_at + 24 * 3_600_000);

    expect(await board(office)).toMatchObject({ waiting: 1, overdue: 0, items: [{ text: '听不清', pupil: { name: '学生1' }, may_answer: true, desks: ['office', 'homeroom'] }] });
    expect(await board(homeroom)).toMatchObject({ items: [{ pupil: { name: '学生1' }, may_answer: true }] });
    const theirs = await board(technician);
    expect(theirs).toMatchObject({ items: [{ pupil: null, may_answer: true }] });
    expect(JSON.stringify(theirs)).not.toContain('学生1');
    expect((await board(elsewhere)).items).toEqual([]);
    await ask(home, 'GET', '/api/v1/tickets', 404);
    await ask(office, 'GET', '/api/v1/tickets?state=lost', 400);

    const ticket = `/api/v1/tickets/${theirs.items[0]?.id}`;
    for (const nobody of [elsewhere, home]) await ask(nobody, 'POST', `${ticket}/answer`, 404, { text: '好' });
    await ask(office, 'POST', '/api/v1/tickets/nothing/answer', 404, { text: '好' });
    await ask(office, 'POST', `${ticket}/answer`, 400, { text: '' });
    await ask(office, 'POST', `${ticket}/close`, 409, {});
    await ask(technician, 'POST', `${ticket}/pass`, 400, { to: 'minister' });
    expect(await ask(technician, 'POST', `${ticket}/pass`, 200, { to: 'homeroom' })).toMatchObject({ ticket: { owner: 'homeroom', due_at: said.ticket?.due_at }, may_answer: false });
    await ask(technician, 'POST', `${ticket}/answer`, 404, { text: '好' });
    expect((await board(technician)).items).toEqual([]);
    expect(await ask(homeroom, 'POST', `${ticket}/answer`, 200, { text: '话筒换好了' })).toMatchObject({ ticket: { state: 'answered' } });
    expect(await feedback(home, id)).toMatchObject({ said: true, items: [{ ticket: { state: 'answered', answer: '话筒换好了' } }] });
    expect(await board(office)).toMatchObject({ waiting: 0, items: [{ answered_by: { name: '王老师' } }] });
    await ask(office, 'POST', `${ticket}/close`, 200, {});
    await ask(homeroom, 'POST', `${ticket}/answer`, 409, { text: '再说' });
    expect((await board(office)).items).toEqual([]);
    expect((await board(office, 'closed')).items).toHaveLength(1);
    // Looking at the board is in the access log.
    const [school] = (await ask<{ items: Named[] }>(office, 'GET', '/api/v1/schools', 200)).items;
    const { items } = await ask<{ items: { act: string }[] }>(office, 'GET', `/api/v1/accesses?school=${school?.id}&limit=200`, 200);
    expect(items.map(({ act }) => act)).toContain('see_tickets');
  });

  it('takes it out with its child’s data, and has it erased with it; a restart keeps the rest', async () => {
    const { id, home } = nth(0);
    expect(await ask(home, 'GET', `/api/v1/pupils/${id}/export`, 200)).toMatchObject({ feedback: [{ text: '听不清', ticket: { answer: '话筒换好了' } }] });
    await ask(nth(2).home, 'POST', `/api/v1/pupils/${nth(2).id}/feedback`, 201, { picture: 'good', sound: 'good', pace: 'too_long' });
    await ask(home, 'DELETE', `/api/v1/pupils/${id}`, 204);
    expect((await board(office, 'closed')).items).toEqual([]);
    expect(await board(office)).toMatchObject({ items: [{ pupil: { name: '学生3' }, ticket: { owner: 'office' } }] });
    await use.server.kill();
    await use.server.up();
    const { link, items } = { link: nth(2).home, ...(await feedback(nth(2).home, nth(2).id)) };
    expect(items).toMatchObject([{ pace: 'too_long' }]);
    await ask(link, 'POST', `/api/v1/pupils/${nth(2).id}/feedback`, 409, kPoor);
  });
});
