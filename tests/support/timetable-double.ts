import type { ServerResponse } from 'node:http';

/** The stand-in's timetable: a week as it holds and as it is drafted, and what the rules say. */
export interface TimetableDouble {
  /** By day of the week, 1 is Monday. */
  published: EntryScript[];
  drafts: EntryScript[];
  findings: { severity: string; code: string; rows: number[]; params: object; week: string | null }[];
  rows: Record<string, object>;
  /** What a row would break at a time: by "row day start". */
  readonly broken: Record<string, { severity: string; code: string; rows: number[]; params: object; week: null }[]>;
  /** Rows of the district's. */
  readonly foreign: number[];
  /** Where rows were moved to. */
  readonly moved: Record<string, { day: number; start: string }>;
  read(response: ServerResponse, path: string, query: URLSearchParams): void;
  change(response: ServerResponse, method: string, path: string, query: URLSearchParams, body: string, match?: string): void;
}

export interface EntryScript {
  readonly day: number;
  readonly start: string;
  readonly end: string;
  readonly subject: string;
  readonly kind?: string;
  readonly delivery?: string;
  readonly lead?: string;
  readonly goal?: string;
}

const kDayMs = 86_400_000;
const kMonday = '2026-11-23';

const send = (response: ServerResponse, status: number, value: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));
};
const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
const clock = (of: number): string => `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`;
const isoDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The Monday of a date's week. */
function mondayOf(date: string): string {
  const at = Date.parse(`${date}T00:00:00Z`);
  return isoDay(at - ((new Date(at).getUTCDay() + 6) % 7) * kDayMs);
}

export function createTimetableDouble(): TimetableDouble {
  let before: EntryScript[] | null = null;
  const entries = (monday: string, scripts: readonly EntryScript[]): object[] =>
    scripts.map(({ day, start, end, subject, kind = 'lesson', delivery = 'live', lead = '', goal = '' }, id) => ({
      id, date: isoDay(Date.parse(`${monday}T00:00:00Z`) + (day - 1) * kDayMs), period: 1, start, end, kind, delivery, subject, lead, goal, advice: '',
    }));
  const drafted = (): EntryScript[] =>
    [...double.published, ...double.drafts].map((one, id) => {
      const to = double.moved[id];
      return to === undefined ? one : { ...one, ...to, end: clock(minutes(to.start) + minutes(one.end) - minutes(one.start)) };
    });
  const tagOf = (row: number): string => `"${JSON.stringify(double.moved[row] ?? row).replace(/"/g, '')}"`;
  /** …/rows/{row} and …/rows/{row}/moves. */
  const ofRow = (response: ServerResponse, row: number, tries: boolean, strict: boolean, body: string, match: string): void => {
    if (double.foreign.includes(row) || drafted()[row] === undefined) return send(response, 404, { error: { code: 'not_found', message: 'no such row' } });
    const sheet = { stage: null, grade: null, school: null, class: 1, week: null };
    const brokenAt = ({ day, start }: { day: number; start: string }) => double.broken[`${row} ${day} ${start}`] ?? [];
    const isFine = (found: readonly { severity: string }[]): boolean => !found.some(({ severity }) => severity === 'error');
    if (tries) {
      const { moves } = JSON.parse(body) as { moves: { day: number; start: string }[] };
      return send(response, 200, { row: {}, sheet, etag: tagOf(row), rows: double.rows, moves: moves.map((one) => ({ day: one.day, start: one.start, ok: isFine(brokenAt(one)), findings: brokenAt(one) })) });
    }
    const { day, start } = JSON.parse(body) as { day: number; start: string };
    if (match !== '*' && match !== tagOf(row)) return send(response, 412, { error: { code: 'precondition_failed', message: 'changed meanwhile' } });
    const found = brokenAt({ day, start });
    if (strict && !isFine(found)) return send(response, 422, { error: { code: found[0]?.code, message: 'rules of the timetable are broken' }, saved: false, ok: false, findings: found, rows: double.rows, row: {}, sheet, etag: tagOf(row) });
    double.moved[row] = { day, start };
    return send(response, 200, { saved: true, ok: isFine(found), row: { id: row, day, start }, sheet, etag: tagOf(row), findings: found, rows: double.rows });
  };
  const double: TimetableDouble = {
    published: [
      { day: 1, start: '08:30', end: '08:50', subject: '语文', lead: '李老师', goal: '会认“燕子”里的八个生字' },
      { day: 1, start: '08:50', end: '09:10', subject: '', kind: 'eye', delivery: 'offline' },
      { day: 1, start: '09:10', end: '09:30', subject: '数学', lead: '王老师' },
      { day: 2, start: '08:30', end: '08:50', subject: '英语', lead: '周老师', delivery: 'recorded' },
      { day: 3, start: '08:30', end: '08:50', subject: '数学', lead: '王老师' },
      { day: 4, start: '08:30', end: '08:50', subject: '', kind: 'labour', delivery: 'offline', goal: '整理自己的书桌' },
      { day: 5, start: '08:30', end: '08:50', subject: '语文', lead: '李老师' },
    ],
    drafts: [],
    findings: [],
    rows: {},
    broken: {},
    foreign: [],
    moved: {},
    read(response, path, query) {
      const monday = mondayOf(query.get('week') ?? kMonday);
      if (path.startsWith('/api/v1/timetable/classes/')) {
        const scripts = query.get('drafts') === '1' ? drafted() : double.published;
        const load = [1, 2, 3, 4, 5, 6, 7].map((day) => ({ live_min: 20 * scripts.filter((one) => one.day === day && (one.delivery ?? 'live') === 'live').length, tasks_min: 0, longest_run_min: 20 }));
        return send(response, 200, { week: monday, classes: [{ id: 'c1', title: '三年级1班', entries: entries(monday, scripts), load }] });
      }
      if (path === '/api/v1/timetable/findings') {
        return send(response, 200, { ok: !double.findings.some(({ severity }) => severity === 'error'), findings: double.findings, rows: double.rows });
      }
      return send(response, 404, { error: { code: 'not_found', message: 'nothing here for you' } });
    },
    change(response, method, path, query, body, match = '*') {
      const row = /^\/api\/v1\/timetable\/rows\/(\d+)(\/moves)?$/.exec(path);
      if (row !== null && (method === 'PATCH' || row[2] !== undefined)) return ofRow(response, Number(row[1]), row[2] !== undefined, query.get('strict') === '1', body, match);
      if (path === '/api/v1/timetable/publish') {
        const broken = double.findings.find(({ severity }) => severity === 'error');
        const answer = { published: broken === undefined, sheets: double.drafts.length, ok: broken === undefined, findings: double.findings, rows: double.rows };
        if (broken !== undefined) return send(response, 422, { ...answer, error: { code: broken.code, message: 'rules of the timetable are broken' } });
        before = double.published;
        double.published = [...double.published, ...double.drafts];
        double.drafts = [];
        return send(response, 200, answer);
      }
      if (path === '/api/v1/timetable/undo') {
        if (before === null) return send(response, 409, { error: { code: 'conflict', message: 'there is nothing to take back' } });
        double.published = before;
        before = null;
        return send(response, 200, { taken_back: 1 });
      }
      if (path === '/api/v1/timetable/import') {
        const problems = /没有的老师/.test(body) ? [{ line: 2, cell: 0, column: 'lead', reason: 'unknown' }] : [];
        const applied = query.get('dry_run') !== '1' && (problems.length === 0 || query.get('skip_bad') === '1');
        if (applied) double.drafts = [...double.drafts, { day: 2, start: '09:10', end: '09:30', subject: '科学', lead: '赵老师' }];
        return send(response, 200, { applied, kind: 'timetable', rows: 3, created: 1, updated: 0, unchanged: 2, removed: 0, problems, ignored: [] });
      }
      return send(response, 404, { error: { code: 'not_found', message: 'nothing here for you' } });
    },
  };
  return double;
}
