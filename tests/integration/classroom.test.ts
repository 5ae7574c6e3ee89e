import { readdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { type Frame, SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// A lead, a subject teacher of two of four classes, and their pupils, in one lesson with real media: requirements A2, A11 and
// A12, line by line. attendance.test.ts has the same people's lists.

const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2, 3, 4].flatMap((klass) => [1, 2].map((i) => `第一小学,三年级,${klass}班,20230${klass}${i},学生${klass}${i}`))].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n第一小学,T2,李老师,数学,"三年级2班、三年级4班"\r\n';

const use = useServer();
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});
let school: School;
let lesson: TaughtLesson;

const label = (klass: number): string => `三年级${klass}班`;
const tokenOf = async (klass: number, index: number): Promise<string> => school.token(lesson.id, { pupil: (await school.pupil(label(klass), `学生${klass}${index}`)).id });
const staffToken = (name: string): Promise<string> => school.token(lesson.id, { staff: school.member(name).id });
async function enter(token: string, more: object = {}): Promise<SignalClient> {
  const client = await SignalClient.enter(use.server, token, more);
  kept.push(client);
  return client;
}
const told = (client: SignalClient): string => JSON.stringify(client.told);
interface Welcomed {
  readonly rooms: readonly { readonly id: string; readonly label: string }[];
}
const room = (client: SignalClient, klass: number): string => {
  const { rooms } = client.frames('welcome')[0] as unknown as Welcomed;
  return rooms.find((one) => one.label === label(klass))?.id ?? '';
};
/** How far the lesson is, in milliseconds of media. */
async function mediaNow(token: string): Promise<number> {
  const { segments } = parseMediaPlaylist(await (await fetch(new URL('src/media.m3u8', school.hls(lesson.id, token)))).text());
  return 1000 * segments.reduce((sum, { duration }) => sum + (duration || 0), 0);
}

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  lesson = await school.teach({
    title: '分数的比较',
    mode: 'joint',
    lead: school.member('王老师').id,
    rooms: [1, 2, 3, 4].map((klass) => ({ class: school.klass(label(klass)).id, ...(klass % 2 === 0 && { teacher: school.member('李老师').id }) })),
  });
});

describe('one lesson of four classes', () => {
  it('A2: who co-watches two classes writes to one of them, at the moment that was meant', async () => {
    use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 })));
    const token = await tokenOf(2, 1);
    await use.server.becomes(token, 'live', 30_000);
    const li = await enter(await staffToken('李老师'));
    const lead = await enter(await staffToken('王老师'));
    const [two, classmate, one, four] = [await enter(token), await enter(await tokenOf(2, 2)), await enter(await tokenOf(1, 1)), await enter(await tokenOf(4, 1))];
    const both = [room(li, 2), room(li, 4)];
    const at = await waitFor(async () => (await mediaNow(token)) || null, { ms: 30_000, what: 'media' });
    // “看第12题”, and the note to class 2 alone.
    lead.say({ t: 'page', media_time: at, page: 12 });
    for (const pupil of [two, classmate, one, four]) expect(await pupil.hears('page')).toMatchObject({ media_time: at, page: 12 });
    li.say({ t: 'note', media_time: at, text: '第12题(2)先别做', room: both[0] });
    for (const pupil of [two, classmate]) expect(await pupil.hears('note')).toMatchObject({ media_time: at, text: '第12题(2)先别做' });
    // Whoever is minutes behind, in the live lesson or in its replay, is told the same moment, and so shows it there.
    const behind = await enter(token, { device: 'tv' });
    expect(await behind.hears('note')).toMatchObject({ media_time: at });
    for (const other of [one, four]) {
      await other.beats();
      expect(other.frames('note')).toEqual([]);
    }
    // The lead sees who co-watches which classes, and for how long.
    const teachers = (frame: Frame) => frame['teachers'] as readonly { label?: string; rooms: readonly string[]; minutes: number }[];
    const cowatch = await lead.hears('cowatch', (frame) => teachers(frame).some((each) => each.label === '李老师' && each.rooms.length === 2));
    expect(teachers(cowatch).find((each) => each.label === '李老师')?.rooms).toEqual([label(2), label(4)]);
    // Her minutes are in the log of the lesson.
    await li.beats(at);
    const log = join(use.server.data, 'lessons', `${lesson.id}.teacher.attendance`);
    await waitFor(() => /^a \d+ \d+ 1$/m.test(readFileSync(log, 'utf8')), { what: 'her minutes' });
    await two.hears('cowatch', (frame) => teachers(frame).some(({ label: name }) => name === '李老师'));
  });

  it('A11: who does not follow and asks is known to his own teacher, and to nobody after her', async () => {
    const li = await enter(await staffToken('李老师'));
    const lead = await enter(await staffToken('王老师'));
    const [two, classmate, one] = [await enter(await tokenOf(2, 1)), await enter(await tokenOf(2, 2)), await enter(await tokenOf(1, 1))];
    const kWords = '我没听懂通分_zq7';
    two.say({ t: 'unclear', media_time: 3000 });
    two.say({ t: 'unclear', media_time: 4000 });
    two.say({ t: 'help', text: kWords });
    const unclear = (frame: Frame): number =>
      (frame['rooms'] as readonly { room: string; unclear?: number }[]).find((each) => each.room === room(li, 2))?.unclear ?? 0;
    await lead.hears('counts', (frame) => unclear(frame) === 1); // twice is one pupil
    expect(JSON.stringify(await li.hears('unclear'))).toContain('学生21');
    const help = await li.hears('help', ({ text }) => text === kWords);
    expect(help).toMatchObject({ label: '学生21' });
    li.say({ t: 'help', text: '看第11页例2_zq7', seat: help['seat'], room: room(li, 2) });
    await two.hears('help', ({ teacher }) => teacher === true);
    for (const nobody of [lead, classmate, one]) {
      await nobody.beats();
      expect(told(nobody)).not.toContain('_zq7');
    }
    for (const nobody of [classmate, one]) expect(told(nobody)).not.toMatch(/学生21|"unclear"/);
    expect(Math.max(...lead.frames('counts').map(unclear))).toBe(1);

    await use.server.endLesson(lesson.id);
    const recording = join(use.server.data, 'recordings', lesson.id);
    await waitFor(() => !readdirSync(recording).includes('journal.ndjson'), { ms: 30_000, what: 'the recording is closed' });
    for (const name of readdirSync(recording)) {
      const bytes = readFileSync(join(recording, name));
      expect([name, bytes.includes('_zq7'), bytes.includes('学生21')]).toEqual([name, false, false]);
    }
    const teacher = await school.teacher('li', '李老师', '第一小学');
    for (const format of ['csv', 'xlsx']) {
      const sheet = await teacher.get(`/api/v1/lessons/${lesson.id}/attendance?class=${school.klass(label(2)).id}&format=${format}`);
      expect([sheet.status, sheet.text.includes('_zq7')]).toEqual([200, false]);
    }
    const later = await enter(await tokenOf(2, 2), { device: 'later' }); // the replay's notes and questions
    await later.beats();
    expect(told(later)).not.toContain('_zq7');
  });
});

describe('a link that went round', () => {
  it('A12: three devices, one stranger: he hears, and can do nothing to others; then he does not hear', async () => {
    lesson = await school.teach({ title: '被转发的链接', mode: 'class', lead: school.member('王老师').id, rooms: [{ class: school.klass(label(2)).id, teacher: school.member('李老师').id }] });
    use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 })));
    const own = await school.link({ pupil: (await school.pupil(label(2), '学生21')).id });
    const token = await tokenOf(2, 1);
    await use.server.becomes(token, 'live', 30_000);
    const li = await enter(await staffToken('李老师'));
    const classmate = await enter(await tokenOf(2, 2));
    await enter(token, { device: 'phone' });
    const stranger = await enter(token, { device: 'stranger' });
    const third = await SignalClient.connect(use.server);
    kept.push(third);
    third.say({ t: 'hello', token, device: 'third' });
    expect(await third.ends()).toBe(4409);
    expect(await li.hears('device')).toMatchObject({ label: '学生21' });

    // He hears …
    const hls = school.hls(lesson.id, token);
    await waitFor(async () => (await fetch(hls)).status === 200, { ms: 30_000, what: 'the lesson' });
    // … and sends neither media nor text.
    const whip = await fetch(`${use.server.origin}/whip/${lesson.id}`, { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' }, body: 'v=0\r\n' });
    expect([401, 403, 404]).toContain(whip.status);
    const pushed = await run('ffmpeg', ['-v', 'error', '-nostdin', ...pattern({ size: '160x90', duration: 2 }), '-f', 'flv', `rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${lesson.id}?key=${token}`]);
    expect(pushed.code).not.toBe(0);
    for (const words of [{ t: 'chat', text: '坏话_zq8' }, { t: 'note', media_time: 1, text: '坏话_zq8' }, { t: 'page', media_time: 1, page: 1, text: '坏话_zq8' }, { t: 'chat_mode', mode: 'open' }, { t: 'freeze', on: true }]) {
      const errors = stranger.frames('error').length;
      stranger.say(words);
      await waitFor(() => stranger.frames('error').length > errors, { what: `"${words.t}" refused` });
    }
    await classmate.beats();
    expect(told(classmate)).not.toContain('_zq8');

    // One tap: nobody writes. And the link is dead, on every way, within three seconds.
    li.say({ t: 'freeze', on: true });
    await stranger.hears('freeze', ({ on }) => on === true, 3000);
    stranger.say({ t: 'help', text: '坏话_zq8' });
    await stranger.hears('error', ({ code }) => code === 'frozen');
    await school.office.must('POST', '/api/v1/links/withdraw', { link: own });
    expect(await stranger.ends(3000)).toBe(4404);
    expect((await fetch(hls)).status).toBe(404);
    expect((await new Visitor(use.server, '').get(`/api/v1/watch/${token}`)).status).toBe(404);

    // What was said stays as evidence, past its term.
    li.say({ t: 'help', text: '先不要发言', seat: 0, room: room(li, 2) });
    await use.server.endLesson(lesson.id);
    await use.server.tongke('retention', 'hold', lesson.id, '--by', '王', '--reason', '被转发的链接');
    const folder = join(use.server.data, 'lessons');
    const files = readdirSync(folder).filter((name) => name.startsWith(`${lesson.id}.`) && !name.includes('attendance'));
    expect(files.length).toBeGreaterThan(0);
    const old = Date.now() / 1000 - 40 * 86_400;
    for (const name of files) utimesSync(join(folder, name), old, old);
    const { held } = (await use.server.tongke('retention', 'run')) as { held: readonly { lesson: string }[] };
    expect(held.filter((one) => one.lesson === lesson.id).length).toBeGreaterThan(0);
    for (const name of files) expect(readdirSync(folder)).toContain(name);
  });
});
