import { execFileSync } from 'node:child_process';

import { afterEach, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { Description } from '../support/openapi';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// A school's office against the real server: signs in, imports, sees what it may, hands out links and takes them back.

const use = useServer();

interface Named {
  readonly id: string;
  readonly name: string;
}
/** What answers may hold; a test looks at what the one it asked for has. */
interface Body {
  readonly error: { readonly code: string; readonly field?: string };
  readonly items: readonly Named[];
  readonly next: string | null;
  readonly link: string;
  readonly csrf: string;
  readonly token: string;
  readonly id: string;
  readonly may: readonly string[];
  readonly state: string;
  readonly publish_key: string | null;
  readonly people: readonly { readonly lessons: readonly { readonly id: string; readonly link: string }[] }[];
}
interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** Every answer here is held against it. */
const description = new Description();

/** A browser of somebody who signed in: its cookie, and the token that every change carries. */
class Visitor {
  constructor(
    readonly headers: Readonly<Record<string, string>>,
    readonly session: Body | null = null,
  ) {}

  static async signIn(login: string, password: string): Promise<Visitor> {
    const answer = await ask('POST', '/api/v1/session', {}, { login, password });
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^tongke-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    return new Visitor({ Cookie: cookie.split(';')[0] ?? '', 'X-CSRF-Token': answer.body.csrf }, answer.body);
  }
  static bearing(token: string): Visitor {
    return new Visitor({ Authorization: `Bearer ${token}` });
  }
  /** A family's phone, which somebody who knew the digits has opened the link with. */
  static async withLink(link: string, digits: string): Promise<Visitor> {
    const proved = await ask('POST', `/api/v1/links/${link}/device`, {}, { digits });
    expect(proved.status, JSON.stringify(proved.body)).toBe(204);
    return new Visitor({ Authorization: `Bearer ${link}`, Cookie: (proved.headers.get('set-cookie') ?? '').split(';')[0] ?? '' });
  }
  get(path: string): Promise<Answer> {
    return ask('GET', path, this.headers);
  }
  send(method: string, path: string, body?: unknown, more: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return ask(method, path, { ...this.headers, ...more }, body);
  }
}

async function ask(method: string, path: string, headers: Readonly<Record<string, string>> = {}, body?: unknown): Promise<Answer> {
  const raw = body instanceof Uint8Array;
  const response = await fetch(use.server.origin + path, {
    method,
    redirect: 'manual',
    headers: { ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = text !== '' && (response.headers.get('content-type') ?? '').startsWith('application/json');
  const answer = json ? (JSON.parse(text) as unknown) : text;
  expect(description.faults(method, path, response.status, answer)).toEqual([]);
  return { status: response.status, headers: response.headers, body: answer as Body };
}

/** As a spreadsheet on a Chinese Windows saves it. */
const gbk = (text: string): Uint8Array => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GBK'], { input: text });

async function account(login: string, name: string, duty = '', school = ''): Promise<Visitor> {
  const args = ['account', 'create', login, '--name', name];
  if (duty !== '') args.push('--duty', duty);
  if (school !== '') args.push('--school', school);
  const { password } = (await use.server.tongke(...args)) as { password: string };
  passwords.set(login, password);
  return Visitor.signIn(login, password);
}
const passwords = new Map<string, string>();

const kRoster = gbk(
  ['第一小学', '第二小学']
    .flatMap((school) => [1, 2].flatMap((klass) => [1, 2].map((i) => `${school},三年级,${klass}班,20230${klass}${i},学生${klass}${i},1381234${klass}${i}00,宽带`)))
    .reduce((csv, line) => `${csv}${line}\r\n`, '学校,年级,班级,学号,姓名,家长电话,上网条件\r\n'),
);

/** Of the first pupil's guardian. */
const kDigits = '1100';

let district: Visitor;
let office: Visitor;
let elsewhere: Visitor;
let inspector: Visitor;
let schools: readonly Named[];

/** After a restart: sessions end with the server. */
async function everybodySignsIn(): Promise<void> {
  const again = (login: string): Promise<Visitor> => Visitor.signIn(login, passwords.get(login) ?? '');
  office = await again('first.office');
  district = await again('district');
  elsewhere = await again('second.office');
  inspector = await again('inspector');
}

async function items(visitor: Visitor, path: string): Promise<readonly Named[]> {
  const answer = await visitor.get(path);
  expect(answer.status, path).toBe(200);
  return answer.body.items;
}
const school = (name: string): string => schools.find((one) => one.name === name)?.id ?? '';
async function firstClass(): Promise<string> {
  return (await items(office, `/api/v1/schools/${school('第一小学')}/classes`))[0]?.id ?? '';
}

const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

beforeAll(async () => {
  district = await account('district', '教育科', 'district_office');
  const dry = await district.send('POST', '/api/v1/imports?new_schools=true&dry_run=true', kRoster);
  expect(dry.body).toMatchObject({ applied: false, rows: { pupils: { created: 8 } }, problems: [] });
  const imported = await district.send('POST', '/api/v1/imports?new_schools=true', kRoster);
  expect(imported.body).toMatchObject({ applied: true, rows: { schools: { created: 2 }, pupils: { created: 8 } } });
  office = await account('first.office', '张校长', 'school_office', '第一小学');
  elsewhere = await account('second.office', '赵校长', 'school_office', '第二小学');
  inspector = await account('inspector', '督学', 'inspector');
  schools = await items(district, '/api/v1/schools');
});

describe('signing in', () => {
  it('is needed, is by password, and says what one may', async () => {
    expect((await ask('GET', '/api/v1/schools')).status).toBe(401);
    expect((await ask('GET', '/api/v1/session')).status).toBe(401);
    expect((await ask('POST', '/api/v1/session', {}, { login: 'district', password: 'wrong-wrong' })).status).toBe(401);
    expect((await ask('POST', '/api/v1/session', { 'Content-Type': 'text/plain' }, { login: 'a', password: 'b' })).status).toBe(415);
    expect(office.session?.may).toContain('see_names');
    expect(inspector.session?.may).not.toContain('see_names');
    expect((await office.get('/api/v1/session')).body).toMatchObject({ login: 'first.office', school: { name: '第一小学' } });
  });

  it('by cookie takes no change without the CSRF token; by bearer it needs none', async () => {
    const { Cookie = '' } = office.headers;
    const refused = await ask('POST', '/api/v1/lessons', { Cookie }, { title: '偷来的' });
    expect([refused.status, refused.body.error.code]).toEqual([403, 'csrf']);
    const bearer = Visitor.bearing(office.session?.token ?? '');
    expect((await bearer.get('/api/v1/session')).status).toBe(200);
  });

  it('slows down who guesses, and says for how long', async () => {
    const guess = (): Promise<Answer> => ask('POST', '/api/v1/session', {}, { login: 'guessed', password: 'wrong-wrong' });
    let last = await guess();
    for (let i = 0; i < 12 && last.status !== 429; ++i) last = await guess();
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await Visitor.signIn('third', ((await use.server.tongke('account', 'create', 'third', '--name', '科员', '--duty', 'district_office')) as { password: string }).password)).session).not.toBeNull();
  });

  it('ends: by signing out, by another password, when the account is closed', async () => {
    const first = await account('short', '临时', 'technician');
    expect((await first.send('DELETE', '/api/v1/session')).status).toBe(204);
    expect((await first.get('/api/v1/session')).status).toBe(401);
    const { password } = (await use.server.tongke('account', 'password', 'short')) as { password: string };
    const second = await Visitor.signIn('short', password);
    const own = await second.send('PUT', '/api/v1/session/password', { old: password, new: 'something longer' });
    expect(own.status).toBe(201);
    expect((await second.get('/api/v1/session')).status).toBe(401);
    const third = await Visitor.signIn('short', 'something longer');
    await use.server.tongke('account', 'disable', 'short');
    expect((await third.get('/api/v1/session')).status).toBe(401);
    expect((await ask('POST', '/api/v1/session', {}, { login: 'short', password: 'something longer' })).status).toBe(401);
  });
});

describe('accounts', () => {
  it('are opened, closed and given passwords by their own office, and nobody gives hands beyond his own', async () => {
    const staff = gbk('工号,姓名,职务\r\nT9,钱老师,\r\n');
    expect((await office.send('POST', '/api/v1/imports', staff)).body).toMatchObject({ applied: true });
    const teacher = (await items(office, `/api/v1/schools/${school('第一小学')}/staff`)).find((one) => one.name === '钱老师');
    const open = (visitor: Visitor, login: string): Promise<Answer> => visitor.send('POST', '/api/v1/accounts', { staff: teacher?.id, login });
    expect((await open(elsewhere, 'qian')).status).toBe(404);
    expect((await open(office, 'Qian!')).status).toBe(400);
    const made = await open(office, 'qian');
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    expect((await open(office, 'qian')).status).toBe(409);
    const first = (made.body as unknown as { password: string }).password;
    const signedIn = await Visitor.signIn('qian', first);
    expect((await signedIn.get('/api/v1/accounts')).status).toBe(404);
    const logins = async (visitor: Visitor): Promise<readonly unknown[]> => (await items(visitor, '/api/v1/accounts')).map((one) => (one as unknown as { login: string }).login);
    expect(await logins(office)).toEqual(['first.office', 'qian']);
    expect(await logins(district)).toContain('second.office');

    const duties = (visitor: Visitor, list: readonly string[]): Promise<Answer> => visitor.send('PUT', `/api/v1/staff/${teacher?.id}/duties`, { duties: list });
    expect((await duties(elsewhere, ['school_office'])).status).toBe(404);
    expect((await duties(office, ['inspector'])).status).toBe(400);
    expect((await duties(office, ['school_office'])).body).toMatchObject({ duties: ['school_office'] });
    expect((await signedIn.get('/api/v1/accounts')).status).toBe(200);
    expect((await signedIn.send('PUT', `/api/v1/staff/${signedIn.session?.id}/duties`, { duties: [] })).status).toBe(409);
    // The district gives more, and then a school's office has nothing to say to it.
    expect((await duties(district, ['inspector'])).body).toMatchObject({ duties: ['inspector'] });
    expect((await office.send('POST', '/api/v1/accounts/qian/password')).status).toBe(404);
    expect((await duties(district, [])).status).toBe(200);

    const reset = await office.send('POST', '/api/v1/accounts/qian/password');
    expect((await signedIn.get('/api/v1/session')).status).toBe(401);
    const again = await Visitor.signIn('qian', (reset.body as unknown as { password: string }).password);
    expect((await office.send('PATCH', '/api/v1/accounts/qian', { disabled: true })).body).toMatchObject({ disabled: true });
    expect((await again.get('/api/v1/session')).status).toBe(401);
    expect((await office.send('PATCH', '/api/v1/accounts/first.office', { disabled: true })).status).toBe(409);
  });
});

describe('the roster', () => {
  it('is seen by its own school; others are told what strangers are', async () => {
    const klass = await firstClass();
    const path = `/api/v1/classes/${klass}/pupils`;
    expect((await items(office, path)).map((pupil) => pupil.name)).toEqual(['学生11', '学生12']);
    const unknown = await elsewhere.get('/api/v1/classes/0123456789abcdef/pupils');
    for (const visitor of [elsewhere, inspector]) {
      const answer = await visitor.get(path);
      expect([answer.status, answer.body]).toEqual([404, unknown.body]);
    }
    expect(await items(elsewhere, '/api/v1/schools')).toHaveLength(1);
    expect((await elsewhere.get(`/api/v1/schools/${school('第一小学')}/classes`)).status).toBe(404);
  });

  it('is seen by the district only for a reason that the school agrees with; every look is in the log', async () => {
    const klass = await firstClass();
    const path = `/api/v1/classes/${klass}/pupils`;
    const refused = await district.get(path);
    expect([refused.status, refused.body.error.code]).toEqual([403, 'approval_required']);
    const wish = await district.send('POST', '/api/v1/approvals', { act: 'see_names', class: klass, reason: '家访核实' });
    expect([wish.status, wish.body.state]).toEqual([201, 'asked']);
    const answer = (visitor: Visitor, how: string): Promise<Answer> => visitor.send('POST', `/api/v1/approvals/${wish.body.id}/${how}`);
    // Nobody agrees to his own wish, nor does another school.
    for (const visitor of [district, elsewhere]) expect((await answer(visitor, 'agree')).status).toBe(404);
    const looked = `${path}?approval=${wish.body.id}`;
    expect((await district.get(looked)).status).toBe(403);
    expect(await items(office, '/api/v1/approvals')).toMatchObject([{ reason: '家访核实', to_answer: true, asker: { name: '教育科' } }]);
    expect((await answer(office, 'agree')).body).toMatchObject({ state: 'agreed', approver: { name: '张校长' } });
    expect((await answer(office, 'refuse')).status).toBe(409);
    expect((await district.get(looked)).status).toBe(200);
    expect((await inspector.get(looked)).status).toBe(404);
    const log = (await office.get(`/api/v1/accesses?school=${school('第一小学')}`)).body.items as unknown as { reason: string | null }[];
    expect(log.find((entry) => entry.reason !== null)).toMatchObject({ reason: '家访核实', act: 'see_names', staff: { name: '教育科' }, approver: { name: '张校长' } });
    expect((await elsewhere.get(`/api/v1/accesses?school=${school('第一小学')}`)).status).toBe(404);
    // What was agreed holds for its day, whatever happens to the server.
    await use.server.kill();
    await use.server.up();
    await everybodySignsIn();
    expect((await district.get(looked)).status).toBe(200);
  });

  it('is paged, tagged, and corrected by who saw the newest', async () => {
    const path = `/api/v1/classes/${await firstClass()}/pupils`;
    const page = (await office.get(`${path}?limit=1`)).body;
    expect(page.items).toHaveLength(1);
    expect((await items(office, `${path}?limit=1&cursor=${page.next}`))[0]?.name).toBe('学生12');
    expect((await office.get(`${path}?limit=0`)).status).toBe(400);
    const pupil = `/api/v1/pupils/${page.items[0]?.id}`;
    const before = await office.get(pupil);
    const tag = before.headers.get('etag') ?? '';
    expect((await office.send('GET', pupil, undefined, { 'If-None-Match': tag })).status).toBe(304);
    expect((await office.send('PATCH', pupil, { name: '改名' })).status).toBe(428);
    const changed = await office.send('PATCH', pupil, { name: '学生十一', condition: 'tv_only' }, { 'If-Match': tag });
    expect(changed.body).toMatchObject({ name: '学生十一', condition: 'tv_only' });
    expect((await office.send('PATCH', pupil, { name: '又改' }, { 'If-Match': tag })).status).toBe(412);
    expect((await elsewhere.send('PATCH', pupil, { name: '别校' }, { 'If-Match': '*' })).status).toBe(404);
  });

  it('of a school is imported by its own office, which gives nobody hands beyond it', async () => {
    const own = gbk('年级,班级,学号,姓名\r\n三年级,2班,2023099,转学生\r\n');
    expect((await office.send('POST', '/api/v1/imports', own)).body).toMatchObject({ applied: true, rows: { pupils: { created: 1 } } });
    const others = gbk('学校,年级,班级,学号,姓名\r\n第二小学,三年级,2班,2023099,转学生\r\n');
    expect((await office.send('POST', '/api/v1/imports', others)).status).toBe(404);
    const staff = gbk('工号,姓名,职务\r\nT1,王老师,督学\r\n');
    const reaching = await office.send('POST', '/api/v1/imports', staff);
    expect([reaching.status, reaching.body.error.field]).toEqual([404, 'school']);
    expect((await inspector.send('POST', '/api/v1/imports', own)).status).toBe(404);
  });
});

describe('lessons and links', () => {
  interface SchoolLesson {
    readonly id: string;
    readonly publish_key: string;
  }
  async function lessonOf(klass: string, key: string): Promise<SchoolLesson> {
    const made = await office.send('POST', '/api/v1/lessons', { title: '分数', mode: 'class', rooms: [{ class: klass }] }, { 'Idempotency-Key': key });
    expect(made.status, JSON.stringify(made.body)).toBe(201);
    return made.body as unknown as SchoolLesson;
  }

  it('are made once however often they are sent, and seen by who has a room in them', async () => {
    const klass = await firstClass();
    const lesson = await lessonOf(klass, 'one');
    expect((await lessonOf(klass, 'one')).id).toBe(lesson.id);
    expect((await lessonOf(klass, 'two')).id).not.toBe(lesson.id);
    const path = `/api/v1/lessons/${lesson.id}`;
    expect((await office.get(path)).body).toMatchObject({ mode: 'class', rooms: [{ label: '三年级1班', expected: 2 }], publish_key: lesson.publish_key });
    expect((await inspector.get(path)).body.publish_key).toBeNull();
    expect((await elsewhere.get(path)).status).toBe(404);
    expect((await elsewhere.send('POST', `${path}/end`)).status).toBe(404);
    expect((await office.send('POST', '/api/v1/lessons', { title: '没有班级' })).status).toBe(404);
    expect((await office.send('POST', `${path}/end`)).body.state).toBe('ended');
    expect((await office.send('POST', `${path}/start`)).body.state).toBe('waiting');
  });

  it('say when they are to be and what they are for, to whoever has a link', async () => {
    const start = Date.now() + 600_000;
    const card = { goal: '认识分数', advice: '备好纸', evaluation: 'text', evaluation_text: '说给家长听' };
    const made = await office.send('POST', '/api/v1/lessons', { title: '分数', mode: 'class', rooms: [{ class: await firstClass() }], planned_start: start, planned_end: start + 1_200_000, card });
    expect(made.body).toMatchObject({ planned_start: start, planned_end: start + 1_200_000, card });
    const path = `/api/v1/lessons/${made.body.id}`;
    expect((await office.send('PATCH', path, { planned_start: start, planned_end: start - 1 })).status).toBe(400);
    expect((await office.send('PATCH', path, { card: { goal: '字'.repeat(201) } })).status).toBe(400);
    expect((await office.send('PATCH', path, { card: { goal: '比较分数' } })).body).toMatchObject({ planned_start: start, card: { ...card, goal: '比较分数' } });
    expect((await elsewhere.send('PATCH', path, { card: {} })).status).toBe(404);
    const link = await use.server.link(made.body.id);
    await use.server.kill();
    await use.server.up();
    expect((await ask('GET', `/api/v1/watch/${link.token}`)).body).toMatchObject({ lesson: { planned_start: start, card: { goal: '比较分数' } } });
    await everybodySignsIn();
  });

  it('are held by two persons who each signed in', async () => {
    const lesson = await lessonOf(await firstClass(), 'held');
    const path = `/api/v1/lessons/${lesson.id}/hold`;
    expect((await office.send('PUT', path, { reason: '投诉' })).body).toMatchObject({ asked_by: { name: '张校长' }, approved_by: null });
    expect((await office.send('PUT', path, { reason: '投诉' })).status).toBe(409);
    expect((await elsewhere.send('PUT', path, {})).status).toBe(404);
    await expect(use.server.tongke('retention', 'hold', lesson.id, '--by', '教育科')).rejects.toThrow(/sign in|登录/);
    expect((await district.send('PUT', path, {})).body).toMatchObject({ approved_by: { name: '教育科' } });
    expect(await items(office, '/api/v1/holds')).toMatchObject([{ lesson: lesson.id, reason: '投诉' }]);
    expect((await district.send('DELETE', path)).body).toMatchObject({ released: false, release_asked_by: { name: '教育科' } });
    expect((await district.send('DELETE', path)).status).toBe(409);
    expect((await office.send('DELETE', path)).body).toMatchObject({ released: true });
    expect((await office.send('DELETE', path)).status).toBe(404);
  });

  it('lead a pupil to the lesson, a family to its own data, and nobody any further', async () => {
    const klass = await firstClass();
    await lessonOf(klass, 'family');
    const [pupil] = await items(office, `/api/v1/classes/${klass}/pupils`);
    const made = await office.send('POST', '/api/v1/links', { pupil: pupil?.id });
    expect(made.status).toBe(201);
    const stranger = await ask('GET', `/api/v1/links/${made.body.link}`);
    expect([stranger.status, stranger.body.error.code]).toEqual([403, 'new_device']);
    const phone = await Visitor.withLink(made.body.link, kDigits);
    const own = await phone.get(`/api/v1/links/${made.body.link}`);
    expect(own.body).toMatchObject({ kind: 'pupil' });
    expect(own.body.people[0]?.lessons[0]).toMatchObject({ role: 'pupil', state: 'waiting' });
    const followed = await phone.get(`/l/${made.body.link}`);
    expect([followed.status, followed.headers.get('location')]).toEqual([303, expect.stringMatching(/^\/w\//)]);
    expect((await ask('GET', `/api/v1/watch/${made.body.link}`)).status).toBe(404);
    expect((await elsewhere.send('POST', '/api/v1/links', { pupil: pupil?.id })).status).toBe(404);
    const sheet = await office.get(`/api/v1/classes/${klass}/links?format=csv`);
    expect(sheet.body).toContain('/l/');
    const family = await Visitor.withLink((await office.send('POST', '/api/v1/links', { home_of: pupil?.id })).body.link, kDigits);
    expect((await family.get(`/api/v1/pupils/${pupil?.id}/export`)).body).toMatchObject({ id: pupil?.id });
    expect((await family.get(`/api/v1/accesses?pupil=${pupil?.id}`)).body.items.length).toBeGreaterThan(0);
    expect((await family.get(`/api/v1/classes/${klass}/pupils`)).status).toBe(404);
    const other = (await items(office, `/api/v1/classes/${klass}/pupils`))[1];
    expect((await family.get(`/api/v1/pupils/${other?.id}`)).status).toBe(404);
    expect((await family.send('DELETE', `/api/v1/pupils/${other?.id}`)).status).toBe(404);
  });

  it('let a family correct and delete what is kept of its child', async () => {
    const row = gbk(`年级,班级,学号,姓名,家长电话\r\n三年级,2班,2023098,林小,1380000${kDigits}\r\n`);
    expect((await office.send('POST', '/api/v1/imports', row)).body).toMatchObject({ applied: true, rows: { pupils: { created: 1 } } });
    const classes = await items(office, `/api/v1/schools/${school('第一小学')}/classes`);
    const klass = (classes as unknown as readonly { id: string; label: string }[]).find(({ label }) => label === '三年级2班')?.id;
    const child = (await items(office, `/api/v1/classes/${klass}/pupils`)).find(({ name }) => name === '林小');
    const { link } = (await office.send('POST', '/api/v1/links', { home_of: child?.id })).body;
    const family = await Visitor.withLink(link, kDigits);
    const path = `/api/v1/pupils/${child?.id}`;
    const tag = (await family.get(path)).headers.get('etag') ?? '';
    expect((await family.send('PATCH', path, { standing: 'left' }, { 'If-Match': tag })).status).toBe(400); // the office's to say
    expect((await family.send('PATCH', path, { name: '林晓', condition: 'mobile_only' }, { 'If-Match': tag })).body).toMatchObject({ name: '林晓', condition: 'mobile_only' });
    expect((await family.send('DELETE', path)).status).toBe(204);
    expect((await office.get(path)).status).toBe(404);
    expect((await items(office, `/api/v1/classes/${klass}/pupils`)).map(({ name }) => name)).not.toContain('林晓');
    expect((await family.get(path)).status).toBe(404);
  });

  it('ask a new phone for the end of a guardian’s number, five times', async () => {
    const second = (await items(office, `/api/v1/classes/${await firstClass()}/pupils`))[1];
    const { link } = (await office.send('POST', '/api/v1/links', { pupil: second?.id })).body;
    const page = await ask('GET', `/l/${link}`);
    expect([page.status, page.body]).toEqual([200, expect.stringContaining('家长电话后四位')]);
    const type = (digits: string): Promise<Answer> =>
      ask('POST', `/l/${link}`, { 'Content-Type': 'application/x-www-form-urlencoded' }, new TextEncoder().encode(`digits=${digits}`));
    expect((await type('1200')).status).toBe(303);
    for (let i = 0; i < 5; ++i) expect((await type('0000')).body).toContain('不对');
    expect((await type('1200')).body).toContain('试错太多次');
    const refused = await ask('POST', `/api/v1/links/${link}/device`, {}, { digits: '1200' });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '600']);
  });

  it('that are withdrawn open nothing within three seconds, on any way', async () => {
    const klass = await firstClass();
    const lesson = await lessonOf(klass, 'withdrawn');
    const [pupil] = await items(office, `/api/v1/classes/${klass}/pupils`);
    const { link } = (await office.send('POST', '/api/v1/links', { pupil: pupil?.id })).body;
    const phone = await Visitor.withLink(link, kDigits);
    const lessons = (await phone.get(`/api/v1/links/${link}`)).body.people[0]?.lessons ?? [];
    const token = lessons.find((one) => one.id === lesson.id)?.link ?? '';
    use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${lesson.id}?key=${lesson.publish_key}`));
    await use.server.becomes(token, 'live');
    const hls = `/hls/${token}/${lesson.id}/master.m3u8`;
    await waitFor(async () => (await ask('GET', hls)).status === 200, { what: 'media' });
    const whep = (): Promise<Answer> =>
      ask('POST', `/whep/${lesson.id}`, { Authorization: `Bearer ${token}`, 'Content-Type': 'application/sdp' }, new Uint8Array([0x76]));
    expect((await whep()).status).toBe(400); // let in, but that is no offer
    const socket = await SignalClient.enter(use.server, token);
    kept.push(socket);

    expect((await elsewhere.send('POST', '/api/v1/links/withdraw', { link: token })).status).toBe(404);
    expect((await office.send('POST', '/api/v1/links/withdraw', { link: token })).body).toEqual({ renewed: 1 });
    const since = Date.now();
    await waitFor(async () => (await ask('GET', hls)).status === 404, { what: 'HLS refuses' });
    expect((await whep()).status).toBe(404);
    expect(await socket.ends()).toBe(4404);
    expect(Date.now() - since).toBeLessThan(3000);
    expect((await ask('GET', `/api/v1/links/${link}`)).status).toBe(404);
    const again = await SignalClient.connect(use.server);
    kept.push(again);
    again.say({ t: 'hello', token });
    expect(await again.ends()).toBe(4404);

    // The others of the class never notice; a fresh link works; and all of it survives a restart.
    const fresh = (await office.send('POST', '/api/v1/links', { pupil: pupil?.id })).body.link;
    const renewed = await Visitor.withLink(fresh, kDigits);
    expect((await renewed.get(`/api/v1/links/${fresh}`)).status).toBe(200);
    await use.server.stop();
    await use.server.up();
    expect((await ask('GET', `/api/v1/links/${link}`)).status).toBe(404);
    expect((await renewed.get(`/api/v1/links/${fresh}`)).status).toBe(200);
    expect((await ask('GET', hls)).status).toBe(404);
  });
});

describe('a recording', () => {
  it('is opened by its own office only, with a link of one lesson, and the look is in the log', async () => {
    await everybodySignsIn();
    const made = await office.send('POST', '/api/v1/lessons', { title: '三年级语文', mode: 'class', rooms: [{ class: await firstClass() }] });
    const path = `/api/v1/lessons/${made.body.id}`;
    const opened = await office.send('POST', `${path}/office-link`);
    expect(opened.status, JSON.stringify(opened.body)).toBe(201);
    const { page, recording } = opened.body as unknown as { page: string; recording: string };
    const token = page.replace('/w/', '');
    expect((await ask('GET', `/api/v1/watch/${token}`)).status).toBe(200);
    expect((await ask('GET', recording)).status).toBe(404); // nothing is recorded yet
    expect((await ask('GET', `/api/v1/studio/${token}`)).status).toBe(404);
    expect((await elsewhere.send('POST', `${path}/office-link`)).status).toBe(404);
    expect((await office.send('POST', '/api/v1/lessons/nothing/office-link')).status).toBe(404);
    expect((await ask('POST', `${path}/office-link`)).status).toBe(401);
    const log = await items(office, `/api/v1/accesses?school=${school('第一小学')}&limit=10`);
    expect(JSON.stringify(log)).toContain('"watch"');
  });
});
