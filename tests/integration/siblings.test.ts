import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { place } from '../support/place';
import { seeReplay } from '../support/replay';
import { School } from '../support/school';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// Two children, one phone, both taught at nine (requirements A10).

const { zone, date } = place(9);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

const kDigits = '6600';
const kPupils = ['学校,年级,班级,学号,姓名,家长电话', `实验学校,三年级,1班,301,李小,1381234${kDigits}`, '实验学校,三年级,1班,302,王小,', `实验学校,九年级,1班,901,李大,1381234${kDigits}`, '实验学校,九年级,1班,902,王大,'].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n实验学校,T1,李老师,数学,三年级1班\r\n实验学校,T2,赵老师,数学,九年级1班\r\n';
const row = (klass: string, lead: string): string => `实验学校,${klass},${date},1,9:00-9:20,数学,${lead},目标,建议,随堂检测`;
const kTimetable = ['学校,班级,日期,节次,时间,学科,主讲,教学目标,教学建议,评价方式', row('三年级1班', '李老师'), row('九年级1班', '赵老师')].join('\r\n');

let school: School;
beforeAll(async () => {
  school = await School.open(use.server, '实验学校', [kPupils, kStaff]);
});

interface Child {
  readonly name: string;
  readonly lessons: readonly { readonly id: string; readonly link: string }[];
}

describe('a home with one phone', () => {
  it('A10: is shown to clash, and both children are counted, the later one by its replay', async () => {
    await school.office.must('POST', '/api/v1/timetable/import', kTimetable);
    const published = await school.office.must('POST', '/api/v1/timetable/publish');
    const findings = published['findings'] as readonly { readonly code: string; readonly severity: string }[];
    expect(findings.filter(({ code }) => code === 'sibling_clash')).toMatchObject([{ severity: 'warning' }]);
    expect(await school.district.must('POST', '/api/v1/plans/activate', { date })).toMatchObject({ lessons: 2, failed: [] });

    // The family's link opens both children's lessons, at the phone that knows the number.
    const link = await school.link({ home_of: (await school.pupil('三年级1班', '李小')).id });
    const proved = await fetch(`${use.server.origin}/api/v1/links/${link}/device`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ digits: kDigits }) });
    expect(proved.status).toBe(204);
    const cookie = (proved.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const family = (await (await fetch(`${use.server.origin}/api/v1/links/${link}`, { headers: { Cookie: cookie } })).json()) as { people: readonly Child[] };
    const lessonOf = (name: string) => {
      const found = family.people.find((one) => one.name === name)?.lessons[0];
      if (found === undefined) throw new Error(JSON.stringify(family));
      return found;
    };
    const [small, big] = [lessonOf('李小'), lessonOf('李大')];

    const made = await school.office.must('GET', '/api/v1/lessons');
    for (const { id, publish_key: key } of made['items'] as readonly { id: string; publish_key: string }[]) {
      use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${id}?key=${key}`, pattern({ size: '320x180', kilobits: 200 })));
    }
    await use.server.becomes(big.link, 'live', 30_000);
    await use.server.becomes(small.link, 'live', 30_000);
    const phone = await SignalClient.enter(use.server, big.link);
    kept.push(phone);
    await phone.beats();
    await waitFor(async () => (await fetch(new URL('src/media.m3u8', school.hls(small.id, small.link)))).status === 200, { ms: 30_000, what: 'both taught' });
    await phone.beats(8000);
    for (const { id } of [big, small]) await use.server.endLesson(id);
    expect(await school.counts(big.id, '九年级1班')).toMatchObject({ expected: 2, live: 1, unresolved: 1 });
    expect(await school.counts(small.id, '三年级1班')).toMatchObject({ expected: 2, live: 0, unresolved: 2 });

    // At twenty to ten, the same phone starts the other lesson over.
    expect(await seeReplay(school.hls(small.id, small.link))).toBeGreaterThan(0);
    await waitFor(async () => (await school.counts(small.id, '三年级1班'))['late'] === 1, { what: 'the replay counted' });
    expect(await school.counts(small.id, '三年级1班')).toMatchObject({ expected: 2, late: 1, unresolved: 1 });
    expect(await school.counts(big.id, '九年级1班')).toMatchObject({ expected: 2, live: 1, unresolved: 1 });
  });
});
