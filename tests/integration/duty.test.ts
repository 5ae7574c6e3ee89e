import { beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { Description } from '../support/openapi';
import { place } from '../support/place';
import { type Answer, School, type Visitor } from '../support/school';

// Who of a school is on duty (OR-4): its office says so, its staff read it, and nobody else.

const use = useServer();
const description = new Description();

const kPupils = '学校,年级,班级,学号,姓名\r\n第一小学,三年级,1班,310,钱甲一\r\n第二小学,三年级,1班,901,郑丙一\r\n';
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n第一小学,T2,李老师,语文,三年级1班\r\n第二小学,T9,赵老师,数学,三年级1班\r\n';

const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const { date: today } = place(10);
const monday = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7));
const none = { administrator: null, technician: null, contact: null };

interface Turn {
  readonly staff: { readonly name: string };
  readonly phone: string;
}
type Day = { readonly date: string } & Readonly<Record<keyof typeof none, Turn | null>>;

let school: School;
let here: string;
let elsewhere: Visitor;
let technician: Visitor;

async function ask(who: Visitor, method: string, week: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const path = `/api/v1/schools/${here}/duty-roster/${week}`;
  const answer = await who.ask(method, path, body, headers);
  expect(description.faults(method, path, answer.status, answer.body)).toEqual([]);
  return answer;
}
const tagOf = ({ headers }: Answer): string => headers.get('etag') ?? '';
const daysOf = ({ body }: Answer): readonly Day[] => body['days'] as readonly Day[];
const weekWith = (turn: object): object => ({ days: [{ ...none, technician: turn }, none, none, none, none, none, { administrator: turn }] });
const error = ({ body }: Answer): { code: string; field?: string } => body['error'] as never;

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  here = (await school.office.items('/api/v1/schools')).find(({ name }) => name === '第一小学')?.id ?? '';
  elsewhere = await School.signIn(use.server, 'second', '--name', '赵校长', '--duty', 'school_office', '--school', '第二小学');
  technician = await School.signIn(use.server, 'tech', '--name', '孙老师', '--duty', 'technician', '--school', '第一小学');
});

describe('the duty roster of a school', () => {
  it('is nobody’s until its office says who, and then so after a restart', async () => {
    const before = await ask(school.office, 'GET', monday);
    expect(daysOf(before)).toEqual(Array.from({ length: 7 }, (_, at) => ({ date: addDays(monday, at), ...none })));
    const li = school.member('李老师');
    const turn = { staff: li.id, phone: '分机 8012' };
    expect((await ask(school.office, 'PUT', monday, weekWith(turn))).status).toBe(428);
    const saved = await ask(school.office, 'PUT', monday, weekWith(turn), { 'If-Match': tagOf(before) });
    expect(saved.status).toBe(200);
    expect(daysOf(saved)[0]?.technician).toEqual({ staff: { id: li.id, name: '李老师' }, phone: '分机 8012' });
    // Sent again as if the answer had been lost: it is no longer what it was made from.
    expect((await ask(school.office, 'PUT', monday, weekWith(turn), { 'If-Match': tagOf(before) })).status).toBe(412);
    expect((await ask(school.office, 'PUT', monday, weekWith(turn), { 'If-Match': tagOf(saved) })).status).toBe(200);
    const read = await ask(technician, 'GET', monday);
    expect(daysOf(read)).toEqual(daysOf(saved));
    expect(tagOf(read)).toBe(tagOf(saved));
    expect((await technician.ask('GET', `/api/v1/schools/${here}/duty-roster/${monday}`, undefined, { 'If-None-Match': tagOf(read) })).status).toBe(304);
    expect(daysOf(await ask(school.office, 'GET', addDays(monday, 7)))[0]?.technician).toBeNull();
  });

  it('is for the school’s own staff only, and its office’s to say', async () => {
    for (const stranger of [elsewhere, school.district]) {
      expect((await ask(stranger, 'GET', monday)).status).toBe(404);
      expect((await ask(stranger, 'PUT', monday, weekWith({ staff: school.member('李老师').id }), { 'If-Match': '*' })).status).toBe(404);
    }
    expect((await ask(technician, 'PUT', monday, { days: [none, none, none, none, none, none, none] }, { 'If-Match': '*' })).status).toBe(404);
    expect((await fetch(`${use.server.origin}/api/v1/schools/${here}/duty-roster/${monday}`)).status).toBe(401);
  });

  it('says what is wrong with a week', async () => {
    const zhao = (await elsewhere.items(`/api/v1/schools/${(await elsewhere.items('/api/v1/schools'))[0]?.id ?? ''}/staff`))[0];
    const bad: readonly (readonly [object, string])[] = [
      [{}, 'days'],
      [{ days: [none] }, 'days'],
      [weekWith({ staff: zhao?.id }), 'days.0.technician.staff'],
      [weekWith({ staff: 'nobody' }), 'days.0.technician.staff'],
      [weekWith({ staff: school.member('李老师').id, phone: '1'.repeat(61) }), 'days.0.technician.phone'],
      [weekWith({ staff: school.member('李老师').id, phone: 8012 }), 'days.0.technician.phone'],
      [{ days: [7, none, none, none, none, none, none] }, 'days.0'],
    ];
    for (const [body, field] of bad) {
      const answer = await ask(school.office, 'PUT', monday, body, { 'If-Match': '*' });
      expect([answer.status, error(answer)]).toMatchObject([400, { field }]);
    }
    for (const week of [addDays(monday, 1), 'today', addDays(monday, 60 * 7), addDays(monday, -60 * 7)])
      expect([week, error(await ask(school.office, 'GET', week)).field]).toEqual([week, 'week']);
  });

  it('forgets who has left', async () => {
    const left = '学校,工号,姓名,状态\r\n第一小学,T2,李老师,离职\r\n';
    await school.office.must('POST', '/api/v1/imports', left);
    expect(daysOf(await ask(school.office, 'GET', monday))[0]?.technician).toBeNull();
  });
});
