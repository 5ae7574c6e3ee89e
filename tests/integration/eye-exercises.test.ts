import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { decodeErrors, pattern, publish } from '../support/media';
import { place } from '../support/place';
import { vlcPlays } from '../support/players';
import { run, Running } from '../support/process';
import { School } from '../support/school';
import { Television } from '../support/television';
import { waitFor } from '../support/wait';

// PL-14: a television that knows nothing but the M3U goes from a lesson to the school's own eye exercises to the next lesson.

const folder = mkdtempSync(join(tmpdir(), 'tongke-eyes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const clip = join(folder, 'eyes.mp4');
const { zone, date } = place(10);
/** Of ten seconds, red, with a tone of its own. */
function makeClip(): void {
  execFileSync('ffmpeg', [
    '-hide_banner', '-v', 'error', '-nostdin', '-y', '-f', 'lavfi', '-i', 'color=red:size=640x480:rate=30', '-f', 'lavfi', '-i', 'sine=frequency=1500:sample_rate=44100,volume=4', '-t', '10',
    '-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-g', '300', '-bf', '2', '-c:a', 'aac', '-ac', '2', clip,
  ]);
}
const use = useServer(() => {
  makeClip();
  return { config: `[hours]\nzone = "${zone}"\n[channel]\neye_exercises = "${clip}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` };
});

const kPupils = '学校,年级,班级,学号,姓名\r\n一小,二年级,1班,1,学生一\r\n';
const kStaff = '学校,工号,姓名,学科,任教班级\r\n一小,T1,王老师,数学,二年级1班\r\n一小,T2,李老师,语文,二年级1班\r\n';
const row = (period: number, time: string, kind: string, subject = '', lead = ''): string => `一小,二年级1班,${date},${period},${time},${kind},${subject},${lead},认识负数,备好纸笔,随堂检测`;
const kTimetable = [
  '学校,班级,日期,节次,时间,类型,学科,主讲,教学目标,教学建议,评价方式',
  row(1, '9:30-9:50', '', '数学', '王老师'),
  `一小,二年级1班,${date},2,9:55-10:35,眼保健操,,,,,`,
  row(3, '10:40-11:00', '', '语文', '李老师'),
].join('\r\n');

let school: School;
let playlist = '';
beforeAll(async () => {
  school = await School.open(use.server, '一小', [kPupils, kStaff]);
  await school.office.must('POST', '/api/v1/timetable/import', kTimetable);
  await school.office.must('POST', '/api/v1/timetable/publish');
  expect(await school.district.must('POST', '/api/v1/plans/activate', { date })).toMatchObject({ lessons: 2, failed: [] });
  playlist = String((await school.office.must('POST', '/api/v1/channels', { class: school.klass('二年级1班').id }))['playlist']);
});

/** What this is, by its sound: the lesson's tone is of 440 Hz, the clip's of 1500. */
async function sounds(file: string): Promise<'lesson' | 'clip' | 'soft'> {
  const level = async (around: number): Promise<number> => {
    const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', file, '-vn', '-af', `bandpass=f=${around}:width_type=h:w=60,bandpass=f=${around}:width_type=h:w=60,volumedetect`, '-f', 'null', '-'], 30_000);
    return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
  };
  const [low, high] = [await level(440), await level(1500)];
  expect(Number.isFinite(low) && Number.isFinite(high)).toBe(true);
  return Math.max(low, high) < -35 ? 'soft' : low > high ? 'lesson' : 'clip';
}
/** What a set-top box takes out of an M3U. */
const addressIn = async (list: string): Promise<string> => /^http\S+live\.m3u8$/m.exec(await (await fetch(list)).text())?.[0] ?? '';
const kClip = /\/clip\//;

describe('eye exercises', () => {
  it('are the clip, once, and then the picture', async () => {
    const tv = new Television(await addressIn(playlist));
    await waitFor(async () => (await tv.look(), tv.story().includes('clip')), { ms: 60_000, every: 1000, what: 'the clip' });
    // Ten seconds are three pieces of four.
    await tv.watches(/\/rest\//, 2);
    expect(tv.story()).toMatch(/^(rest )?clip rest$/);
    const pieces = tv.seen.filter((uri) => kClip.test(uri));
    expect(pieces).toHaveLength(3);
    const file = tv.file(folder, pieces);
    expect(await decodeErrors(file)).toBe('');
    expect(await sounds(file)).toBe('clip');
    expect(tv.faults).toEqual([]);
    expect((await fetch(new URL(`clip/${'0'.repeat(16)}.0.ts`, tv.url))).status).toBe(404);
  }, 120_000);

  it('come between two lessons at the address in the M3U, and a player that nobody touches goes through', async () => {
    const items = (await school.office.must('GET', '/api/v1/lessons'))['items'] as readonly { readonly id: string; readonly planned_start: number; readonly publish_key: string }[];
    const [maths, chinese] = [...items].sort((a, b) => a.planned_start - b.planned_start);
    if (maths === undefined || chinese === undefined) throw new Error('no lessons');
    const teach = ({ id, publish_key: key }: typeof maths): Running =>
      use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${id}?key=${key}`, pattern({ size: '640x360', kilobits: 300 })));

    // Another screen, which has not shown the clip yet: it is turned on when the lesson is there.
    const { playlist: own } = (await school.office.must('POST', '/api/v1/channels', { school: (await school.office.items('/api/v1/schools'))[0]?.id, grade: 2 })) as { playlist: string };
    const first = teach(maths);
    const url = await addressIn(own);
    const token = (await use.server.link(maths.id, 'lead')).token;
    await waitFor(async () => /compat\/\d+\.ts/.test(await (await fetch(`${use.server.origin}/hls/${token}/${maths.id}/compat.m3u8`)).text()), { ms: 30_000, what: 'the lesson is there' });
    const tv = new Television(url);
    await tv.watches(new RegExp(maths.id), 3);
    const player = use.keep(new Running('ffmpeg', ['-hide_banner', '-nostdin', '-re', '-i', url, '-f', 'null', '-']));
    await waitFor(() => player.end !== null || player.stderr.includes(`/${maths.id}/compat/`), { ms: 30_000, what: 'the player plays the lesson' });
    await first.stop();
    await use.server.endLesson(maths.id);
    await tv.watches(kClip, 3);
    teach(chinese);
    await tv.watches(new RegExp(chinese.id), 3);

    expect(tv.faults).toEqual([]);
    expect(tv.story()).toMatch(new RegExp(`^(rest |clip )*${maths.id} clip (rest )?${chinese.id}$`));
    const kinds = [new RegExp(maths.id), kClip, new RegExp(chinese.id)];
    const heard: string[] = [];
    for (const kind of kinds) heard.push(await sounds(tv.file(folder, tv.seen.filter((uri) => kind.test(uri)).slice(0, 2))));
    expect(heard).toEqual(['lesson', 'clip', 'lesson']);

    await waitFor(() => player.end !== null || player.stderr.includes(`/${chinese.id}/compat/`), { ms: 60_000, what: 'the player is in the second lesson' });
    expect(player.end).toBeNull();
    for (const part of [`/${maths.id}/compat/`, '/clip/', `/${chinese.id}/compat/`]) expect(player.stderr).toContain(part);
    expect(player.stderr.split('\n').filter((line) => /HTTP error|Failed to|Invalid data/.test(line))).toEqual([]);
  }, 180_000);

  it('play in VLC', async () => {
    const { playlist: own } = (await school.office.must('POST', '/api/v1/channels', { school: (await school.office.items('/api/v1/schools'))[0]?.id })) as { playlist: string };
    const url = await addressIn(own);
    for (const { id } of await school.office.items('/api/v1/lessons')) await use.server.endLesson(id);
    const played = await vlcPlays(url, 14);
    expect(played.complaints.filter((line) => !/PSI decoder\): TS discontinuity|too late/.test(line))).toEqual([]);
    expect(played.pictures).toBeGreaterThanOrEqual(3);
  }, 90_000);
});
