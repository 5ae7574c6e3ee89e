import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { TurnedClock } from '../support/clock';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { Description } from '../support/openapi';
import { place } from '../support/place';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { SignalClient } from '../support/signal';

// What a family says after a lesson, and how a ticket climbs when nobody answers it: class teacher, office, principal (SP-6, S43).
// By a clock that is turned on; it begins on a Monday at ten, as Saturdays and Sundays do not count.

const kMinute = 60_000;
const kDay = 24 * 60;

const clock = new TurnedClock();
clock.forward(((8 - new Date(place(10).date).getUTCDay()) % 7) * kDay);
const use = useServer({ env: clock.env });
afterAll(() => clock.close());
const description = new Description();

const kClass = '三年级2班';
const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2, 3].map((i) => `第一小学,三年级,2班,20230${i},学生${i}`)].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级,班主任,职务\r\n第一小学,T1,李老师,数学,三年级2班,三年级2班,\r\n第一小学,P1,孙校长,,,,校长\r\n';
const kPoor = { picture: 'good', sound: 'good', pace: 'too_fast', text: '跟不上' };

interface Ticket {
  readonly owner: string;
  readonly since: number;
  readonly next: { readonly desk: string; readonly at: number } | null;
  readonly state: string;
}
interface Line {
  readonly id: string;
  readonly lesson: { readonly id: string; readonly title: string } | null;
  readonly ticket: Ticket;
  readonly holder: { readonly name: string } | null;
  readonly may_answer: boolean;
}

let school: School;
let lesson: TaughtLesson;
const children: { id: string; own: string; home: string; token: string }[] = [];
const passwords = new Map<string, string>();

async function account(login: string, ...args: readonly string[]): Promise<void> {
  const { password } = (await use.server.tongke('account', 'create', login, ...args)) as { password: string };
  passwords.set(login, password);
}
/** A session sleeps two hours at most. */
async function signIn(login: string): Promise<Visitor> {
  const session = await new Visitor(use.server, '').must('POST', '/api/v1/session', { login, password: passwords.get(login) });
  return new Visitor(use.server, String(session['token']));
}
async function board(login: string): Promise<readonly Line[]> {
  const answer = await (await signIn(login)).get('/api/v1/tickets');
  expect(description.faults('GET', '/api/v1/tickets', answer.status, answer.body)).toEqual([]);
  return answer.body['items'] as readonly Line[];
}
async function asks(bearer: string, method: string, path: string, status: number, body?: object): Promise<Record<string, unknown>> {
  const answer = await new Visitor(use.server, bearer).ask(method, path, body);
  expect([method, path, answer.status], answer.text).toEqual([method, path, status]);
  expect(description.faults(method, path, status, answer.body)).toEqual([]);
  return answer.body;
}
const watch = (token: string): string => `/api/v1/watch/${token}/feedback`;
const child = (n: number): { id: string; own: string; home: string; token: string } => children[n] ?? { id: '', own: '', home: '', token: '' };

async function teach(title: string): Promise<TaughtLesson> {
  return school.teach({ title, mode: 'class', lead: school.member('李老师').id, rooms: [{ class: school.klass(kClass).id }] });
}

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  await account('li', '--name', '李老师', '--school', '第一小学');
  await account('head', '--name', '孙校长', '--school', '第一小学');
  await account('clerk', '--name', '周主任', '--duty', 'school_office', '--school', '第一小学');
  lesson = await teach('认识负数');
  for (const { id } of [...(await school.pupils(kClass))].sort((a, b) => a.name.localeCompare(b.name)))
    children.push({ id, own: await school.link({ pupil: id }), home: await school.link({ home_of: id }), token: await school.token(lesson.id, { pupil: id }) });
});

describe('after a lesson', () => {
  it('is asked how it was, once a child, by whoever holds its link', async () => {
    const { token, home, id, own } = child(0);
    expect(await asks('', 'GET', watch(token), 200)).toEqual({ open: false }); // it has not begun
    await asks('', 'POST', watch(token), 409, kPoor);
    const publisher = use.keep(publish(lesson.rtmp, pattern({ size: '160x90', rate: 5, kilobits: 40, duration: 4 })));
    await use.server.becomes(token, 'live', 30_000);
    const here = await SignalClient.enter(use.server, child(2).token);
    await here.beats(1000);
    here.vanish();
    expect(await asks('', 'GET', watch(token), 200)).toEqual({ open: false }); // nor is it over
    await publisher.ended(60_000);
    await use.server.endLesson(lesson.id);

    expect(await asks('', 'GET', watch(token), 200)).toEqual({ open: true });
    expect(await asks(home, 'GET', `/api/v1/pupils/${id}/feedback`, 200)).toMatchObject({ said: false, items: [], lessons: [{ id: lesson.id, title: '认识负数' }] });
    await asks('', 'POST', watch(token), 400, { picture: 'good', sound: 'loud', pace: 'fits' });
    const said = await asks('', 'POST', watch(token), 201, kPoor);
    expect(said).toMatchObject({ lesson: { id: lesson.id, title: '认识负数' }, ticket: { owner: 'homeroom', state: 'open', next: { desk: 'office' } } });
    expect(await asks('', 'GET', watch(token), 200)).toEqual({ open: false });
    await asks('', 'POST', watch(token), 409, kPoor);
    await asks(home, 'POST', `/api/v1/pupils/${id}/feedback`, 409, { ...kPoor, lesson: lesson.id });
    expect(await asks(home, 'GET', `/api/v1/pupils/${id}/feedback`, 200)).toMatchObject({ said: false, lessons: [], items: [{ text: '跟不上' }] });

    // A lesson by the child's own link too, its week by the family's alone; another child's by neither.
    await asks(own, 'POST', `/api/v1/pupils/${id}/feedback`, 404, kPoor);
    await asks(own, 'GET', `/api/v1/pupils/${id}/feedback`, 404);
    await asks(child(1).home, 'POST', `/api/v1/pupils/${id}/feedback`, 404, { ...kPoor, lesson: lesson.id });
    const well = { picture: 'good', sound: 'good', pace: 'fits' };
    expect(await asks(child(1).own, 'POST', `/api/v1/pupils/${child(1).id}/feedback`, 201, { ...well, lesson: lesson.id })).toMatchObject({ ticket: null });
    await asks(child(1).home, 'POST', `/api/v1/pupils/${child(1).id}/feedback`, 404, { ...well, lesson: 'nothing' });
    // Counted links and the teacher's are nobody's in particular.
    const counted = await use.server.link(lesson.id);
    expect(await asks('', 'GET', watch(counted.token), 200)).toEqual({ open: false });
    await asks('', 'POST', watch(counted.token), 404, well);
    await asks('', 'GET', watch('nothing'), 404);
  }, 120_000);

  it('says of who is missing by what she was there last, and whom nobody has found in two hours', async () => {
    const next = await teach('第二课');
    const publisher = use.keep(publish(next.rtmp, pattern({ size: '160x90', rate: 5, kilobits: 40, duration: 3 })));
    await use.server.becomes(await school.token(next.id, { pupil: child(0).id }), 'live', 30_000);
    await publisher.ended(60_000);
    await use.server.endLesson(next.id);
    const listed = async (): Promise<Record<string, unknown>> => {
      const path = `/api/v1/lessons/${next.id}/absent?class=${school.klass(kClass).id}`;
      const answer = await (await signIn('li')).get(path);
      expect(description.faults('GET', path, answer.status, answer.body)).toEqual([]);
      return answer.body;
    };
    expect(await listed()).toMatchObject({ pupils: [{ last_device: null, overdue: false }, { last_device: null }, { pupil: { name: '学生3' }, last_seen: null, last_device: { by: 'page' } }] });
    clock.forward(2 * 60);
    expect(await listed()).toMatchObject({ pupils: [{ overdue: true }, { overdue: true }, { overdue: true }] });
  }, 120_000);
});

describe('a ticket that nobody answers', () => {
  it('climbs from the class teacher to the office and to the principal by its age', async () => {
    const [first] = await board('li');
    expect(first).toMatchObject({ lesson: { title: '认识负数' }, holder: { name: '李老师' }, ticket: { owner: 'homeroom' }, may_answer: true });
    const since = first?.ticket.since ?? 0;
    expect(first?.ticket.next).toEqual({ desk: 'office', at: since + kDay * kMinute });
    clock.forward(kDay);
    const atOffice = (await board('clerk'))[0];
    expect(atOffice).toMatchObject({ holder: null, may_answer: true, ticket: { owner: 'office', since: since + kDay * kMinute, next: { desk: 'principal' } } });
    // A restart changes nothing: the climb is computed.
    await use.server.kill();
    await use.server.up();
    expect((await board('clerk'))[0]).toEqual(atOffice);
    clock.forward(kDay);
    expect((await board('head'))[0]).toMatchObject({ holder: { name: '孙校长' }, may_answer: true, ticket: { owner: 'principal', next: null } });
    // Those who had it before may answer still; passing it down starts its clock anew.
    const passed = await (await signIn('head')).must('POST', `/api/v1/tickets/${first?.id}/pass`, { to: 'homeroom' });
    expect(passed).toMatchObject({ holder: { name: '李老师' }, ticket: { owner: 'homeroom', next: { desk: 'office' } } });
    clock.forward(kDay);
    expect((await board('li'))[0]).toMatchObject({ may_answer: true, ticket: { owner: 'office' } });
    await (await signIn('li')).must('POST', `/api/v1/tickets/${first?.id}/answer`, { text: '下节课讲慢些' });
    clock.forward(kDay);
    expect((await board('clerk'))[0]).toMatchObject({ ticket: { state: 'answered', owner: 'office', next: null } });
    expect(await asks(child(0).home, 'GET', `/api/v1/pupils/${child(0).id}/feedback`, 200)).toMatchObject({ items: [{ ticket: { answer: '下节课讲慢些' } }] });
  }, 120_000);
});
