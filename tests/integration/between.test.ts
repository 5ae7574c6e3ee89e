import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { Description } from '../support/openapi';
import { place } from '../support/place';

// One link all morning: what the published timetable has between a pupil's lessons, and the same
// pupil's link to the next one. The clock is the machine's own: the district lies where it is ten now.

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const description = new Description();
const folder = mkdtempSync(join(tmpdir(), 'tongke-between-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
};

const lesson = (klass: string, period: number, time: string, subject: string): string => `一小,${klass},${date},${period},${time},,${subject},,认识负数,备好纸笔,随堂检测`;
const pause = (klass: string, period: number, time: string, kind: string): string => `一小,${klass},${date},${period},${time},${kind},,,,,`;

interface Lesson {
  readonly id: string;
  readonly title: string;
  readonly link: string;
  readonly planned_start: number;
}
interface Between {
  readonly now: number;
  readonly pauses: readonly { readonly kind: string; readonly starts: number; readonly ends: number }[];
  readonly next: (Lesson & { readonly subject: string | null; readonly state: string }) | null;
}

async function ask<T>(path: string, init: RequestInit = {}, status = 200): Promise<T> {
  const response = await fetch(use.server.origin + path, { redirect: 'manual', ...init });
  const text = await response.text();
  expect([path, response.status], text.slice(0, 300)).toEqual([path, status]);
  const json = (text.startsWith('{') ? JSON.parse(text) : {}) as object;
  if (text.startsWith('{')) expect(description.faults(init.method ?? 'GET', path, status, json)).toEqual([]);
  return json as T;
}
const between = (link: string): Promise<Between> => ask<Between>(`/api/v1/watch/${link}/between`);
const kNothing = { pauses: [], next: null };

/** The school, its published day, and a pupil's own link. */
async function morning(): Promise<{ own: string; head: Record<string, string> }> {
  const { server } = use;
  await server.tongke('import', '--new-schools', file('pupils.csv', ['学校,年级,班级,学号,姓名', '一小,2,1,1,学生一', '一小,2,2,2,学生二']));
  await server.tongke('import', file('staff.csv', ['学校,工号,姓名,学科,任教班级', '一小,T1,王老师,数学,"2(1)、2(2)"', '一小,T2,李老师,语文,"2(1)、2(2)"']));
  await server.tongke(
    'timetable',
    'import',
    file('day.csv', [
      '学校,班级,日期,节次,时间,类型,学科,主讲,教学目标,教学建议,评价方式',
      lesson('2(1)', 1, '9:30-9:50', '数学'),
      pause('2(1)', 2, '9:50-9:55', '课间'),
      pause('2(1)', 3, '9:55-10:35', '眼保健操'),
      pause('2(1)', 4, '10:35-10:40', '课间操'),
      lesson('2(1)', 5, '10:40-11:00', '语文'),
      lesson('2(2)', 5, '10:30-10:50', '数学'),
    ]),
  );
  await server.tongke('timetable', 'publish');
  expect(await server.tongke('plan', 'activate', '--date', date)).toMatchObject({ lessons: 3, failed: [] });
  const { password } = (await server.tongke('account', 'create', 'office', '--name', 'office', '--duty', 'school_office', '--school', '一小')) as { password: string };
  const signed = await fetch(`${server.origin}/api/v1/session`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ login: 'office', password }) });
  const { csrf } = (await signed.json()) as { csrf: string };
  const head = { cookie: (signed.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': csrf };
  const schools = await ask<{ items: { id: string }[] }>('/api/v1/schools', { headers: head });
  const classes = await ask<{ items: { id: string; label: string }[] }>(`/api/v1/schools/${schools.items[0]?.id}/classes`, { headers: head });
  const first = classes.items.find(({ label }) => label.includes('1班'));
  const sheet = await (await fetch(`${server.origin}/api/v1/classes/${first?.id}/links?format=html`, { headers: head })).text();
  const own = /\/l\/([\w-]+)/.exec(sheet)?.[1];
  if (own === undefined) throw new Error('no link on the sheet');
  return { own, head };
}

describe('between lessons', () => {
  it('a pupil is told what it is now, and led to the next of the own lessons', async () => {
    const { server } = use;
    const { own } = await morning();
    const { people } = await ask<{ people: { id: string; lessons: Lesson[] }[] }>(`/api/v1/links/${own}`);
    const [maths, chinese] = [...(people[0]?.lessons ?? [])].sort((a, b) => a.planned_start - b.planned_start);
    if (maths === undefined || chinese === undefined) throw new Error('no lessons');
    expect(people[0]?.lessons).toHaveLength(2);

    const now = await between(maths.link);
    expect(now.pauses.map(({ kind }) => kind)).toEqual(['eye', 'exercise']);
    expect(now.pauses[0]?.starts).toBeLessThanOrEqual(now.now);
    expect((now.pauses[0]?.ends ?? 0) - (now.pauses[0]?.starts ?? 0)).toBe(40 * 60_000);
    expect(now.next).toMatchObject({ id: chinese.id, subject: '语文', state: 'waiting', planned_start: chinese.planned_start, card: { goal: '认识负数' } });
    const watch = await ask<{ lesson: { id: string } }>(`/api/v1/watch/${now.next?.link}`);
    expect(watch.lesson.id).toBe(chinese.id);

    // The lesson that nobody taught is over: the own link leads to the next one, too.
    const followed = await fetch(`${server.origin}/l/${own}`, { redirect: 'manual' });
    const page = (followed.headers.get('location') ?? '').replace('/w/', '');
    expect((await ask<{ lesson: { id: string } }>(`/api/v1/watch/${page}`)).lesson.id).toBe(chinese.id);
    // There it waits through the eye exercises, with nothing after it.
    expect(await between(page)).toMatchObject({ pauses: [{ kind: 'eye' }, { kind: 'exercise' }], next: null });

    // The television is the pupil's in every lesson.
    const tv = await ask<{ code: string; key: string }>('/api/v1/tvs', { method: 'POST' }, 201);
    const body = JSON.stringify({ code: tv.code });
    await ask(`/api/v1/watch/${maths.link}/tv`, { method: 'PUT', body, headers: { 'content-type': 'application/json' } }, 204);
    expect(await ask(`/api/v1/watch/${chinese.link}/tv`)).toEqual({ paired: true });
    await ask(`/api/v1/watch/${chinese.link}/tv`, { method: 'DELETE' }, 204);
    await ask(`/api/v1/tvs/${tv.key}`, {}, 404);

    // A lesson that was ended is not gone to.
    await server.endLesson(chinese.id);
    expect((await between(maths.link)).next).toBeNull();
  });

  it('nobody else is told anything', async () => {
    const { server } = use;
    const lessons = (await server.tongke('lesson', 'list')) as { id: string; title: string }[];
    const planned = lessons.find(({ title }) => title.includes('1班'));
    if (planned === undefined) throw new Error('no planned lesson');
    const open = await use.newClass('没有班级');
    const links = [open.link, await server.link(planned.id, 'pupil'), await server.link(planned.id, 'lead'), await server.link(planned.id, 'office')];
    for (const { token } of links) expect(await between(token)).toMatchObject(kNothing);
    await ask('/api/v1/watch/nothing/between', {}, 404);
  });
});
