import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { TurnedClock } from '../support/clock';
import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { seeReplay } from '../support/replay';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// A class of 42 in one lesson, minute by minute, by a clock that is turned on: requirements A5. The teacher's stream is sent as
// fast as it can be made, so that the lesson is as long as the clock says.

const clock = new TurnedClock();
const use = useServer({ env: clock.env });
afterAll(() => {
  clock.close();
});
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

const kClass = '三年级2班';
const kRoster = 42;
const kLive = 36;
const kMinutes = 12;
const pad = (i: number): string => String(i).padStart(2, '0');
const kPupils = ['学校,年级,班级,学号,姓名', ...Array.from({ length: kRoster }, (_, i) => `第一小学,三年级,2班,2023${pad(i)},学生${pad(i)}`)].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,李老师,数学,三年级2班\r\n';

let school: School;
let teacher: Visitor;
let lesson: TaughtLesson;
let pupils: readonly { readonly id: string; readonly name: string }[];

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  teacher = await school.teacher('li', '李老师', '第一小学');
  lesson = await school.teach({ title: '观潮', mode: 'class', lead: school.member('李老师').id, rooms: [{ class: school.klass(kClass).id }] });
  pupils = [...(await school.pupils(kClass))].sort((a, b) => a.name.localeCompare(b.name));
});

interface Line {
  readonly pupil: { readonly name: string };
  readonly state: string;
  readonly absent: boolean;
  readonly overdue: boolean;
  readonly last_device: object | null;
}
const listed = async (): Promise<readonly Line[]> =>
  (await teacher.must('GET', `/api/v1/lessons/${lesson.id}/absent?class=${school.klass(kClass).id}`))['pupils'] as readonly Line[];
const absent = async (): Promise<readonly string[]> => (await listed()).filter((one) => one.absent).map(({ pupil }) => pupil.name);
const contact = (index: number, way: string): Promise<object> => teacher.must('POST', `/api/v1/lessons/${lesson.id}/contacts`, { pupil: pupils[index]?.id, by: 'called', way });

describe('a class of 42', () => {
  it('A5: ten minutes in, three are missing by name; in the end everybody is one thing, and all add up', async () => {
    expect(pupils).toHaveLength(kRoster);
    const tokens = await Promise.all(pupils.map(({ id }) => school.token(lesson.id, { pupil: id })));
    const publisher = use.keep(publish(lesson.rtmp, pattern({ size: '160x90', rate: 5, kilobits: 40, duration: kMinutes * 60, paced: false })));
    await use.server.becomes(tokens[0] ?? '', 'live', 30_000);
    const live = await Promise.all(tokens.slice(0, kLive).map((token) => SignalClient.enter(use.server, token)));
    kept.push(...live);
    const beat = (minute: number): Promise<unknown> =>
      // Bad network is not absence: some of them stall all the time.
      Promise.all(live.map((client, i) => client.beats(minute * 60_000, i % 9 === 0 ? 'stalled' : 'playing')));
    await beat(0);
    for (let minute = 1; minute <= 9; ++minute) {
      clock.forward(1);
      await beat(minute);
    }
    expect(await absent()).toEqual([]); // it is too early to say
    for (const [index, way] of [[36, 'tv'], [37, 'tv'], [38, 'excused']] as const) await contact(index, way);
    clock.forward(1);
    await beat(10);
    // Ten past eight: names to the class's own teacher, numbers to school and district, and to nobody else anything.
    expect(await absent()).toEqual(['学生39', '学生40', '学生41']);
    const counted = { expected: kRoster, absent: 3, tv: 2, excused: 1 };
    expect(await school.counts(lesson.id, kClass)).toMatchObject(counted);
    const district = await school.district.must('GET', `/api/v1/lessons/${lesson.id}/absent`);
    expect(district['classes']).toMatchObject([counted]);
    expect(JSON.stringify(district)).not.toContain('学生');
    const byName = await school.district.get(`/api/v1/lessons/${lesson.id}/absent?class=${school.klass(kClass).id}`);
    expect([byName.status === 200, byName.text.includes('学生')]).toEqual([false, false]);
    for (const token of ['', tokens[0] ?? '']) expect((await new Visitor(use.server, token).get(`/api/v1/lessons/${lesson.id}/absent`)).status).not.toBe(200);

    clock.forward(1);
    await beat(11);
    await publisher.ended(120_000); // all of it has come
    await use.server.endLesson(lesson.id);
    // By ten one has seen the replay, one has a package, and one nobody has found.
    expect(await seeReplay(school.hls(lesson.id, tokens[39] ?? ''))).toBeGreaterThan(kMinutes * 20);
    await contact(40, 'package');
    const wanted = { expected: kRoster, live: kLive, tv: 2, late: 1, package: 1, excused: 1, unresolved: 1 };
    await waitFor(async () => (await school.counts(lesson.id, kClass))['late'] === 1, { what: `late; ${JSON.stringify(await school.counts(lesson.id, kClass))}` });
    expect(await school.counts(lesson.id, kClass)).toMatchObject(wanted);
    const left = (await listed()).filter(({ state }) => state === 'unresolved').map(({ pupil }) => pupil.name);
    expect(left).toEqual(['学生41']);
    const red = async (): Promise<readonly string[]> => (await listed()).filter(({ overdue }) => overdue).map(({ pupil }) => pupil.name);
    expect(await red()).toEqual([]);
    clock.forward(120);
    expect(await red()).toEqual(['学生41']);
  }, 240_000);
});
