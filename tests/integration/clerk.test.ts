import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { afterEach, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { Description } from '../support/openapi';
import { place } from '../support/place';
import { SignalClient } from '../support/signal';

// A school's day as its clerk makes it: lists out of a spreadsheet, a timetable with a mistake, links on
// paper, and a child who opens one. Each answer is held against docs/api/openapi.yaml.

const { zone, date } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\n[retention]\nofficer = "张主任"\nterm_end = "2099-01-01"\n` });
const description = new Description();
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

/** As a spreadsheet on a Chinese Windows saves it. */
const gbk = (lines: readonly string[]): Uint8Array => execFileSync('iconv', ['-f', 'UTF-8', '-t', 'GBK'], { input: lines.join('\r\n') });

const kPupils = gbk(['年级,班级,学号,姓名', '七年级,1班,701,李明', '七年级,1班,702,张芳', '七年级,2班,703,王磊']);
const kStaff = gbk(['工号,姓名,学科,任教班级', 'T1,王老师,数学,"7(1)、7(2)"']);
const lesson = (klass: string, period: number, time: string): string => `${klass},${date},${period},${time},数学,王老师,认识负数,备好纸笔,随堂检测`;
const kTimetable = gbk(['班级,日期,节次,时间,学科,主讲,教学目标,教学建议,评价方式', lesson('7(1)', 1, '10:00-10:20'), lesson('7(2)', 2, '18:30-18:50')]);

/** Findings that have this one among them. */
const broken = (code: string): unknown => expect.arrayContaining([expect.objectContaining({ code })]);

type Json = Readonly<Record<string, unknown>>;

/** A browser of somebody who signed in. */
class Clerk {
  #headers: Readonly<Record<string, string>> = {};
  readonly #login: string;
  constructor(login: string) {
    this.#login = login;
  }
  async signIn(...more: readonly string[]): Promise<this> {
    const { password } = (await use.server.tongke('account', 'create', this.#login, '--name', this.#login, ...more)) as { password: string };
    const { json, headers } = await this.ask('POST', '/api/v1/session', { login: this.#login, password }, 201);
    this.#headers = { cookie: (headers.get('set-cookie') ?? '').split(';')[0] ?? '', 'x-csrf-token': String(json['csrf']) };
    return this;
  }
  async ask(method: string, path: string, body?: unknown, status = 200): Promise<{ json: Json; text: string; headers: Headers }> {
    const raw = body instanceof Uint8Array;
    const response = await fetch(use.server.origin + path, {
      method,
      redirect: 'manual',
      headers: { ...(body !== undefined && !raw && { 'content-type': 'application/json' }), ...this.#headers },
      ...(body !== undefined && { body: raw ? new Uint8Array(body) : JSON.stringify(body) }),
    });
    const text = await response.text();
    expect(response.status, `${method} ${path}: ${text.slice(0, 500)}`).toBe(status);
    const isJson = text !== '' && (response.headers.get('content-type') ?? '').startsWith('application/json');
    const json = (isJson ? JSON.parse(text) : {}) as Json;
    if (isJson) expect(description.faults(method, path, status, json)).toEqual([]);
    return { json, text, headers: response.headers };
  }
}

/** A workbook that a spreadsheet saved. */
const workbook = (name: string): Uint8Array => readFileSync(fileURLToPath(new URL(`../fixtures/rosters/${name}.xlsx`, import.meta.url)));

describe('a clerk', () => {
  it('takes lists as they are, in workbooks', async () => {
    const clerk = await new Clerk('office').signIn('--duty', 'district_office');
    const path = '/api/v1/imports?new_schools=true&school=' + encodeURIComponent('第九中学');
    const list = await clerk.ask('POST', path, workbook('libreoffice-pupils'));
    expect(list.json).toMatchObject({ applied: true, problems: [], rows: { pupils: { created: 3 } } });
    const names = '工号,姓名,学科,任教班级\n1,王老师,数学,"7(1)、7(2)"\n';
    await clerk.ask('POST', path, new TextEncoder().encode(names));
    const timetable = '/api/v1/timetable/import?dry_run=1&school=' + encodeURIComponent('第九中学');
    // One row is good; a moment is no date, and the rest is odd cells.
    const taken = (await clerk.ask('POST', timetable, workbook('openpyxl-timetable'))).json;
    expect(taken).toMatchObject({ rows: 1, created: 1 });
    expect(new Set((taken['problems'] as { line: number }[]).map(({ line }) => line))).toEqual(new Set([3, 5]));
    const broken = workbook('libreoffice-pupils').slice(0, 3000);
    expect((await clerk.ask('POST', path, broken, 400)).json).toMatchObject({ error: { code: 'invalid' } });
  });

  it('takes a school from its lists to a child in the right room of its lesson', async () => {
    const district = await new Clerk('district').signIn('--duty', 'district_office');
    await district.ask('POST', '/api/v1/imports?new_schools=true&school=' + encodeURIComponent('第七中学'), kPupils);
    const clerk = await new Clerk('clerk').signIn('--duty', 'school_office', '--school', '第七中学');
    const list = await clerk.ask('POST', '/api/v1/imports?dry_run=true', kStaff);
    expect(list.json).toMatchObject({ applied: false, problems: [], rows: { staff: { created: 1 } } });
    await clerk.ask('POST', '/api/v1/imports', kStaff);
    expect((await clerk.ask('POST', '/api/v1/timetable/import', kTimetable)).json).toMatchObject({ applied: true, created: 2, problems: [] });

    // The evening lesson is refused, and named.
    const refused = (await clerk.ask('POST', '/api/v1/timetable/publish', undefined, 422)).json;
    expect(refused).toMatchObject({ error: { code: 'evening' }, findings: broken('evening') });
    const [row] = (refused['findings'] as { code: string; rows: number[] }[]).find(({ code }) => code === 'evening')?.rows ?? [];
    expect((refused['rows'] as Json)[String(row)]).toMatchObject({ start: '18:30', subject: '数学' });

    // Dragged about: first it is asked what would be, then it is put there.
    const path = `/api/v1/timetable/rows/${row}`;
    const before = await clerk.ask('GET', path);
    expect(before.json).toMatchObject({ saved: false, ok: false, row: { start: '18:30' }, findings: broken('evening') });
    const clash = await clerk.ask('PATCH', `${path}?dry_run=1`, { start: '10:10' });
    expect(clash.json).toMatchObject({ saved: false, ok: false, row: { start: '10:10', end: '10:30' }, findings: broken('teacher_double') });
    expect((await clerk.ask('GET', path)).json).toMatchObject({ row: { start: '18:30' } });
    const moved = await clerk.ask('PATCH', path, { start: '11:00', period: 3 });
    expect(moved.json).toMatchObject({ saved: true, ok: true, row: { start: '11:00', end: '11:20' } });
    await clerk.ask('PATCH', path, { start: '25:00' }, 400);
    const tried = await clerk.ask('POST', `${path}/moves`, { moves: [{ day: 1, start: '11:00' }, { day: 1, start: '18:30' }] });
    expect(tried.json).toMatchObject({ row: { start: '11:00' }, moves: [{ day: 1, start: '11:00', ok: true, findings: [] }, { start: '18:30', ok: false, findings: broken('evening') }] });
    expect((await clerk.ask('PATCH', `${path}?strict=1`, { start: '18:30' }, 422)).json).toMatchObject({ saved: false, error: { code: 'evening' }, row: { start: '11:00' } });
    await clerk.ask('POST', `${path}/moves`, { moves: [] }, 400);
    await clerk.ask('POST', '/api/v1/timetable/rows/999999/moves', { moves: [{ day: 1, start: '11:00' }] }, 404);
    await clerk.ask('PUT', `${path}?dry_run=1`, { day: 1, period: 1, start: '08:00', end: '08:40', subject: '没有这科' }, 404);
    const added = await clerk.ask('POST', '/api/v1/timetable/rows', { sheet: before.json['sheet'], row: { day: 5, period: 4, start: '14:00', end: '14:20', kind: 'qa', subject: '数学' } }, 201);
    await clerk.ask('DELETE', `/api/v1/timetable/rows/${(added.json['row'] as { id: number }).id}`);
    await clerk.ask('GET', '/api/v1/timetable/rows/999999', undefined, 404);
    expect((await clerk.ask('POST', '/api/v1/timetable/publish')).json).toMatchObject({ ok: true, published: true });

    // On paper.
    const school = ((await clerk.ask('GET', '/api/v1/schools')).json['items'] as { id: string }[])[0]?.id;
    const classes = (await clerk.ask('GET', `/api/v1/schools/${school}/classes`)).json['items'] as { id: string; label: string }[];
    const first = classes.find(({ label }) => label.includes('1班'));
    const sheet = (await clerk.ask('GET', `/api/v1/classes/${first?.id}/links?format=html`)).text;
    expect(sheet).toContain('李明');
    expect(sheet).toContain('<svg');
    const links = [...sheet.matchAll(/\/l\/([\w-]+)/g)].map((match) => match[1]);
    expect(links.length).toBeGreaterThanOrEqual(2);
    const teachers = (await clerk.ask('GET', `/api/v1/schools/${school}/links?format=csv`)).text;
    expect(teachers).toMatch(/王老师,http[^\r]*\/l\//);

    // The lesson of today, on air, and a child's phone.
    expect((await district.ask('POST', '/api/v1/plans/activate', { date })).json).toMatchObject({ lessons: 2, failed: [] });
    const today = ((await clerk.ask('GET', '/api/v1/lessons')).json['items'] as { id: string; title: string; publish_key: string }[]).find(({ title }) => title.includes('1班'));
    use.keep(publish(`rtmp://127.0.0.1:${use.server.ports.rtmp}/live/${today?.id}?key=${today?.publish_key}`));
    const phone = new Clerk('nobody');
    const opened = (await phone.ask('GET', `/l/${links[0]}`, undefined, 303)).headers.get('location') ?? '';
    const token = opened.replace('/w/', '');
    await use.server.becomes(token, 'live');
    const watch = (await phone.ask('GET', `/api/v1/watch/${token}`)).json;
    expect(watch['lesson']).toMatchObject({ id: today?.id, state: 'live', card: { goal: '认识负数', advice: '备好纸笔', evaluation: 'quick_check' } });
    const { planned_start: start, planned_end: end } = watch['lesson'] as { planned_start: number; planned_end: number };
    expect(end - start).toBe(20 * 60_000);
    const client = await SignalClient.enter(use.server, token);
    kept.push(client);
    expect(client.frames('welcome')[0]).toMatchObject({ role: 'pupil', label: expect.stringMatching(/李明|张芳/), rooms: [{ label: first?.label }] });
  });
});
