import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { Edge } from '../support/nginx';
import { parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { School, type TaughtLesson } from '../support/school';
import { waitFor } from '../support/wait';

// nginx between the server and a class, with the configuration of the documentation: pupils who have no websocket, and whose
// media the server never sent, are counted by the edge's log.

const kClass = '三年级1班';
const kPupils = ['学校,年级,班级,学号,姓名', ...[1, 2, 3, 4].map((i) => `第一小学,三年级,1班,2023011${i},学生${i}`)].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,李老师,数学,三年级1班\r\n';

const use = useServer({ config: '[edge]\nlog = true\n' });
let edge: Edge;
let school: School;
let lesson: TaughtLesson;
const tokens: string[] = [];

beforeAll(async () => {
  edge = await Edge.start(use.server);
  school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  lesson = await school.teach({ title: '分数', mode: 'class', lead: school.member('李老师').id, rooms: [{ class: school.klass(kClass).id }] });
  for (const { id } of await school.pupils(kClass)) tokens.push(await school.token(lesson.id, { pupil: id }));
});
afterAll(async () => {
  await edge.close();
});

const at = (token: string, file: string): string => `${edge.origin}/hls/${token}/${lesson.id}/${file}`;
const token = (index: number): string => tokens[index] ?? '';
async function lines(outcome: string): Promise<number> {
  const text = await (await fetch(`${use.server.origin}/metrics`)).text();
  return Number(new RegExp(`^tongke_edge_lines_total\\{outcome="${outcome}"\\} (\\S+)`, 'm').exec(text)?.[1] ?? 0);
}
/** Seats that the ledger knows, by what showed that they were there. */
function seats(evidence: RegExp): Set<string> {
  try {
    const text = readFileSync(join(use.server.data, 'lessons', `${lesson.id}.attendance`), 'utf8');
    return new Set(text.split('\n').flatMap((line) => (evidence.test(line) ? [line.split(' ')[1] ?? ''] : [])));
  } catch {
    return new Set();
  }
}
const live = /^a \d+ \d+ 2$/;
const replayed = /^r /;
/** Says to the server what an edge would. */
async function say(text: string): Promise<void> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve, reject) => socket.send(text, use.server.ports.edge ?? 0, '127.0.0.1', (error) => (error ? reject(error) : resolve())));
  socket.close();
}
const line = (who: string, when: number): string =>
  `<190>Nov 26 10:45:45 tongke: tongke1 ${(when / 1000).toFixed(3)} 200 GET 5120 0 /hls/${who}/${lesson.id}/src/0.m4s`;

describe('behind an nginx that caches', () => {
  let file = '';

  it('a pupil without a websocket is counted as present', async () => {
    // Attendance is by whole minutes of the clock: whoever is seen once has seen half of a lesson that lies in one of them.
    await waitFor(() => Date.now() % 60_000 < 25_000, { ms: 40_000, what: 'a minute that holds this lesson' });
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(token(0), 'live', 30_000);
    expect(await school.counts(lesson.id, kClass)).toMatchObject({ expected: 4, live: 0, unresolved: 4 });
    await waitFor(async () => (await fetch(at(token(0), 'src/media.m3u8'))).status === 200, { ms: 30_000, what: 'a playlist at the edge' });
    const played = await run('ffmpeg', ['-v', 'error', '-i', at(token(0), 'master.m3u8'), '-t', '4', '-f', 'null', '-'], 60_000);
    expect(played.stderr).toBe('');
    await waitFor(async () => (await lines('counted')) > 0, { what: 'lines of the edge' });
    await waitFor(async () => (await school.counts(lesson.id, kClass))['live'] === 1, { what: 'one pupil' });
    expect(await lines('malformed')).toBe(0);
    expect(await lines('refused')).toBe(0);
  });

  it('so is one whose media the server never sent', async () => {
    const list = parseMediaPlaylist(await (await fetch(at(token(0), 'src/media.m3u8'))).text());
    file = `src/${list.segments[0]?.uri ?? ''}`;
    expect((await fetch(at(token(0), file))).status).toBe(200);
    expect(seats(live).size).toBe(1);
    const cached = await fetch(at(token(1), file));
    expect([cached.status, cached.headers.get('x-cache')]).toEqual([200, 'HIT']);
    expect(Number(cached.headers.get('tongke-media-time'))).toBeGreaterThanOrEqual(0);
    await cached.arrayBuffer();
    await waitFor(() => seats(live).size === 2, { what: 'a second pupil in the ledger' });
    expect(await school.counts(lesson.id, kClass)).toMatchObject({ expected: 4, live: 2, unresolved: 2 });
    const office = await use.server.link(lesson.id, 'office');
    const stats = (await (await fetch(`${use.server.origin}/api/v1/lessons/${lesson.id}/stats?token=${office.token}`)).json()) as { renditions: readonly { id: string; viewers: number }[] };
    expect(stats.renditions.find(({ id }) => id === 'src')?.viewers).toBeGreaterThanOrEqual(1);
  });

  it('what the edge has is for nobody without a good link', async () => {
    const other = await use.newClass('另一节课');
    expect((await fetch(at(other.link.token, file))).status).toBe(404);
    expect((await fetch(at('AAAA', file))).status).toBe(404);
    expect((await fetch(`${edge.origin}/tongke-pass`)).status).toBe(404);
    expect((await fetch(at(token(3), file))).status).toBe(200);
    await waitFor(() => seats(live).size === 3, { what: 'a third pupil' });
    await school.office.must('POST', '/api/v1/links/withdraw', { link: token(3) });
    await waitFor(async () => (await fetch(at(token(3), file))).status === 404, { ms: 3000, what: 'a withdrawn link refused' });
  });

  it('a line that is old, early, of another lesson or of nobody counts nobody', async () => {
    const other = await use.newClass('第三节课');
    const before = await Promise.all(['past', 'future', 'refused', 'malformed', 'counted'].map(lines));
    const known = seats(live).size;
    await say(line(token(2), Date.now() - 3_600_000));
    await say(line(token(2), Date.now() + 3_600_000));
    await say(line(other.link.token, Date.now()));
    await say(line('AAAA', Date.now()));
    await say('<190>Nov 26 10:45:45 tongke: GET /hls');
    await say(line(token(1), Date.now())); // known already, and the last
    const after = before.map((count, i) => count + [1, 1, 2, 1, 1][i]!);
    await waitFor(async () => ((await lines('counted')) >= after[4]! ? true : null), { what: 'the last line' });
    expect(await Promise.all(['past', 'future', 'refused', 'malformed', 'counted'].map(lines))).toEqual(after);
    expect(seats(live).size).toBe(known);
  });

  it('a replay seen through it closes the third pupil’s morning', async () => {
    await use.server.endLesson(lesson.id);
    const list = await waitFor(async () => {
      const text = await (await fetch(at(token(2), 'src/media.m3u8'))).text();
      return text.includes('#EXT-X-ENDLIST') ? parseMediaPlaylist(text) : null;
    }, { what: 'the end in the playlist' });
    // Once by somebody else, so that the edge has it all.
    for (const who of [0, 2]) for (const { uri } of list.segments) expect((await fetch(at(token(who), `src/${uri}`))).status).toBe(200);
    await waitFor(() => seats(replayed).size === 2, { what: 'a replay in the ledger' });
    expect(await school.counts(lesson.id, kClass)).toMatchObject({ expected: 4, live: 3, late: 1, unresolved: 0 });
  });

  it('and no link is written down anywhere on the way', () => {
    for (const text of [use.server.log, edge.errors]) for (const one of tokens) expect(text.includes(one)).toBe(false);
  });
});
