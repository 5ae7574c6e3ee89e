import type { IncomingMessage, ServerResponse } from 'node:http';

/** The stand-in's homes: what a family's own link is answered, and the tickets that come of it. */
export interface FamilyDouble {
  readonly link: string;
  children: { id: string; name: string; grade: number; number: number; condition?: string }[];
  /** Who looked at a child's data, the newest first. */
  readonly accesses: { at: number; act: string; staff: { id: string; name: string } | null; guardian: boolean }[];
  /** The device has to know these first; null: it does. */
  digits: string | null;
  /** By child: lessons of today with a page, as GET /links/{link} has them. */
  lessons: Record<string, { id: string; title: string; state: string; planned_start: number | null; page: string }[]>;
  /** By child. */
  weeks: Record<string, object[]>;
  terms: Record<string, { counts: object; lessons: object[] }>;
  said: Record<string, Said[]>;
  /** By child: that can be talked of. */
  over: Record<string, { id: string; title: string; ended_at: number }[]>;
  tickets: BoardTicket[];
  /** Whether the watch page is to ask how the lesson was. */
  after: boolean;
  /** What is asked next fails. */
  broken: boolean;
  readonly done: { method: string; path: string; body: string }[];
  handle(request: IncomingMessage, response: ServerResponse, path: string, query: URLSearchParams): boolean;
}

export interface Said {
  week: string;
  lesson: { id: string; title: string } | null;
  picture: string;
  sound: string;
  pace: string;
  text: string;
  said_at: number;
  ticket: Ticket | null;
}
interface Ticket {
  state: string;
  owner: string;
  since: number;
  next: { desk: string; at: number } | null;
  due_at: number;
  overdue: boolean;
  answer: string | null;
  answered_at: number | null;
}
export interface BoardTicket extends Said {
  id: string;
  ticket: Ticket;
  class: { id: string; label: string; grade: number; number: number };
  pupil: { id: string; name: string; number: string } | null;
  holder: { id: string; name: string } | null;
  answered_by: { id: string; name: string } | null;
  may_answer: boolean;
  desks: string[];
}

/** As the district's clock has it, eight hours before Greenwich's. */
const kZoneMs = 8 * 3_600_000;
const dateOf = (ms: number): string => new Date(ms + kZoneMs).toISOString().slice(0, 10);
export const kToday = dateOf(Date.now());
export const kMonday = ((): string => {
  const day = (new Date(Date.now() + kZoneMs).getUTCDay() + 6) % 7;
  return dateOf(Date.now() - day * 86_400_000);
})();

/** One line of a published timetable. @param day  1 Monday … 7 Sunday */
export function entry(day: number, start: string, minutes: number, subject: string, more: object = {}): object {
  const starts = Date.parse(`${kMonday}T${start}:00Z`) - kZoneMs + (day - 1) * 86_400_000;
  return {
    id: day * 100 + Number(start.slice(0, 2)), date: dateOf(starts), start, end: new Date(starts + kZoneMs + minutes * 60_000).toISOString().slice(11, 16), kind: 'lesson',
    delivery: 'live', subject, lead: '李老师', goal: '', advice: '', starts, ends: starts + minutes * 60_000, ...more,
  };
}

export function createFamilyDouble(): FamilyDouble {
  const json = (response: ServerResponse, status: number, value: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(value === null ? '' : JSON.stringify(value));
  };
  const problem = (response: ServerResponse, status: number, code: string): void => json(response, status, { error: { code, message: code } });
  const homeJson = (): object => ({
    kind: 'home',
    people: family.children.map(({ id, name, grade, number }) => ({
      id, name, school: { id: 'sc1', name: '第一小学' }, class: { id: `c${id}`, label: `${grade === 3 ? '三' : '九'}年级${number}班`, grade, number },
      lessons: (family.lessons[id] ?? []).map((lesson) => ({ ...lesson, started_at: null, planned_end: null, card: null, role: 'guardian', link: 'x' })),
    })),
  });
  const tagOf = (child: string): string => `"${JSON.stringify(family.children.find(({ id }) => id === child)).length}"`;
  const rowJson = (response: ServerResponse, child: string): void => {
    const { name, condition = 'wifi' } = family.children.find(({ id }) => id === child) ?? { name: '' };
    response.setHeader('etag', tagOf(child));
    return json(response, 200, { id: child, name, number: `2023${child}`, school: null, class: null, condition, standing: 'active' });
  };
  const ofChild = (response: ServerResponse, method: string, child: string, what: string, query: URLSearchParams, body: string, match: string): void => {
    if (!family.children.some(({ id }) => id === child)) return problem(response, 404, 'not_found');
    if (what === 'timetable') {
      const week = query.get('week') ?? kMonday;
      return json(response, 200, { week, today: kToday, now: Date.now(), entries: week === kMonday ? (family.weeks[child] ?? []) : [] });
    }
    if (what === 'attendance') return json(response, 200, family.terms[child] ?? { counts: { live: 0, tv: 0, late: 0, package: 0, excused: 0, unresolved: 0 }, lessons: [] });
    if (what === '' && method === 'GET') return rowJson(response, child);
    if (what === '' && method === 'PATCH') {
      if (match !== tagOf(child)) return problem(response, 412, 'precondition_failed');
      Object.assign(family.children.find(({ id }) => id === child) ?? {}, JSON.parse(body));
      family.accesses.unshift({ at: Date.now(), act: 'correct_pupil', staff: null, guardian: true });
      return rowJson(response, child);
    }
    if (what === '' && method === 'DELETE') {
      family.children = family.children.filter(({ id }) => id !== child);
      return json(response, 204, null);
    }
    const all = (family.said[child] ??= []);
    if (method === 'GET') return json(response, 200, { week: kMonday, said: all.some(({ week, lesson }) => week === kMonday && lesson === null), items: all, lessons: family.over[child] ?? [] });
    const said = JSON.parse(body) as Omit<Said, 'lesson'> & { lesson?: string };
    const lesson = (family.over[child] ?? []).find(({ id }) => id === said.lesson) ?? null;
    const wrong = said.picture === 'poor' || said.sound === 'poor';
    const owner = wrong ? 'technician' : said.pace === 'too_long' ? 'office' : 'homeroom';
    const ticket = wrong || said.pace !== 'fits' || (said.text ?? '') !== '' ? { state: 'open', owner, since: Date.now(), next: null, due_at: Date.now() + 86_400_000, overdue: false, answer: null, answered_at: null } : null;
    const kept = { ...said, lesson: lesson === null ? null : { id: lesson.id, title: lesson.title }, text: said.text ?? '', week: kMonday, said_at: Date.now(), ticket };
    all.unshift(kept);
    if (lesson !== null) family.over[child] = (family.over[child] ?? []).filter((one) => one !== lesson);
    return json(response, 201, kept);
  };
  const afterLesson = (response: ServerResponse, method: string, body: string): void => {
    if (method === 'GET') return json(response, 200, { open: family.after });
    family.after = false;
    const ticket = { state: 'open', owner: 'homeroom', since: Date.now(), next: null, due_at: Date.now() + 86_400_000, overdue: false, answer: null, answered_at: null };
    return json(response, 201, { text: '', ...(JSON.parse(body) as object), week: kMonday, lesson: { id: 'L1', title: '燕子' }, said_at: Date.now(), ticket });
  };
  const board = (response: ServerResponse, method: string, path: string, query: URLSearchParams, body: string): void => {
    if (method === 'GET') {
      const closed = query.get('state') === 'closed';
      const items = family.tickets.filter(({ ticket }) => (ticket.state === 'closed') === closed);
      return json(response, 200, { items, next: null, waiting: items.filter(({ ticket }) => ticket.state === 'open').length, overdue: items.filter(({ ticket }) => ticket.overdue).length });
    }
    const [, id, deed] = /^\/api\/v1\/tickets\/(\w+)\/(\w+)$/.exec(path) ?? [];
    const one = family.tickets.find((ticket) => ticket.id === id);
    if (one === undefined) return problem(response, 404, 'not_found');
    const { text, to } = JSON.parse(body) as { text?: string; to?: string };
    if (deed === 'answer') Object.assign(one.ticket, { state: 'answered', answer: text, answered_at: Date.now(), overdue: false });
    if (deed === 'answer') one.answered_by = { id: 'st1', name: '王主任' };
    if (deed === 'pass') Object.assign(one.ticket, { owner: to ?? '', since: Date.now() });
    if (deed === 'pass') one.holder = to === 'homeroom' ? { id: 'st2', name: '李老师' } : null;
    if (deed === 'close') one.ticket.state = 'closed';
    return json(response, 200, one);
  };
  const family: FamilyDouble = {
    link: 'OURHOME1',
    children: [{ id: 'k1', name: '李小明', grade: 3, number: 2 }],
    accesses: [{ at: Date.now() - 3_600_000, act: 'see_names', staff: { id: 'st2', name: '李老师' }, guardian: false }],
    digits: null,
    lessons: {},
    weeks: {},
    terms: {},
    said: {},
    over: {},
    tickets: [],
    after: false,
    broken: false,
    done: [],
    handle(request, response, path, query) {
      const method = request.method ?? 'GET';
      const child = /^\/api\/v1\/pupils\/(\w+)(?:\/(timetable|attendance|feedback))?$/.exec(path);
      const own = path.startsWith(`/api/v1/links/${family.link}`);
      const taken = /^\/api\/v1\/links\/\w+\/pupils\/(\w+)\/export$/.exec(path)?.[1];
      const accesses = path === '/api/v1/accesses' && request.headers.authorization === `Bearer ${family.link}`;
      const tickets = path.startsWith('/api/v1/tickets');
      const after = /^\/api\/v1\/watch\/[\w-]+\/feedback$/.test(path);
      if ((child === null || request.headers.authorization === undefined) && !own && !tickets && !accesses && !after) return false;
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        if (method !== 'GET') family.done.push({ method, path, body });
        if (family.broken) return problem(response, 503, 'overload');
        if (after) return afterLesson(response, method, body);
        if (tickets) return board(response, method, path, query, body);
        if (own && method === 'POST') {
          if ((JSON.parse(body) as { digits: string }).digits !== family.digits) return problem(response, 403, 'wrong_digits');
          family.digits = null;
          return json(response, 204, null);
        }
        if (family.digits !== null) return problem(response, 403, 'new_device');
        if (own && taken !== undefined) {
          response.setHeader('content-disposition', 'attachment; filename="pupil.json"');
          return json(response, 200, { id: taken, name: family.children.find(({ id }) => id === taken)?.name });
        }
        if (own && path.endsWith('/channels')) return json(response, 200, { link: 'TV1', playlist: 'https://school.example/channel/TV1/playlist.m3u', channels: [], expires_at: Date.now() });
        if (own) return json(response, 200, homeJson());
        if (accesses) return json(response, 200, { items: family.accesses, next: null });
        if (request.headers.authorization !== `Bearer ${family.link}`) return problem(response, 401, 'sign_in');
        return ofChild(response, method, child?.[1] ?? '', child?.[2] ?? '', query, body, request.headers['if-match'] ?? '');
      });
      return true;
    },
  };
  return family;
}
