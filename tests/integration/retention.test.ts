import { readdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { Description } from '../support/openapi';
import { place } from '../support/place';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { waitFor } from '../support/wait';

// What the office reads of what is kept: the rules, recordings that go next, holds, and proofs of what is gone.

const kDayMs = 86_400_000;
const { zone } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\nmedia = "40d"\n` });
const description = new Description();

const kPupils = '学校,年级,班级,学号,姓名\r\n第一小学,三年级,1班,310,钱甲一\r\n第二小学,三年级,1班,901,郑丙一\r\n';
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n';

interface Kept {
  readonly lesson: string;
  readonly title: string;
  readonly due_at: number;
  readonly goes_at: number | null;
  readonly held: boolean;
}

let school: School;
let lesson: TaughtLesson;
let elsewhere: Visitor;
let teacher: Visitor;
let ended = 0;

async function get(who: Visitor, path: string, status = 200): Promise<Record<string, unknown>> {
  const answer = await who.get(path);
  expect(description.faults('GET', path, answer.status, answer.body)).toEqual([]);
  expect([path, answer.status]).toEqual([path, status]);
  return answer.body;
}
const recordings = async (who: Visitor): Promise<readonly Kept[]> => (await get(who, '/api/v1/retention/recordings'))['items'] as readonly Kept[];
const folder = (): string => join(use.server.data, 'recordings', lesson.id);

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  elsewhere = await School.signIn(use.server, 'second', '--name', '赵校长', '--duty', 'school_office', '--school', '第二小学');
  teacher = await school.teacher('wang', '王老师', '第一小学');
  lesson = await school.teach({ title: '分数', mode: 'class', lead: school.member('王老师').id, rooms: [{ class: school.klass('三年级1班').id }] });
  const publisher = use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 })));
  await use.server.becomes((await use.server.link(lesson.id)).token, 'live');
  await publisher.stop();
  await use.server.endLesson(lesson.id);
  ended = Date.now();
  const isClosed = (names: readonly string[]): boolean => names.includes('index.ndjson') && !names.includes('journal.ndjson');
  await waitFor(() => isClosed(readdirSync(folder())), { ms: 15_000, what: 'the recording is closed' });
});

describe('what is kept', () => {
  it('is said as the configuration has it, with the key of each rule', async () => {
    const said = await get(school.office, '/api/v1/retention');
    expect(said).toMatchObject({ officer: '张主任', term_end: '2099-01-01', graduation_until: null, time: '03:30' });
    expect(said['rules']).toContainEqual({ kind: 'media', key: 'retention.media', keeps_ms: 40 * kDayMs });
    const next = Number(said['next_run_at']) - Date.now();
    expect(next).toBeGreaterThan(0);
    expect(next).toBeLessThanOrEqual(kDayMs);
    for (const path of ['', '/recordings', '/deletions']) await get(teacher, `/api/v1/retention${path}`, 404);
    expect((await new Visitor(use.server, '').get('/api/v1/retention')).status).toBe(401);
  });

  it('goes on its day, to the office of its school and the district only', async () => {
    const [one, ...more] = await recordings(school.office);
    expect(more).toEqual([]);
    expect(one).toMatchObject({ lesson: lesson.id, title: '分数', held: false });
    expect(Math.abs((one?.due_at ?? 0) - ended - 40 * kDayMs)).toBeLessThan(60_000);
    // Deleted by the first daily job after that.
    const wait = (one?.goes_at ?? 0) - (one?.due_at ?? 0);
    expect(wait).toBeGreaterThanOrEqual(0);
    expect(wait).toBeLessThan(kDayMs);
    const { next_run_at: next } = await get(school.office, '/api/v1/retention');
    expect(((one?.goes_at ?? 0) - Number(next)) % kDayMs).toBe(0);
    expect((await recordings(school.district)).map((kept) => kept.lesson)).toEqual([lesson.id]);
    expect(await recordings(elsewhere)).toEqual([]);
    expect((await school.office.get('/api/v1/retention/recordings?limit=0')).status).toBe(400);
  });

  it('stays while somebody holds it', async () => {
    await school.office.must('PUT', `/api/v1/lessons/${lesson.id}/hold`, { reason: '投诉' });
    expect(await recordings(school.office)).toMatchObject([{ held: true, goes_at: null }]);
    expect((await get(school.office, '/api/v1/holds'))['items']).toMatchObject([{ lesson: lesson.id, title: '分数', reason: '投诉' }]);
    await school.office.must('DELETE', `/api/v1/lessons/${lesson.id}/hold`);
    expect(await recordings(school.office)).toMatchObject([{ held: false }]);
  });

  it('leaves a proof when its time is over', async () => {
    const old = Date.now() / 1000 - 50 * 86_400;
    for (const name of readdirSync(folder())) utimesSync(join(folder(), name), old, old);
    const { deleted } = (await use.server.tongke('retention', 'run')) as { deleted: readonly { hash: string }[] };
    expect(await recordings(school.office)).toEqual([]);
    const lines = async (who: Visitor): Promise<unknown> => (await get(who, '/api/v1/retention/deletions'))['items'];
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/) as unknown;
    expect(await lines(school.office)).toMatchObject([{ id: 1, kind: 'media', lesson: lesson.id, title: '分数', hash: deleted[0]?.hash, chain: hash }]);
    expect(await lines(school.district)).toHaveLength(1);
    expect(await lines(elsewhere)).toEqual([]);
  });
});
