import { beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { place } from '../support/place';
import { Running } from '../support/process';
import { School, type TaughtLesson } from '../support/school';
import { Television } from '../support/television';

// A grade's screen: what is meant for most of its classes, and of their own lessons the first class's; the guide says the same.

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n` });

const kPupils = ['学校,年级,班级,学号,姓名', '一小,三年级,1班,1,学生一', '一小,三年级,2班,2,学生二', '一小,四年级,1班,3,学生三'].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n一小,T1,王老师,数学,"三年级1班、三年级2班"\r\n一小,T2,李老师,语文,"三年级1班、四年级1班"\r\n一小,T3,赵老师,英语,三年级2班\r\n';
const row = (grade: string, label: string, period: number, time: string, subject: string, lead: string): string => `一小,${grade},${label},${date},${period},${time},,${subject},${lead},认识负数,备好纸笔,随堂检测`;
const kTimetable = [
  '学校,年级,班级,日期,节次,时间,类型,学科,主讲,教学目标,教学建议,评价方式',
  row('', '三年级1班', 1, '9:00-9:20', '语文', '李老师'),
  row('', '三年级2班', 1, '9:10-9:30', '英语', '赵老师'),
  row('三年级', '', 2, '9:40-10:00', '数学', '王老师'),
].join('\r\n');

let school: School;
let tv: Television;
let guide = '';
beforeAll(async () => {
  school = await School.open(use.server, '一小', [kPupils, kStaff]);
  expect(await school.office.must('POST', '/api/v1/timetable/import', kTimetable)).toMatchObject({ problems: [], rows: 3 });
  expect(await school.office.must('POST', '/api/v1/timetable/publish')).toMatchObject({ published: true });
  const { id } = (await school.office.items('/api/v1/schools'))[0] ?? { id: '' };
  const { playlist, channels } = (await school.office.must('POST', '/api/v1/channels', { school: id, grade: 3 })) as { playlist: string; channels: { url: string }[] };
  tv = new Television(channels[0]?.url ?? '');
  guide = playlist.replace('playlist.m3u', 'guide.xml');
});

const taught = (title: string, mode: string, lead: string, labels: readonly string[]): Promise<TaughtLesson> =>
  school.teach({ title, mode, lead: school.member(lead).id, rooms: labels.map((label) => ({ class: school.klass(label).id })) });
const onAir = (lesson: TaughtLesson): Running => use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200, rate: 15 })));

describe('a grade’s channel', () => {
  it('shows a class’s lesson, the first class’s before it, the joint one before both, and goes back', async () => {
    const second = await taught('三2的课', 'class', '赵老师', ['三年级2班']);
    const first = await taught('三1的课', 'class', '李老师', ['三年级1班']);
    const joint = await taught('合课', 'joint', '王老师', ['三年级1班', '三年级2班']);
    const other = await taught('四1的课', 'class', '李老师', ['四年级1班']);
    onAir(second);
    onAir(other);
    await tv.watches(new RegExp(second.id), 1);
    onAir(first);
    await tv.watches(new RegExp(first.id), 1);
    onAir(joint);
    await tv.watches(new RegExp(joint.id), 2);
    await use.server.endLesson(joint.id);
    await tv.watches(new RegExp(first.id), 1);
    await use.server.endLesson(first.id);
    await tv.watches(new RegExp(second.id), 1);
    const story = tv.story().replace(/rest ?/g, '').trim();
    expect(story).toBe([second.id, first.id, joint.id, first.id, second.id].join(' '));
    expect(tv.faults).toEqual([]);
  }, 180_000);

  it('has a guide of what it shows', async () => {
    const text = await (await fetch(guide)).text();
    const shown = [...text.matchAll(/start="\d{8}(\d{4})\d+ [^"]*" stop="\d{8}(\d{4})[^>]*>\s*<title[^>]*>([^<]+)/g)].map(([, start, stop, title]) => `${start}-${stop} ${title}`);
    expect(shown).toEqual(['0900-0920 语文', '0920-0930 英语', '0940-1000 数学']);
  });
});
