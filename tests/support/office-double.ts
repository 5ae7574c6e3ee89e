import type { IncomingMessage, ServerResponse } from 'node:http';

import { createDutyDouble, type DutyDouble } from './duty-double';
import { createInspectDouble, type InspectDouble } from './inspect-double';
import { createOutputsDouble, type OutputsDouble } from './outputs-double';
import { createTimetableDouble, type TimetableDouble } from './timetable-double';

/** The stand-in's office: accounts, a school's classes and lessons, imports, as the API has them. */
export interface OfficeDouble {
  /** login -> password */
  readonly accounts: Record<string, string>;
  school: { id: string; name: string } | null;
  may: string[];
  classes: { id: string; label: string; grade: number; number: number; pupils: number | null; homeroom: { id: string; name: string } | null }[];
  pupils: { id: string; name: string; number: string; condition: string; standing: string; class?: string }[];
  /** Who looked at a child's data, the newest first. */
  readonly accesses: { at: number; act: string; staff: { id: string; name: string } | null; guardian: boolean }[];
  staff: { id: string; name: string }[];
  lessons: { id: string; title: string; state: string; started_at: number | null; lead: object | null; rooms: object[] }[];
  /** What an import answers, before `applied`. */
  report: { rows: object; changes: object[]; problems: object[]; notes: object[] };
  /** Of each class of each lesson: its pupils that were not seen. */
  missing: Record<string, MissingPupil[]>;
  /** Lessons kept beyond their term, with who asked and who agreed. */
  readonly holds: Record<string, { reason: string; asked_by: Person; approved_by: Person | null; release_asked_by: Person | null }>;
  /** How often addresses of screens were withdrawn. */
  screensWithdrawn: number;
  readonly duty: DutyDouble;
  readonly outputs: OutputsDouble;
  /** What /retention says: the rules, recordings that go, lines of what is gone. */
  readonly retention: { rules: object; recordings: object[]; deletions: object[] };
  /** Answer of /unwatched-rooms. */
  unwatched: object[];
  /** Days that were put online. */
  plans: object[];
  readonly timetable: TimetableDouble;
  readonly inspect: InspectDouble;
  readonly done: { method: string; path: string; query: string; body: string }[];
  /** Answers 429 to the next sign-in. */
  tired: boolean;
  /** Sessions end. */
  forget(): void;
  handle(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): boolean;
}

interface Person {
  id: string | null;
  name: string;
}

/** As GET /lessons/{id}/absent?class= has them. */
export interface MissingPupil {
  pupil: { id: string; number: string; name: string };
  state: string;
  absent: boolean;
  minutes: number;
  replay_minutes: number;
  declared: string | null;
  last_seen: number | null;
  last_device: { by: string; at: number } | null;
  overdue: boolean;
  contact: { by: string; way: string; at: number } | null;
}

/** A pupil that nobody saw. */
export const missingPupil = (id: string, name: string, more: Partial<MissingPupil> = {}): MissingPupil => ({
  pupil: { id, number: `202301${id}`, name }, state: 'unresolved', absent: true, minutes: 0, replay_minutes: 0, declared: null, last_seen: null, last_device: null, overdue: false, contact: null, ...more,
});

const kCookie = 'tongke_session=SESSION';
const kCsrf = 'CSRF';
/** Whose lessons the district's office sees. */
const kDistrictsSchool = { id: 'sc1', name: '第一小学' };

const kDayMs = 86_400_000;
const kRules = {
  officer: '张主任', term_end: '2027-01-15', graduation_until: '2027-06-30', time: '03:30', next_run_at: Date.parse('2026-11-27T03:30:00'),
  rules: [
    { kind: 'media', key: 'retention.media', keeps_ms: 30 * kDayMs },
    { kind: 'help', key: 'retention.help', keeps_ms: 30 * kDayMs },
    { kind: 'feedback', key: 'retention.help', keeps_ms: 30 * kDayMs },
    { kind: 'presence', key: 'retention.presence_after_term', keeps_ms: 30 * kDayMs },
    { kind: 'air', key: 'retention.presence_after_term', keeps_ms: 30 * kDayMs },
    { kind: 'answers', key: 'retention.term_end', keeps_ms: 0 },
    { kind: 'access', key: 'retention.access', keeps_ms: 180 * kDayMs },
    { kind: 'spot_check', key: 'retention.spot_checks', keeps_ms: 180 * kDayMs },
  ],
};

const tally = (created = 0, updated = 0, unchanged = 0): object => ({ created, updated, unchanged });

export function createOfficeDouble(): OfficeDouble {
  let session: string | null = null;
  const json = (response: ServerResponse, status: number, value: unknown, headers: Record<string, string> = {}): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(value === null ? '' : JSON.stringify(value));
  };
  const problem = (response: ServerResponse, status: number, code: string, message: string, headers: Record<string, string> = {}): void =>
    json(response, status, { error: { code, message } }, headers);
  const sessionJson = (login: string): object => ({ login, name: '王主任', id: 'st1', school: office.school, csrf: kCsrf, may: office.may });
  const page = (response: ServerResponse, items: readonly unknown[]): void => json(response, 200, { items, next: null });

  const signIn = (response: ServerResponse, body: string): void => {
    const { login = '', password } = JSON.parse(body) as { login?: string; password?: string };
    if (office.tired) {
      office.tired = false;
      return problem(response, 429, 'too_many_attempts', 'try again in 9 s', { 'retry-after': '9' });
    }
    if (office.accounts[login] !== password) return problem(response, 401, 'wrong_password', 'login or password is wrong');
    session = login;
    json(response, 201, { ...sessionJson(login), token: 'SESSION' }, { 'set-cookie': `${kCookie}; HttpOnly; SameSite=Strict; Path=/` });
  };
  const countsOf = (of: string, pupils: readonly MissingPupil[]): object => {
    const { id, label, grade, number, pupils: size } = office.classes.find((one) => one.id === of) ?? { id: of, label: of, grade: 3, number: 1, pupils: 40 };
    const some = (state: string): number => pupils.filter((one) => one.state === state).length;
    const expected = size ?? 40;
    return {
      class: { id, label, grade, number }, expected, absent: pupils.filter(({ absent }) => absent).length, live: expected - pupils.length,
      tv: some('tv'), late: some('late'), package: some('package'), excused: some('excused'), unresolved: some('unresolved'),
      minutes: 20 * (expected - pupils.length) + pupils.reduce((sum, { minutes }) => sum + minutes, 0), replay_minutes: pupils.reduce((sum, one) => sum + one.replay_minutes, 0),
    };
  };
  const readAbsent = (response: ServerResponse, lesson: string, of: string | null): void => {
    const known = office.lessons.find(({ id }) => id === lesson);
    const classes = (known?.rooms ?? []).map((room) => String((room as { class: string | null }).class));
    if (known === undefined) return problem(response, 404, 'not_found', 'nothing here for you');
    if (of === null) return json(response, 200, { lesson, title: known.title, started_at: known.started_at, seconds: 900, classes: classes.map((one) => countsOf(one, office.missing[one] ?? [])) });
    return json(response, 200, { ...countsOf(of, office.missing[of] ?? []), lesson, pupils: office.missing[of] ?? [] });
  };
  /** Of each lesson's classes; `by=school` puts them together. */
  const readAttendance = (response: ServerResponse, query: URLSearchParams): void => {
    if ((query.get('to') ?? '') < (query.get('from') ?? '')) return problem(response, 400, 'invalid', '1 to 31 days');
    const held = office.lessons.filter(({ started_at }) => started_at !== null);
    const lines = held.flatMap(({ id, title, started_at, rooms }) =>
      (rooms ?? []).map((room) => {
        const { class: of } = room as { class: string };
        return { ...countsOf(of, office.missing[of] ?? []), lesson: { id, title, started_at }, school: office.school ?? kDistrictsSchool, lessons: 1 } as Record<string, unknown>;
      }),
    );
    const sum = (name: string): number => lines.reduce((all, line) => all + Number(line[name]), 0);
    const whole = Object.fromEntries(['expected', 'absent', 'live', 'tv', 'late', 'package', 'excused', 'unresolved', 'minutes', 'replay_minutes'].map((name) => [name, sum(name)]));
    return json(response, 200, { items: query.get('by') === 'school' ? [{ ...whole, lesson: null, class: null, school: office.school ?? kDistrictsSchool, lessons: held.length }] : lines });
  };
  const noteContact = (response: ServerResponse, body: string): void => {
    const { pupil, by, way } = JSON.parse(body) as { pupil: string; by: string; way: string };
    const line = Object.values(office.missing).flat().find((one) => one.pupil.id === pupil);
    if (line === undefined) return problem(response, 404, 'not_found', 'nothing here for you');
    line.contact = { by, way, at: Date.now() };
    if (['tv', 'package', 'excused'].includes(way)) Object.assign(line, { state: way, declared: way, absent: false });
    return json(response, 200, line);
  };
  const me = { id: 'st1', name: '王主任' };
  const holdOf = (lesson: string): object => ({ lesson, title: office.lessons.find(({ id }) => id === lesson)?.title ?? null, asked_at: Date.now() - 86_400_000, approved_at: null, ...office.holds[lesson] });
  const changeHold = (response: ServerResponse, lesson: string, method: string, body: string): void => {
    const known = office.holds[lesson];
    if (method === 'PUT' && known === undefined) office.holds[lesson] = { reason: (JSON.parse(body) as { reason: string }).reason, asked_by: me, approved_by: null, release_asked_by: null };
    else if (method === 'PUT' && known !== undefined && known.asked_by.id !== me.id) Object.assign(known, { approved_by: me, approved_at: 2 });
    else if (method === 'DELETE' && known?.approved_by === null) {
      const gone = holdOf(lesson);
      delete office.holds[lesson];
      return json(response, 200, { ...gone, released: true });
    } else if (method === 'DELETE' && known !== undefined && known.release_asked_by === null) known.release_asked_by = me;
    else return problem(response, 409, 'conflict', 'a second person has to agree');
    return json(response, 200, holdOf(lesson));
  };
  const tagOf = (pupil: object): string => `"${JSON.stringify(pupil).length}"`;
  const pupilRow = (response: ServerResponse, pupil: OfficeDouble['pupils'][number]): void => {
    const of = office.classes.find(({ id }) => id === (pupil.class ?? 'c1'));
    return json(response, 200, { ...pupil, school: office.school, class: of === undefined ? null : { id: of.id, name: of.label } }, { etag: tagOf(pupil) });
  };
  const correct = (response: ServerResponse, pupil: OfficeDouble['pupils'][number], body: string, match: string): void => {
    if (match !== tagOf(pupil)) return problem(response, 412, 'precondition_failed', 'changed meanwhile');
    Object.assign(pupil, JSON.parse(body));
    office.accesses.unshift({ at: Date.now(), act: 'correct_pupil', staff: me, guardian: false });
    return pupilRow(response, pupil);
  };
  const read = (response: ServerResponse, path: string, query: URLSearchParams): void => {
    const absent = /^\/api\/v1\/lessons\/(\w+)\/absent$/.exec(path);
    if (absent !== null) return readAbsent(response, absent[1] ?? '', query.get('class'));
    if (path === '/api/v1/attendance') return readAttendance(response, query);
    if (path === '/api/v1/holds') return json(response, 200, { items: Object.keys(office.holds).map(holdOf) });
    if (/^\/api\/v1\/lessons\/\w+\/recording$/.test(path)) return json(response, 200, { lesson: 'L', started_at: 1, ended: true, duration: 1260, bytes: 84_000_000, gaps: [{ start: 60, duration: 4 }], losses: [], exports_under_way: {} });
    if (path.startsWith('/api/v1/inspection/')) return void office.inspect.read(response, path);
    if (path === '/api/v1/plans') return json(response, 200, { plans: office.plans });
    if (path === '/api/v1/unwatched-rooms') return json(response, 200, { items: office.unwatched });
    if (path.startsWith('/api/v1/timetable/')) return office.timetable.read(response, path, query);
    if (path === '/api/v1/retention') return json(response, 200, office.retention.rules);
    if (path === '/api/v1/retention/recordings') return page(response, office.retention.recordings);
    if (path === '/api/v1/retention/deletions') return page(response, office.retention.deletions);
    const sent = /^\/api\/v1\/lessons\/(\w+)\/outputs$/.exec(path)?.[1];
    if (sent !== undefined) return json(response, 200, office.outputs.list(sent));
    const monday = /^\/api\/v1\/schools\/sc1\/duty-roster\/([\d-]+)$/.exec(path)?.[1];
    if (monday !== undefined) return json(response, 200, office.duty.week(monday), { etag: office.duty.tag(monday) });
    if (path === '/api/v1/schools') return page(response, [{ id: 'sc1', name: '第一小学' }]);
    if (path === '/api/v1/schools/sc1/classes') return page(response, office.classes);
    if (path === '/api/v1/schools/sc1/staff') return page(response, office.staff);
    if (path === '/api/v1/lessons') return page(response, office.lessons);
    const pupil = office.pupils.find(({ id }) => path === `/api/v1/pupils/${id}`);
    if (pupil !== undefined) return pupilRow(response, pupil);
    if (path === '/api/v1/accesses') return page(response, office.accesses);
    if (/^\/api\/v1\/classes\/\w+\/pupils$/.test(path)) return page(response, office.pupils);
    return problem(response, 404, 'not_found', 'nothing here for you');
  };
  const makeLesson = (response: ServerResponse, body: string): void => {
    const plan = JSON.parse(body) as { title: string; mode: string; rooms: { class: string }[]; lead?: string };
    const rooms = plan.rooms.map(({ class: id }, at) => ({
      id: `room${at}`, label: office.classes.find((one) => one.id === id)?.label ?? '', school: office.school, class: id, group: null, teacher: null, expected: 40,
    }));
    const lead = office.staff.find(({ id }) => id === plan.lead) ?? null;
    const lesson = { id: `L${office.lessons.length + 2}`, title: plan.title, state: 'waiting', started_at: null, ended_at: null, created_at: Date.now(), mode: plan.mode, lead, rooms, publish_key: null };
    office.lessons = [lesson, ...office.lessons];
    json(response, 201, lesson);
  };
  const change = (response: ServerResponse, method: string, path: string, query: URLSearchParams, body: string, match?: string): void => {
    if (path === '/api/v1/imports') {
      if (!/,/.test(body)) return problem(response, 422, 'invalid', '没有找到表头');
      const applied = query.get('dry_run') !== 'true' && (office.report.problems.length === 0 || query.get('skip_bad') === 'true');
      return json(response, 200, { applied, ...office.report });
    }
    if (path.startsWith('/api/v1/inspection/')) return void office.inspect.change(response, path, body);
    if (path === '/api/v1/lessons') return makeLesson(response, body);
    const pupil = office.pupils.find(({ id }) => path === `/api/v1/pupils/${id}`);
    if (pupil !== undefined && method === 'PATCH') return correct(response, pupil, body, match ?? '');
    const monday = /^\/api\/v1\/schools\/sc1\/duty-roster\/([\d-]+)$/.exec(path)?.[1];
    if (monday !== undefined && method === 'PUT') {
      const week = office.duty.put(monday, match ?? '', body, office.staff);
      return week === null ? problem(response, 412, 'precondition_failed', 'changed meanwhile') : json(response, 200, week, { etag: office.duty.tag(monday) });
    }
    const sent = office.outputs.change(method, path, body);
    if (sent !== null) return json(response, sent.status, sent.body);
    const hold = /^\/api\/v1\/lessons\/(\w+)\/hold$/.exec(path);
    if (hold !== null) return changeHold(response, hold[1] ?? '', method, body);
    const link = /^\/api\/v1\/lessons\/(\w+)\/office-link$/.exec(path)?.[1];
    if (link !== undefined) {
      const at = `/api/v1/lessons/${link}/recording`;
      return json(response, 201, { page: '/w/XIAOMING', recording: `${at}?token=T`, mp4: `${at}.mp4?token=T`, m4a: `${at}.m4a?token=T`, expires_at: Date.now() });
    }
    if (/^\/api\/v1\/lessons\/\w+\/contacts$/.test(path)) return noteContact(response, body);
    if (path.startsWith('/api/v1/timetable/')) return office.timetable.change(response, method, path, query, body, match);
    const state = /^\/api\/v1\/lessons\/(\w+)\/(start|end)$/.exec(path);
    const lesson = office.lessons.find(({ id }) => id === state?.[1]);
    if (state !== null && lesson !== undefined) {
      lesson.state = state[2] === 'end' ? 'ended' : 'waiting';
      return json(response, 200, lesson);
    }
    if (path === '/api/v1/channels') {
      const { class: klass, grade } = JSON.parse(body) as { class?: string; grade?: number };
      const at = `https://school.example/channel/${'aB3_'.repeat(18)}${office.screensWithdrawn}`;
      const grades = [...new Set(office.classes.map((one) => one.grade))];
      const titles = klass !== undefined ? [office.classes.find(({ id }) => id === klass)?.label ?? ''] : (grade === undefined ? grades : [grade]).map((one) => `第一小学 ${one}年级`);
      const channels = titles.map((title, i) => ({ id: `ch${i}`, title, url: `${at}/${titles.length > 1 ? `${grades[i] ?? ''}/` : ''}live.m3u8` }));
      return json(response, 201, { link: at.replace(/.*\//, ''), playlist: `${at}/playlist.m3u`, channels, expires_at: Date.now() + kDayMs });
    }
    if (path === '/api/v1/links/withdraw') {
      office.screensWithdrawn += 1;
      return json(response, 204, null);
    }
    if (path === '/api/v1/links/renew') return json(response, 200, { renewed: 42 });
    if (method === 'PUT' && path === '/api/v1/session/password') {
      const { old = '', new: fresh = '' } = JSON.parse(body) as { old?: string; new?: string };
      if (office.accounts[session ?? ''] !== old) return problem(response, 401, 'wrong_password', 'the old password is wrong');
      if (fresh.length < 10) return problem(response, 422, 'invalid', 'at least 10 characters');
      office.accounts[session ?? ''] = fresh;
      return json(response, 201, sessionJson(session ?? ''));
    }
    return problem(response, 404, 'not_found', 'nothing here for you');
  };

  const office: OfficeDouble = {
    accounts: { wang: 'correct-horse' },
    school: { id: 'sc1', name: '第一小学' },
    may: ['see_school', 'see_counts', 'see_staff', 'see_names', 'see_lessons', 'manage_lessons', 'change_people', 'make_links', 'withdraw_links', 'watch', 'hold', 'see_absent', 'mark_contact', 'see_timetable', 'change_timetable', 'correct_pupil', 'see_access_log', 'see_on_duty', 'set_on_duty'],
    classes: [1, 2, 3].map((number) => ({ id: `c${number}`, label: `三年级${number}班`, grade: 3, number, pupils: 40 + number, homeroom: number === 3 ? null : { id: 'st2', name: '李老师' } })),
    pupils: ['李明', '张芳', '王小明'].map((name, at) => ({ id: `p${at}`, name, number: `2023010${at}`, condition: at === 2 ? 'tv_only' : 'wifi', standing: 'active' })),
    accesses: [{ at: Date.now() - 3_600_000, act: 'see_names', staff: { id: 'st2', name: '李老师' }, guardian: false }],
    staff: [{ id: 'st1', name: '王主任' }, { id: 'st2', name: '李老师' }],
    lessons: [],
    missing: {},
    holds: {},
    screensWithdrawn: 0,
    duty: createDutyDouble(),
    outputs: createOutputsDouble(),
    retention: { rules: kRules, recordings: [], deletions: [] },
    unwatched: [],
    plans: [],
    timetable: createTimetableDouble(),
    inspect: createInspectDouble(),
    report: {
      rows: { schools: tally(), pupils: tally(2, 1, 39), staff: tally(), groups: tally() },
      changes: [{ kind: 'pupils', created: true, school: '第一小学', what: '20230107', details: [] }, { kind: 'pupils', created: false, school: '第一小学', what: '20230102', details: ['班级: 三年级1班 → 三年级2班'] }],
      problems: [],
      notes: [],
    },
    done: [],
    tired: false,
    forget() {
      session = null;
    },
    handle(request, response, path, query) {
      const method = request.method ?? 'GET';
      if (!/^\/api\/v1\/(session|attendance|schools|classes|pupils|accesses|lessons|imports|links|channels|unwatched-rooms|timetable|holds|retention|plans|inspection)(\/|$)/.test(path) || /^\/api\/v1\/lessons\/L1\/recording/.test(path)) return false;
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        if (method !== 'GET') office.done.push({ method, path, query: query.toString(), body });
        if (method === 'POST' && path === '/api/v1/session') return signIn(response, body);
        if (session === null || !(request.headers.cookie ?? '').includes(kCookie)) return problem(response, 401, 'unauthorized', 'sign in first');
        if (method === 'GET') return path === '/api/v1/session' ? json(response, 200, sessionJson(session)) : read(response, path, query);
        if (request.headers['x-csrf-token'] !== kCsrf) return problem(response, 403, 'csrf', 'X-CSRF-Token must be the session’s');
        if (method === 'DELETE' && path === '/api/v1/session') {
          session = null;
          return json(response, 204, null);
        }
        change(response, method, path, query, body, request.headers['if-match']);
      });
      return true;
    },
  };
  return office;
}
