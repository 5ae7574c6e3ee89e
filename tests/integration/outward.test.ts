import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { type Got, Outside } from '../support/outside';
import { place } from '../support/place';
import { CliError, kTongke, tongke } from '../support/server';
import { run } from '../support/process';
import { waitFor } from '../support/wait';

// What the school says to the outside: to somebody's program, and to two groups' robots, which here are
// a server of the test's own. The clock is the machine's: the district lies where it is ten now.

const { zone, date } = place(10);
const kSecret = 'a-secret-of-the-office';
const kRobotSecret = 'SECa-secret-of-the-robot';
const kClasses = 30;
const kPupils = Array.from({ length: kClasses }, (_, i) => `钱小${i + 1}`);
const kTeacher = '孙老师';

const outside = await Outside.start();
const folder = mkdtempSync(join(tmpdir(), 'tongke-outward-'));
const file = (name: string, lines: readonly string[]): string => {
  const path = join(folder, name);
  writeFileSync(path, lines.join('\n') + '\n');
  return path;
};
const here = `http://127.0.0.1:${outside.port}`;
const use = useServer({
  config: `[hours]
zone = "${zone}"
[retention]
officer = "张主任"
term_end = "2099-01-01"
[record]
min_free = "900000GB" # there is never enough: recordings are in trouble from the first
[outward]
receivers = [
  "office | webhook | ${here}/hook",
  "class7 | webhook | ${here}/class7 | school=一小 | class=2(7)",
  "group | dingtalk | ${here}/robot/send?access_token=robot-key",
  "wecom | wecom | ${here}/cgi-bin/webhook/send?key=wecom-key | recordings",
]
secrets = ["office=${kSecret}", "class7=${kSecret}", "group=${kRobotSecret}"]
patience = "1s"
`,
});
afterAll(async () => {
  await outside.down();
  rmSync(folder, { recursive: true, force: true });
});

interface Notice {
  readonly id: string;
  readonly event: string;
  readonly at: number;
  readonly trouble: string | null;
  readonly page: string | null;
  readonly lesson: {
    readonly id: string;
    readonly title: string;
    readonly state: string;
    readonly drill: boolean;
    readonly planned_start: number | null;
    readonly started: number | null;
    readonly ended: number | null;
    readonly rooms: readonly { readonly school: string; readonly label: string }[];
  };
}
/** Signed by somebody who knows the secret, just now. */
function opened(got: Got): Notice {
  const time = String(got.headers['tongke-timestamp']);
  expect(got.headers['tongke-signature']).toBe(`v1=${createHmac('sha256', kSecret).update(`${time}.${got.body}`).digest('hex')}`);
  expect(Math.abs(Number(time) * 1000 - got.at)).toBeLessThan(30_000);
  const notice = JSON.parse(got.body) as Notice;
  expect([got.headers['tongke-event'], got.headers['tongke-delivery'], got.headers['content-type']]).toEqual([notice.event, notice.id, 'application/json; charset=utf-8']);
  return notice;
}
const words = (got: Got): string => {
  const body = JSON.parse(got.body) as { msgtype: string; text: { content: string } };
  expect(body.msgtype).toBe('text');
  return body.text.content;
};
/** What the office's program was told of a lesson, repeats left out. */
function story(lesson: string): readonly string[] {
  const seen = new Set<string>();
  return outside.at('/hook').map(opened).filter((notice) => notice.lesson?.id === lesson && !seen.has(notice.id) && seen.add(notice.id)).map(({ event }) => event);
}
const tells = (lesson: string, events: readonly string[]): Promise<unknown> =>
  waitFor(() => story(lesson).length >= events.length, { ms: 30_000, what: `${events.join(', ')}; told were ${story(lesson).join(', ')}` }).then(() => expect(story(lesson)).toEqual(events));

describe('a school that tells others of its lessons', () => {
  beforeAll(async () => {
    const { server } = use;
    await server.tongke('import', '--new-schools', file('pupils.csv', ['学校,年级,班级,学号,姓名', ...kPupils.map((name, i) => `一小,2,${i + 1},${i + 1},${name}`)]));
    await server.tongke('import', file('staff.csv', ['学校,工号,姓名,学科,任教班级', `一小,T1,${kTeacher},数学,2(1)`]));
  });

  it('thirty lessons about to begin: a program hears of each, a robot in few messages', async () => {
    const { server } = use;
    const rows = kPupils.map((_, i) => `一小,2(${i + 1}),${date},1,10:08-10:28,数学,,会数到一百,备小棒,随堂检测`);
    await server.tongke('timetable', 'import', file('day.csv', ['学校,班级,日期,节次,时间,学科,主讲,教学目标,教学建议,评价方式', ...rows]));
    await server.tongke('timetable', 'publish');
    expect(await server.tongke('plan', 'activate', '--date', date)).toMatchObject({ lessons: kClasses, failed: [] });

    await waitFor(() => outside.at('/hook').length >= kClasses, { ms: 30_000, what: 'thirty notices' });
    const notices = outside.at('/hook').map(opened);
    expect(new Set(notices.map(({ event }) => event))).toEqual(new Set(['lesson.soon']));
    expect(new Set(notices.map(({ id }) => id)).size).toBe(kClasses);
    expect(notices[0]).toMatchObject({ page: null, trouble: null, lesson: { state: 'waiting', drill: false, started: null, ended: null } });
    const labels = notices.flatMap(({ lesson }) => lesson.rooms.map(({ school, label }) => `${school} ${label}`));
    expect(new Set(labels).size).toBe(kClasses);
    await waitFor(() => outside.at('/class7').length >= 1, { ms: 10_000 });
    expect(outside.at('/class7').map((got) => opened(got).lesson.rooms)).toEqual([[{ school: '一小', label: '二年级7班' }]]);

    for (const path of ['/robot/send', '/cgi-bin/webhook/send']) {
      const said = (): string => outside.at(path).map(words).join('\n');
      await waitFor(() => labels.every((label) => said().includes(label)), { ms: 30_000, what: `all classes said to ${path}` });
      expect(outside.at(path).length).toBeLessThanOrEqual(20);
      for (const got of outside.at(path)) {
        expect(words(got)).toMatch(/^【同课】/);
        expect(Buffer.byteLength(words(got))).toBeLessThanOrEqual(2048);
      }
    }
    for (const { query } of outside.at('/robot/send')) {
      const time = query.get('timestamp') ?? '';
      expect(query.get('access_token')).toBe('robot-key');
      expect(query.get('sign')).toBe(createHmac('sha256', kRobotSecret).update(`${time}\n${kRobotSecret}`).digest('base64'));
    }
    expect(outside.at('/cgi-bin/webhook/send')[0]?.query.get('key')).toBe('wecom-key');
  });

  it('a lesson from the first picture to the replay, in order, each thing once', async () => {
    const { server } = use;
    // A title with a child in it stays inside.
    const { lesson, link } = await use.newClass(`给${kPupils[2]}补课`);
    const first = use.keep(publish(lesson.rtmp));
    await tells(lesson.id, ['lesson.live']);
    expect(outside.at('/hook').map(opened).find((notice) => notice.lesson.id === lesson.id)?.lesson).toMatchObject({ title: '一节课', state: 'live', rooms: [], planned_start: null });
    // The office's group hears of the recording; nobody else does.
    await outside.hears('/cgi-bin/webhook/send', (got) => words(got).includes('磁盘空间不多了'));
    await first.stop('SIGKILL');
    await server.becomes(link.token, 'interrupted');
    await tells(lesson.id, ['lesson.live', 'lesson.interrupted']);
    use.keep(publish(lesson.srt));
    await tells(lesson.id, ['lesson.live', 'lesson.interrupted', 'lesson.resumed']);

    const before = outside.at('/hook').length;
    outside.answers.set('/hook', [500, 503]);
    await server.endLesson(lesson.id);
    await tells(lesson.id, ['lesson.live', 'lesson.interrupted', 'lesson.resumed', 'lesson.ended', 'lesson.replay']);
    // Twice not taken, so it came three times, with the same number.
    const [one, two, three, four] = outside.at('/hook').slice(before).map(opened);
    expect([one?.id, two?.id, three?.event]).toEqual([three?.id, three?.id, 'lesson.ended']);
    expect(four?.event).toBe('lesson.replay');
    expect(outside.at('/class7')).toHaveLength(1);
    await waitFor(async () => {
      const metrics = await (await fetch(`${server.origin}/metrics`)).text();
      return metrics.includes('tongke_outward_retried_total{receiver="office"} 2') && metrics.includes('tongke_outward_delivered_total{receiver="office"} 35');
    }, { what: 'the metrics' });
  });

  it('a receiver that was down, and a server that was killed meanwhile: nothing is lost', async () => {
    const { server } = use;
    const { lesson } = await use.newClass('认识负数');
    const teacher = use.keep(publish(lesson.rtmp));
    await tells(lesson.id, ['lesson.live']);
    await outside.down();
    await server.endLesson(lesson.id);
    const warned = (): boolean => server.log.includes('notice not delivered; it goes again');
    await waitFor(warned, { ms: 20_000, what: 'the log says that nobody answers' });
    await teacher.stop();
    await server.kill();
    const log = server.log;
    await server.up();
    await outside.up();
    await tells(lesson.id, ['lesson.live', 'lesson.ended', 'lesson.replay']);
    // Nothing was told anew, and no key is in any log.
    expect(outside.at('/hook').map(opened).filter(({ event }) => event === 'lesson.soon')).toHaveLength(kClasses);
    for (const secret of ['robot-key', 'wecom-key', kSecret, kRobotSecret]) expect(log + server.log).not.toContain(secret);
  });

  it('a technician tries it out, with the server and without', async () => {
    const { server } = use;
    const before = outside.at('/hook').length;
    expect(await server.tongke('outward', 'test', '--receiver', 'office')).toMatchObject([{ receiver: 'office', delivered: true, hint: 'delivered', said: 'HTTP 200' }]);
    expect(outside.at('/hook').slice(before).map(opened)).toMatchObject([{ event: 'trial', lesson: null }]);
    expect(await server.tongke('outward', 'test')).toHaveLength(4);
    const unknown: unknown = await server.tongke('outward', 'test', '--receiver', 'nobody').then(() => null, (error: unknown) => error);
    expect(unknown).toBeInstanceOf(CliError);

    outside.answers.set('/hook', [403]);
    const alone = await run(kTongke, ['outward', 'test', '--receiver', 'office', '--config', server.configFile, '--data', join(folder, 'none')]);
    expect(alone.code).toBe(1);
    expect(alone.stdout).toMatch(/^office: 没有送达.*refused.*HTTP 403/);
  });

  it('nothing that was sent names a child or a teacher', () => {
    expect(outside.got.length).toBeGreaterThan(50);
    for (const { body, path, query } of outside.got)
      for (const name of [...kPupils, kTeacher, '张主任']) expect(decodeURIComponent(`${path} ${query} ${body}`)).not.toContain(name);
  });
});

describe('a mistake in the configuration', () => {
  it.each([
    ['receivers = ["office"]', ':2: outward.receivers: '],
    ['receivers = ["office | webhook | http://KEY@x/"]', ':2: outward.receivers: office: '],
    ['receivers = ["office | dingtalk | https://x/robot/send?KEY"]', ':2: outward.receivers: office: '],
    ['secrets = ["office=KEY"]', ':2: outward.secrets: office: '],
    ['secrets = ["office=KEY-and-16-letters"]', ': outward.secrets: office: '],
    ['receivers = ["office | webhook | https://x/KEY"]', ': outward.secrets: office: '],
  ])('%s', async (line, complaint) => {
    const path = file('bad.toml', ['[outward]', line]);
    const error: unknown = await tongke(['config', 'check', path]).then(() => null, (reason: unknown) => reason);
    if (!(error instanceof CliError)) throw new Error('it was taken');
    expect(error.stderr).toContain(path + complaint);
    expect(error.stderr + error.stdout).not.toContain('KEY');
  });
});
