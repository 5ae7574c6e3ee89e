import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { Description } from '../support/openapi';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// An inspector's morning against the real server: draws among lessons on air, looks, signs; and
// somebody else who trusts nobody draws again from what is published.

const use = useServer();
const description = new Description();

interface DrawnLesson {
  readonly id: string;
  readonly title: string | null;
  readonly school: { readonly name: string } | null;
}
interface Body {
  readonly id: string;
  readonly publish_key: string;
  readonly draw: string;
  readonly commitment: string;
  readonly link: string;
  readonly lessons: readonly DrawnLesson[];
  readonly items: readonly { readonly id: string; readonly name: string }[];
  readonly intact: boolean;
  readonly signed_at: number | null;
  readonly record: { readonly stills: readonly { readonly sha256: string }[]; readonly marks: object; readonly counts: object; readonly form: string } | null;
}
interface Answer {
  readonly status: number;
  readonly bytes: Buffer;
  readonly body: Body;
}

async function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown): Promise<Answer> {
  const raw = body instanceof Uint8Array;
  const response = await fetch(use.server.origin + path, {
    method,
    headers: { ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  const json = (response.headers.get('content-type') ?? '').startsWith('application/json');
  const answer: unknown = json ? JSON.parse(bytes.toString()) : bytes.toString();
  expect(description.faults(method, path, response.status, answer)).toEqual([]);
  return { status: response.status, bytes, body: answer as Body };
}

class Visitor {
  private constructor(readonly headers: Readonly<Record<string, string>>) {}
  static async of(login: string, ...args: readonly string[]): Promise<Visitor> {
    const { password } = (await use.server.tongke('account', 'create', login, ...args)) as { password: string };
    const response = await fetch(`${use.server.origin}/api/v1/session`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login, password }) });
    const { csrf } = (await response.json()) as { csrf: string };
    return new Visitor({ Cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'X-CSRF-Token': csrf });
  }
  get = (path: string): Promise<Answer> => ask('GET', path, this.headers);
  post = (path: string, body: unknown): Promise<Answer> => ask('POST', path, this.headers, body);
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

interface Record_ {
  readonly secret: string;
  readonly words: string;
  readonly count: number;
  readonly on_air: readonly { readonly lesson: string; readonly school: string; readonly stage: string; readonly subject: string }[];
}

/** The draw as docs/inspection.md describes it, written anew. */
function drawAgain({ secret, words, count, on_air }: Record_): string[] {
  const kStrata = ['school', 'stage', 'subject'] as const;
  const left = on_air.map((lesson) => ({ ...lesson, lot: sha256(`${secret}\n${words}\n${lesson.lesson}`) }));
  const drawn: (typeof left)[number][] = [];
  while (drawn.length < count && left.length > 0) {
    left.sort((a, b) => {
      for (const of of kStrata) {
        const by = drawn.filter((one) => one[of] === a[of]).length - drawn.filter((one) => one[of] === b[of]).length;
        if (by !== 0) return by;
      }
      return a.lot < b.lot ? -1 : 1;
    });
    drawn.push(...left.splice(0, 1));
  }
  return drawn.map(({ lesson }) => lesson);
}

const kRoster = ['第一小学', '第二小学', '第三小学']
  .flatMap((school, s) => [1, 2].map((i) => `${school},三年级,1班,2023${s}${i},学生${s}${i},1381234${s}${i}00,宽带`))
  .reduce((csv, line) => `${csv}${line}\r\n`, '学校,年级,班级,学号,姓名,家长电话,上网条件\r\n');
const kMarks = { picture: 'good', sound: 'good', pace: 'fits', taking_part: 'some', teachers: 'none' };

let district: Visitor;
let inspector: Visitor;
let office: Visitor;
let elsewhere: Visitor;
const lessons: { readonly id: string; readonly rtmp: string }[] = [];

beforeAll(async () => {
  district = await Visitor.of('district', '--name', '教育科', '--duty', 'district_office');
  await district.post('/api/v1/imports?new_schools=true', Buffer.from(kRoster));
  inspector = await Visitor.of('inspector', '--name', '督学', '--duty', 'inspector');
  office = await Visitor.of('first', '--name', '张校长', '--duty', 'school_office', '--school', '第一小学');
  elsewhere = await Visitor.of('second', '--name', '赵校长', '--duty', 'school_office', '--school', '第二小学');
  const schools = (await district.get('/api/v1/schools')).body.items;
  for (const school of schools) {
    const klass = (await district.get(`/api/v1/schools/${school.id}/classes`)).body.items[0]?.id;
    const made = await district.post('/api/v1/lessons', { title: `${school.name}的课`, mode: 'class', rooms: [{ class: klass }] });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    lessons.push({ id: made.body.id, rtmp: `rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${made.body.id}?key=${made.body.publish_key}` });
  }
});

const school = (lesson: DrawnLesson | undefined): string => lesson?.school?.name ?? '';

describe('a spot check', () => {
  it('is drawn, observed, signed, read and drawn again by somebody else', async () => {
    expect(lessons).toHaveLength(3);
    expect((await inspector.post('/api/v1/inspection/draws', { draw: (await ask('GET', '/api/v1/inspection/commitment')).body.draw, words: '1', count: 2 })).status).toBe(409);
    for (const lesson of lessons) use.keep(publish(lesson.rtmp, pattern({ size: '320x180', rate: 10, kilobits: 150 })));
    await waitFor(async () => ((await inspector.get('/api/v1/inspection/on-air')).body as unknown as { lessons: number }).lessons === 3, { ms: 30_000, what: 'three lessons on air' });

    // The commitment is there for everybody, before anybody has said a word.
    const before = (await ask('GET', '/api/v1/inspection/commitment')).body;
    expect((await ask('GET', `/api/v1/inspection/draws/${before.draw}`)).status).toBe(404);
    const made = await inspector.post('/api/v1/inspection/draws', { draw: before.draw, words: '海湾 42', count: 2 });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect(made.body.lessons).toHaveLength(2);
    expect(new Set(made.body.lessons.map(school)).size).toBe(2);
    expect((await inspector.post('/api/v1/inspection/draws', { draw: before.draw, words: 'again', count: 2 })).status).toBe(409);
    const record = (await ask('GET', `/api/v1/inspection/draws/${before.draw}`)).body as unknown as Record_ & { drawn: string[]; commitment: string };
    expect(sha256(record.secret)).toBe(before.commitment);
    expect(record.commitment).toBe(before.commitment);
    expect(record.on_air.map(({ lesson }) => lesson).sort()).toEqual(lessons.map(({ id }) => id).sort());
    expect(record.drawn).toEqual(drawAgain(record));
    expect(made.body.lessons.map(({ id }) => id)).toEqual(record.drawn);
    expect(JSON.stringify(record)).not.toMatch(/学生|督学/);

    // Only a drawn lesson opens, and only for who may draw.
    const [drawn] = made.body.lessons;
    const left = lessons.find(({ id }) => !record.drawn.includes(id));
    const begin = { draw: before.draw, lesson: drawn?.id };
    expect((await inspector.post('/api/v1/inspection/checks', { ...begin, lesson: left?.id })).status).toBe(404);
    for (const stranger of [office, elsewhere]) expect((await stranger.post('/api/v1/inspection/checks', begin)).status).toBe(404);
    expect((await ask('POST', '/api/v1/inspection/checks', {}, begin)).status).toBe(401);
    const look = await inspector.post('/api/v1/inspection/checks', begin);
    expect(look.status).toBe(201);
    expect((await inspector.post('/api/v1/inspection/checks', begin)).body.id).toBe(look.body.id);

    // He receives the picture and numbers; nobody is told of him.
    const pupilLink = await use.server.link(drawn?.id ?? '', 'pupil');
    const pupil = await SignalClient.enter(use.server, pupilLink.token);
    const watcher = await SignalClient.enter(use.server, look.body.link);
    await watcher.hears('counts');
    expect(JSON.stringify(watcher.told)).not.toContain('学生');
    expect(JSON.stringify(pupil.told)).not.toMatch(/inspector|督学/);
    const stills = `/hls/${look.body.link}/${drawn?.id ?? ''}/stills.json`;
    await waitFor(async () => /"n"/.test(await (await fetch(use.server.origin + stills)).text()), { ms: 30_000, every: 500, what: 'a still' });
    pupil.vanish();
    watcher.vanish();

    const sign = `/api/v1/inspection/checks/${look.body.id}/sign`;
    expect((await inspector.post(sign, { marks: { ...kMarks, pace: 'lively' }, remark: '' })).status).toBe(400);
    expect((await district.post(sign, { marks: kMarks, remark: '' })).status).toBe(404);
    const signed = await inspector.post(sign, { marks: kMarks, remark: '板书清楚。\n请多提问。' });
    expect(signed.status, JSON.stringify(signed.body)).toBe(200);
    expect(signed.body).toMatchObject({ intact: true, record: { form: 'basic-1', marks: kMarks, counts: { rooms: 1, watched: 0, expected: 2 } } });
    expect((await inspector.post(sign, { marks: kMarks, remark: 'other' })).status).toBe(409);
    const shown = signed.body.record?.stills ?? [];
    expect(shown.length).toBeGreaterThan(0);
    expect(shown.length).toBeLessThanOrEqual(3);

    // The school whose lesson it was reads it, with the pictures; the other does not.
    const path = `/api/v1/inspection/checks/${look.body.id}`;
    const [own, other] = school(drawn) === '第二小学' ? [elsewhere, office] : [office, elsewhere];
    if (school(drawn) !== '第三小学') expect((await own.get(path)).body).toMatchObject({ intact: true });
    expect((await other.get(path)).status).toBe(404);
    expect((await other.get('/api/v1/inspection/checks')).body.items).toEqual([]);
    expect((await district.get('/api/v1/inspection/checks')).body.items.map(({ id }) => id)).toEqual([look.body.id]);
    const still = await district.get(`${path}/stills/1`);
    expect(still.bytes.subarray(8, 12).toString()).toBe('WEBP');
    expect(createHash('sha256').update(still.bytes).digest('base64url')).toBe(shown[0]?.sha256);
    expect((await other.get(`${path}/stills/1`)).status).toBe(404);
    expect((await district.get(`${path}/stills/4`)).status).toBe(404);
    expect((await other.get('/api/v1/inspection/draws')).status).toBe(404);

    // It outlasts the server.
    await use.server.stop();
    await use.server.up();
    expect((await ask('GET', `/api/v1/inspection/draws/${before.draw}`)).body).toEqual(record);

    // Half a year later it goes by itself, with its stills and a proof; while the lesson is held it stays.
    await use.server.stop();
    execFileSync('python3', ['-c', `import sqlite3, sys; db = sqlite3.connect(sys.argv[1]); db.execute("UPDATE spot_check SET signed_ms = signed_ms - 181 * 86400000"); db.commit()`, join(use.server.data, 'tongke.db')]);
    await use.server.up();
    const again = await Visitor.of('later', '--name', '张科长', '--duty', 'district_office');
    const retention = async (...flags: string[]): Promise<{ deleted: object[]; held: object[] }> => (await use.server.tongke('retention', ...flags)) as never;
    await retention('hold', drawn?.id ?? '', '--by', '王', '--reason', '投诉');
    expect(await retention('run')).toMatchObject({ deleted: [], held: [{ lesson: drawn?.id, kind: 'spot_check' }] });
    expect((await again.get(path)).status).toBe(200);
    await retention('release', drawn?.id ?? '', '--by', '王');
    const line = { kind: 'spot_check', lesson: drawn?.id, items: 2 + shown.length, hash: expect.stringMatching(/^[0-9a-f]{64}$/) };
    expect((await retention('run', '--dry-run')).deleted).toMatchObject([line]);
    expect(await use.server.tongke('retention', 'report')).toMatchObject({ overdue: [{ lesson: drawn?.id, kind: 'spot_check' }] });
    expect((await retention('run')).deleted).toMatchObject([line]);
    for (const gone of [path, `${path}/stills/1`]) expect((await again.get(gone)).status).toBe(404);
    expect((await again.get('/api/v1/inspection/checks')).body.items).toEqual([]);
    expect(await use.server.tongke('retention', 'report')).toMatchObject({ unbroken: true, overdue: [], totals: { spot_check: { lines: 1 } } });
    expect((await ask('GET', `/api/v1/inspection/draws/${before.draw}`)).body).toEqual(record); // the draw stays
  });
});
