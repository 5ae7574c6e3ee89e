import { beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { parseMediaPlaylist } from '../support/playlist';
import { type Answer, School, type TaughtLesson, Visitor } from '../support/school';
import { waitFor } from '../support/wait';

// The lead of a lesson changes while it is on air, by the links that its teachers hold (RM-2, S25).

const kPupils = ['学校,年级,班级,学号,姓名', '第一小学,三年级,1班,2023011,学生11', '第一小学,三年级,2班,2023021,学生21'].join('\r\n');
const kStaff = [
  '学校,工号,姓名,学科,任教班级',
  '第一小学,T1,王老师,数学,三年级1班',
  '第一小学,T2,李老师,数学,三年级2班',
  '第一小学,T3,赵老师,语文,',
].join('\r\n');

const use = useServer();
let school: School;
let lesson: TaughtLesson;
const stranger = (): Visitor => new Visitor(use.server, '');
const tokenOf = (name: string): Promise<string> => school.token(lesson.id, { staff: school.member(name).id });
const at = (token: string): string => `/api/v1/studio/${token}/handover`;
const give = (token: string, name: string): Promise<Answer> => stranger().ask('POST', at(token), { lead: school.member(name).id });
const names = (answer: Record<string, unknown>): readonly string[] => (answer['colleagues'] as readonly { readonly name: string }[]).map(({ name }) => name);
const studioOf = async (token: string): Promise<unknown> => (await stranger().must('GET', `/api/v1/watch/${token}`))['studio'];

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  lesson = await school.teach({
    title: '分数的比较',
    mode: 'joint',
    lead: school.member('王老师').id,
    rooms: ['三年级1班', '三年级2班'].map((label) => ({ class: school.klass(label).id })),
  });
});

describe('handing over', () => {
  it('goes to those who know the classes, and media goes on in the same address', async () => {
    const wang = await tokenOf('王老师');
    const li = await tokenOf('李老师');
    expect((await stranger().must('GET', `/api/v1/studio/${wang}`))['lead']).toEqual({ name: '王老师', yours: true });
    const open = await stranger().must('GET', at(wang));
    expect(names(open)).toEqual(['李老师']);
    expect(open['colleagues']).toMatchObject([{ id: school.member('李老师').id, rooms: ['三年级2班'] }]);
    expect(await studioOf(li)).toBeNull();

    const first = use.keep(publish(lesson.rtmp, pattern()));
    const pupil = await school.token(lesson.id, { pupil: (await school.pupil('三年级1班', '学生11')).id });
    await use.server.becomes(pupil, 'live');
    const media = async () => parseMediaPlaylist(await (await fetch(new URL('src/media.m3u8', school.hls(lesson.id, pupil)))).text());
    const goesOn = async (more: number): Promise<void> => {
      const { segments } = await media();
      await waitFor(async () => (await media()).segments.length >= segments.length + more, { ms: 30_000, what: `${more} more segments` });
    };
    await goesOn(1);

    const done = await give(wang, '李老师');
    expect([done.status, done.body]).toEqual([200, { lead: { name: '李老师', yours: false }, colleagues: [] }]);
    await goesOn(1); // nobody hears anything of it until the new lead begins
    const studio = String(await studioOf(li));
    expect(studio).toMatch(/^\/studio\/./);
    const own = await stranger().must('GET', `/api/v1${studio}`);
    expect(own).toMatchObject({ lead: { name: '李老师', yours: true }, publisher: 'rtmp', lesson: { id: lesson.id, state: 'live' } });

    // The server sends the first publisher away. Where the new one's pictures are slow to come, the slate is between them.
    const key = String(own['publish_key']);
    use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${lesson.id}?key=${key}`, pattern({ size: '320x180' })));
    await waitFor(() => first.child.exitCode !== null || first.child.signalCode !== null, { ms: 20_000, what: 'the first publisher’s end' });
    await waitFor(async () => (await media()).segments.some(({ discontinuity }) => discontinuity), { ms: 20_000, what: 'the new lead’s pictures' });
    await goesOn(1);
    const { segments } = await media();
    expect(segments.filter(({ discontinuity }) => discontinuity).length).toBeLessThanOrEqual(2);
    expect(segments.filter(({ gap }) => gap)).toEqual([]);
    expect((await stranger().must('GET', `/api/v1/watch/${pupil}`))['lesson']).toMatchObject({ state: 'live' });
  });

  it('refuses everybody else', async () => {
    const li = await tokenOf('李老师');
    const wang = await tokenOf('王老师');
    const pupil = await school.token(lesson.id, { pupil: (await school.pupil('三年级1班', '学生11')).id });
    for (const link of [wang, pupil, 'nothing'])
      for (const method of ['GET', 'POST', 'DELETE']) expect((await stranger().ask(method, at(link), method === 'POST' ? { lead: school.member('王老师').id } : undefined)).status).toBe(404);
    expect((await give(li, '赵老师')).body).toMatchObject({ error: { code: 'not_found', field: 'lead' } });
    expect((await stranger().ask('POST', at(li), { lead: 'nobody' })).body).toMatchObject({ error: { code: 'not_found', field: 'lead' } });
    expect((await stranger().ask('POST', at(li), {})).body).toMatchObject({ error: { code: 'invalid', field: 'lead' } });
  });

  it('can be taken back by who led before, and lives through a restart', async () => {
    const li = await tokenOf('李老师');
    expect(names(await stranger().must('GET', at(li)))).toEqual(['王老师']);
    expect((await give(li, '王老师')).status).toBe(200);
    expect((await give(li, '王老师')).body).toMatchObject({ error: { code: 'conflict', field: 'lead' } });
    const back = await stranger().must('DELETE', at(li));
    expect(back['lead']).toEqual({ name: '李老师', yours: true });
    await use.server.kill();
    await use.server.up();
    expect((await stranger().must('GET', at(li)))['lead']).toEqual({ name: '李老师', yours: true });
  });
});
