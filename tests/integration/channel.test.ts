import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { decodeErrors, pattern, publish } from '../support/media';
import { Description } from '../support/openapi';
import { place } from '../support/place';
import { vlcPlays } from '../support/players';
import { Running } from '../support/process';
import { School, Visitor } from '../support/school';
import { Television } from '../support/television';
import { waitFor } from '../support/wait';

// One address all morning (docs/channels.md): a television that knows nothing else goes from lesson to rest to lesson.

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const description = new Description();
const folder = mkdtempSync(join(tmpdir(), 'tongke-channel-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const kPupils = ['学校,年级,班级,学号,姓名,家长电话', '一小,二年级,1班,1,学生一,13812346600', '一小,二年级,1班,2,学生二,', '一小,三年级,1班,3,学生三,13812346600', '一小,二年级,2班,4,学生四,'].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n一小,T1,王老师,数学,"二年级1班、二年级2班"\r\n一小,T2,李老师,语文,"二年级1班、三年级1班"\r\n';
const lesson = (period: number, time: string, subject: string, lead: string): string => `一小,二年级1班,${date},${period},${time},,${subject},${lead},认识负数,备好纸笔,随堂检测`;
const kTimetable = [
  '学校,班级,日期,节次,时间,类型,学科,主讲,教学目标,教学建议,评价方式',
  lesson(1, '9:30-9:50', '数学', '王老师'),
  `一小,二年级1班,${date},2,9:55-10:35,眼保健操,,,,,`,
  lesson(3, '10:40-11:00', '语文', '李老师'),
].join('\r\n');

let school: School;
beforeAll(async () => {
  school = await School.open(use.server, '一小', [kPupils, kStaff]);
  await school.office.must('POST', '/api/v1/timetable/import', kTimetable);
  await school.office.must('POST', '/api/v1/timetable/publish');
  expect(await school.district.must('POST', '/api/v1/plans/activate', { date })).toMatchObject({ lessons: 2, failed: [] });
});

interface Channels {
  readonly link: string;
  readonly playlist: string;
  readonly channels: readonly { readonly id: string; readonly title: string; readonly url: string }[];
}
interface Planned {
  readonly id: string;
  readonly planned_start: number;
  readonly publish_key: string;
}

async function described<T>(visitor: Visitor, method: string, path: string, body: unknown, status: number): Promise<T> {
  const answer = await visitor.ask(method, path, body);
  expect([path, answer.status], answer.text.slice(0, 300)).toEqual([path, status]);
  expect(description.faults(method, path, status, answer.body)).toEqual([]);
  return answer.body as T;
}
const stranger = (): Visitor => new Visitor(use.server, '');
/** A pupil who has no telephone to be asked for. */
async function pupilsChannel(): Promise<{ readonly own: string; readonly channels: Channels }> {
  const own = await school.link({ pupil: (await school.pupil('二年级1班', '学生二')).id });
  return { own, channels: await described<Channels>(stranger(), 'GET', `/api/v1/links/${own}/channels`, undefined, 200) };
}
const urlOf = ({ channels }: Channels): string => {
  const [first] = channels;
  if (first === undefined) throw new Error('no channel');
  return first.url;
};
async function planned(): Promise<readonly Planned[]> {
  const { items } = await school.office.must('GET', '/api/v1/lessons');
  return [...(items as readonly Planned[])].sort((a, b) => a.planned_start - b.planned_start);
}
const teach = ({ id, publish_key: key }: Planned, size: string): Running =>
  use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${id}?key=${key}`, pattern({ size, kilobits: 300 })));

const kRest = /\/rest\//;
describe('a channel', () => {
  it('plays rest, a lesson, rest and the next lesson under one address, and never stops', async () => {
    const { channels } = await pupilsChannel();
    const tv = new Television(urlOf(channels));
    const [maths, chinese] = await planned();
    if (maths === undefined || chinese === undefined) throw new Error('no lessons');

    await tv.watches(kRest, 4);
    // A player that nobody touches any more; it decodes everything, in its own time.
    const player = use.keep(new Running('ffmpeg', ['-hide_banner', '-nostdin', '-re', '-i', tv.url, '-f', 'null', '-']));
    const first = teach(maths, '640x360');
    await tv.watches(new RegExp(maths.id), 4);
    await first.stop();
    await use.server.endLesson(maths.id);
    await tv.watches(kRest, 3);
    teach(chinese, '320x180');
    await tv.watches(new RegExp(chinese.id), 3);

    expect(tv.faults).toEqual([]);
    expect(tv.story()).toBe(`rest ${maths.id} rest ${chinese.id}`);
    // A break wherever the kind of piece changes. A lesson may have breaks of its own, when its slate came.
    const kind = (i: number): string => (tv.seen[i] ?? '').replace(/[\w.]*$/, '');
    for (let i = 1; i < tv.seen.length; ++i) if (kind(i) !== kind(i - 1)) expect(tv.breaks).toContain(i);
    expect(tv.breaks.filter((i) => kRest.test(tv.seen[i] ?? '') && kRest.test(tv.seen[i - 1] ?? ''))).toEqual([]);
    // What is shown between is one stream: nothing that a decoder would complain of where pieces meet.
    const rests = tv.seen.slice(0, tv.seen.findIndex((uri) => !kRest.test(uri)));
    expect(rests.length).toBeGreaterThanOrEqual(4);
    expect(await decodeErrors(tv.file(folder, rests))).toBe('');

    // The player has followed, and is playing still.
    await waitFor(() => player.end !== null || player.stderr.includes(`/${chinese.id}/compat/`), { ms: 60_000, what: 'the player is in the second lesson' });
    expect(player.end).toBeNull();
    for (const { id } of [maths, chinese]) expect(player.stderr).toContain(`/${id}/compat/`);
    expect(player.stderr.split('\n').filter((line) => /HTTP error|Failed to|Invalid data/.test(line))).toEqual([]);

    // Media that came this way is evidence that the child was there, like any other.
    await waitFor(async () => ((await school.counts(maths.id, '二年级1班'))['unresolved'] ?? 9) < 2, { what: 'the channel counted' });
  }, 180_000);

  it('plays in VLC', async () => {
    const { channels } = await pupilsChannel();
    // The picture is made when somebody looks at it first, for which VLC would be a little late.
    await new Television(urlOf(channels)).look();
    const played = await vlcPlays(urlOf(channels), 12);
    // Each piece begins its counters anew and says so (discontinuity_indicator), at which libdvbpsi does not look in tables.
    // And nothing here depends on how fast this machine draws.
    expect(played.complaints.filter((line) => !/PSI decoder\): TS discontinuity|too late/.test(line))).toEqual([]);
    expect(played.pictures).toBeGreaterThanOrEqual(3);
  }, 60_000);
});

describe('links to channels', () => {
  it('a family has one for each child, in an M3U that names none, with the guide that goes with it', async () => {
    const own = await school.link({ home_of: (await school.pupil('二年级1班', '学生一')).id });
    // A new device is asked for the number first, and the television never.
    expect((await stranger().get(`/api/v1/links/${own}/channels`)).status).toBe(403);
    const proved = await stranger().ask('POST', `/api/v1/links/${own}/device`, { digits: '6600' });
    expect(proved.status).toBe(204);
    const cookie = (proved.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const asked = await stranger().ask('GET', `/api/v1/links/${own}/channels`, undefined, { Cookie: cookie });
    const { link, playlist, channels } = asked.body as unknown as Channels;
    expect(channels.map(({ title }) => title)).toEqual(['二年级1班', '三年级1班']);
    const m3u = await (await fetch(playlist)).text();
    const ids = channels.map(({ id }) => id);
    expect(m3u).toBe(
      `#EXTM3U x-tvg-url="${use.server.origin}/channel/${link}/guide.xml" url-tvg="${use.server.origin}/channel/${link}/guide.xml"\n` +
        channels.map(({ id, title, url }) => `#EXTINF:-1 tvg-id="${id}" tvg-name="${title}",${title}\n${url}\n`).join(''),
    );
    expect(m3u).not.toMatch(/学生/);
    const guide = await (await fetch(`${use.server.origin}/channel/${link}/guide.xml`)).text();
    for (const id of ids) expect(guide).toContain(`<channel id="${id}">`);
    expect(guide).toContain(`channel="${ids[0]}"`);
    for (const { url } of channels) expect((await fetch(url)).status).toBe(200);
    // It opens the channel and nothing else.
    for (const path of [`/api/v1/links/${link}`, `/api/v1/watch/${link}`, `/l/${link}`, `/api/v1/links/${link}/channels`]) expect([path, (await stranger().get(path)).status]).toEqual([path, 404]);

    await school.office.must('POST', '/api/v1/links/withdraw', { link });
    for (const path of ['playlist.m3u', 'guide.xml', 'live.m3u8']) await waitFor(async () => (await stranger().get(`/channel/${link}/${path}`)).status === 404, { what: path });
    expect((await stranger().get(`/api/v1/links/${own}/channels`)).status).toBe(404);
  });

  it('a school hangs up screens of a class, of a grade and of all grades, and takes them down again', async () => {
    const { id } = (await school.office.items('/api/v1/schools'))[0] ?? { id: '' };
    const klass = school.klass('二年级1班').id;
    const made = (body: object): Promise<Channels> => described<Channels>(school.office, 'POST', '/api/v1/channels', body, 201);
    const [one, grade, all] = [await made({ class: klass }), await made({ school: id, grade: 2 }), await made({ school: id })];
    expect(one.channels.map(({ title }) => title)).toEqual(['二年级1班']);
    expect(grade.channels.map(({ title }) => title)).toEqual(['一小 二年级']);
    expect(all.channels.map(({ title }) => title)).toEqual(['一小 二年级', '一小 三年级']);
    for (const { channels } of [one, grade, all]) for (const { url } of channels) expect([url, (await fetch(url)).status]).toEqual([url, 200]);
    for (const { status, body } of [await school.office.ask('POST', '/api/v1/channels', { school: id, grade: 9 }), await school.office.ask('POST', '/api/v1/channels', {})])
      expect(status, JSON.stringify(body)).toBeGreaterThanOrEqual(400);
    expect((await stranger().ask('POST', '/api/v1/channels', { class: klass })).status).toBe(401);

    // The grade's screen shows the class's lesson, by a pass that opens its media and no page.
    const lessons = await planned();
    const next = lessons[1];
    if (next === undefined) throw new Error('no lesson');
    teach(next, '320x180');
    const tv = new Television(urlOf(grade));
    await tv.watches(new RegExp(next.id), 1);
    expect(tv.faults).toEqual([]);
    const pass = /^\/hls\/([^/]+)/.exec(tv.seen.find((uri) => uri.includes(next.id)) ?? '')?.[1] ?? '';
    for (const path of [`/api/v1/watch/${pass}`, `/api/v1/links/${pass}`, `/channel/${pass}/live.m3u8`, `/hls/${pass}/${lessons[0]?.id}/master.m3u8`])
      expect([path, (await stranger().get(path)).status]).toEqual([path, 404]);

    await school.office.must('POST', '/api/v1/links/withdraw', { link: grade.link });
    await waitFor(async () => (await fetch(urlOf(grade))).status === 404, { what: 'the screen is dark' });
    await waitFor(async () => (await fetch(`${use.server.origin}/hls/${pass}/${next.id}/compat.m3u8`)).status === 404, { what: 'its pass is no good' });
    expect((await fetch(urlOf(one))).status).toBe(200);
    expect((await fetch(urlOf(all))).status).toBe(200);
    const again = await made({ school: id, grade: 2 });
    expect((await fetch(urlOf(again))).status).toBe(200);
  }, 90_000);

  it('anything else is not there', async () => {
    const { channels, own } = await pupilsChannel();
    const { pathname } = new URL(urlOf(channels));
    for (const path of [pathname.replace('live', 'dead'), pathname.replace('/live', '/9/live'), pathname.replace('live.m3u8', 'rest/0123456789abcdef.1.ts'), `/channel/${own}/live.m3u8`, '/channel/AAAA/live.m3u8', '/channel/AAAA/playlist.m3u'])
      expect([path, (await stranger().get(path)).status]).toEqual([path, 404]);
  });
});

describe('a class whose minutes are used up', () => {
  const capped = useServer({ config: `[hours]\nzone = "${zone}"\ncap_low = "1m"\n` });

  it('rests in its own channel, while the other classes of the lesson go on in theirs', async () => {
    const own = await School.open(capped.server, '二小', [kPupils.replaceAll('一小', '二小'), kStaff.replaceAll('一小', '二小')]);
    const rooms = ['二年级1班', '三年级1班'].map((label) => ({ class: own.klass(label).id }));
    const joint = await own.teach({ title: '合课', mode: 'joint', lead: own.member('王老师').id, rooms });
    const [low, middle] = await Promise.all(rooms.map(async (room) => new Television(urlOf((await own.office.must('POST', '/api/v1/channels', room)) as unknown as Channels))));
    if (low === undefined || middle === undefined) throw new Error('no channels');
    capped.keep(publish(joint.rtmp, pattern({ size: '320x180', kilobits: 300 })));
    const taught = new RegExp(joint.id);
    await low.watches(taught, 1);
    await middle.watches(taught, 1);
    await low.watches(kRest, 2);
    await middle.watches(taught, 2);
    expect(low.story()).toMatch(new RegExp(`^(rest )?${joint.id} rest$`));
    expect(middle.story()).toMatch(new RegExp(`^(rest )?${joint.id}$`));
    expect([...low.faults, ...middle.faults]).toEqual([]);
  }, 120_000);
});
