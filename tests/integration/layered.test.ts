import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { place } from '../support/place';
import { School } from '../support/school';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// Layered teaching: a class is split over two groups with pupils of another, and is whole again in its list (requirements A18).

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

const kOne = '三年级1班';
const kTwo = '三年级2班';
const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2].map((i) => `第一小学,三年级,1班,10${i},甲${i}`), ...[1, 2, 3, 4].map((i) => `第一小学,三年级,2班,20${i},乙${i}`)].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,李老师,数学,"三年级1班、三年级2班"\r\n';
// Of class 2 two are in A, one in B, and one in neither.
const kGroups = ['学校,年级,学科,层次,学号', ...[['A', 201], ['A', 202], ['A', 101], ['B', 203], ['B', 102]].map(([group, pupil]) => `第一小学,三年级,数学,${group},${pupil}`)].join('\r\n');
const kTimetable = ['学校,年级,分组,日期,节次,时间,学科,主讲,教学目标,教学建议,评价方式', `第一小学,三年级,"A,B",${date},1,10:00-10:20,数学,李老师,目标,建议,随堂检测`].join('\r\n');

let school: School;
beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff, kGroups]);
});

describe('a layered lesson', () => {
  it('A18: each class’s list is whole, and adds up to its roster', async () => {
    const taken = await school.office.must('POST', '/api/v1/timetable/import', kTimetable);
    expect(taken, JSON.stringify(taken)).toMatchObject({ problems: [] });
    expect(await school.office.must('POST', '/api/v1/timetable/publish')).toMatchObject({ published: true });
    expect(await school.district.must('POST', '/api/v1/plans/activate', { date })).toMatchObject({ lessons: 1, failed: [] });
    const [made] = (await school.office.must('GET', '/api/v1/lessons'))['items'] as readonly { id: string; publish_key: string; mode: string }[];
    if (made === undefined) throw new Error('no lesson');
    expect(made.mode).toBe('layered');
    const token = async (label: string, name: string): Promise<string> => school.token(made.id, { pupil: (await school.pupil(label, name)).id });
    use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${made.id}?key=${made.publish_key}`, pattern({ size: '320x180', kilobits: 200 })));
    await use.server.becomes(await token(kTwo, '乙1'), 'live', 30_000);

    const enter = async (label: string, name: string): Promise<SignalClient> => {
      const client = await SignalClient.enter(use.server, await token(label, name));
      kept.push(client);
      await client.beats();
      return client;
    };
    // Of group A two of class 2 and one of class 1, of group B one of class 2; he of class 1 in B stays away.
    const a = await enter(kTwo, '乙1');
    const here = [await enter(kTwo, '乙2'), await enter(kOne, '甲1'), await enter(kTwo, '乙3')];
    const rooms = (client: SignalClient): string => JSON.stringify(client.frames('welcome')[0]?.['rooms']);
    expect(rooms(a)).toBe(rooms(here[0]!));
    expect(rooms(a)).toBe(rooms(here[1]!));
    expect(rooms(a)).not.toBe(rooms(here[2]!));

    const states = ['live', 'tv', 'late', 'package', 'excused', 'unresolved'];
    const whole = async (label: string, wanted: object): Promise<void> => {
      const counts = await waitFor(async () => {
        const now = await school.counts(made.id, label);
        return Object.entries(wanted).every(([key, value]) => now[key] === value) ? now : null;
      }, { what: `${label} as ${JSON.stringify(wanted)}; it is ${JSON.stringify(await school.counts(made.id, label))}` });
      expect(states.reduce((sum, state) => sum + (counts[state] ?? 0), 0)).toBe(counts['expected']);
    };
    await whole(kTwo, { expected: 3, live: 3, unresolved: 0 }); // whom the lesson has no group for, it does not expect
    await whole(kOne, { expected: 2, live: 1, unresolved: 1 });
    const missing = await school.office.must('GET', `/api/v1/lessons/${made.id}/absent?class=${school.klass(kOne).id}`);
    expect(missing['pupils']).toMatchObject([{ pupil: { name: '甲2' }, state: 'unresolved' }]);
    const sheet = (await school.office.get(`/api/v1/lessons/${made.id}/attendance?class=${school.klass(kTwo).id}`)).text;
    for (const name of ['乙1', '乙2', '乙3', '乙4', '甲1']) expect([name, sheet.includes(name)]).toEqual([name, /乙[123]/.test(name)]);
  });
});
