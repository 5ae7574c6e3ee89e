import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

/** The stand-in's spot checks: draws as the API makes them, and records that stay signed. */
export interface InspectDouble {
  /** On air, to draw from. */
  lessons: { id: string; title: string; school: { id: string; name: string }; stage: string; subject: string; lead: { id: string; name: string } | null }[];
  /** A link whose lesson is on the double's HLS. */
  link: string;
  /** What is published of a draw is another list than the one that was told. */
  cheats: boolean;
  readonly draws: Made[];
  readonly checks: Check[];
  read(response: ServerResponse, path: string): boolean;
  change(response: ServerResponse, path: string, body: string): boolean;
}

interface Made {
  readonly draw: string;
  readonly number: number;
  readonly secret: string;
  readonly words: string;
  readonly lessons: InspectDouble['lessons'];
  readonly on_air: InspectDouble['lessons'];
}
interface Check {
  id: string;
  draw: string;
  lesson: object;
  by: { id: string; name: string };
  opened_at: number;
  signed_at: number | null;
  record: object | null;
  intact: boolean;
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
const secretOf = (number: number): string => sha256(`secret ${number}`);
// A still of one pixel.
const kWebp = Buffer.from('UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAgA0JaQAA3AA/vuUAAA=', 'base64');

function drawn({ secret, words, on_air }: Pick<Made, 'secret' | 'words' | 'on_air'>, count: number): InspectDouble['lessons'] {
  let left = [...on_air];
  const out: InspectDouble['lessons'] = [];
  const order = (one: (typeof left)[number]): string => {
    const times = [out.filter(({ school }) => school.id === one.school.id), out.filter(({ stage }) => stage === one.stage), out.filter(({ subject }) => subject === one.subject)];
    return [...times.map((all) => String(all.length).padStart(3, '0')), sha256(`${secret}\n${words}\n${one.id}`)].join();
  };
  while (left.length > 0 && out.length < count) {
    const next = left.reduce((best, one) => (order(one) < order(best) ? one : best));
    out.push(next);
    left = left.filter((one) => one !== next);
  }
  return out;
}

export function createInspectDouble(): InspectDouble {
  const json = (response: ServerResponse, status: number, value: unknown): true => {
    response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(value));
    return true;
  };
  const missing = (response: ServerResponse): true => json(response, 404, { error: { code: 'not_found', message: 'nothing here for you' } });
  const committed = (number: number): object => ({ draw: `D${number}`, number, commitment: sha256(secretOf(number)), committed_at: Date.now() - 7_200_000 });
  const drawJson = (made: Made): object => ({ ...committed(made.number), drawn_at: Date.now(), by: { id: 'st1', name: '王主任' }, words: made.words, lessons: made.lessons });
  const recordJson = (made: Made): object => ({
    ...committed(made.number), format: 'tongke-draw-1', drawn_at: Date.now(), secret: made.secret, words: double.cheats ? `${made.words}!` : made.words, count: made.lessons.length,
    on_air: made.on_air.map(({ id, school, stage, subject }) => ({ lesson: id, school: school.id, stage, subject })), drawn: made.lessons.map(({ id }) => id),
  });
  const draw = (response: ServerResponse, body: string): true => {
    const { draw: id, words, count } = JSON.parse(body) as { draw: string; words: string; count: number };
    const number = double.draws.length + 1;
    if (id !== `D${number}`) return json(response, 409, { error: { code: 'conflict', message: 'made already', field: 'draw' } });
    const base = { draw: id, number, secret: secretOf(number), words, on_air: double.lessons };
    const made: Made = { ...base, lessons: drawn(base, count) };
    double.draws.unshift(made);
    return json(response, 201, drawJson(made));
  };
  const begin = (response: ServerResponse, body: string): true => {
    const { draw: id, lesson } = JSON.parse(body) as { draw: string; lesson: string };
    const of = double.draws.find((made) => made.draw === id)?.lessons.find((one) => one.id === lesson);
    if (of === undefined) return missing(response);
    let check = double.checks.find((one) => one.draw === id && one.lesson === of && one.signed_at === null);
    if (check === undefined) {
      check = { id: `C${double.checks.length + 1}`, draw: id, lesson: of, by: { id: 'st1', name: '王主任' }, opened_at: Date.now(), signed_at: null, record: null, intact: false };
      double.checks.unshift(check);
    }
    return json(response, 201, { ...check, link: double.link });
  };
  const sign = (response: ServerResponse, id: string, body: string): true => {
    const check = double.checks.find((one) => one.id === id);
    if (check === undefined || check.signed_at !== null) return missing(response);
    const { marks, remark } = JSON.parse(body) as { marks: object; remark: string };
    check.signed_at = Date.now();
    check.intact = true;
    check.record = { form: 'basic-1', marks, remark, counts: { rooms: 2, watched: 1, expected: 84, absent: 3 }, stills: [{ at: Date.now(), bytes: 1, sha256: 'x' }] };
    return json(response, 200, check);
  };
  const double: InspectDouble = {
    lessons: [],
    link: '',
    cheats: false,
    draws: [],
    checks: [],
    read(response, path) {
      if (path === '/api/v1/inspection/commitment') return json(response, 200, committed(double.draws.length + 1));
      if (path === '/api/v1/inspection/on-air') {
        const stages = [...new Set(double.lessons.map(({ stage }) => stage))];
        return json(response, 200, {
          lessons: double.lessons.length, schools: new Set(double.lessons.map(({ school }) => school.id)).size,
          stages: stages.map((stage) => ({ stage, lessons: double.lessons.filter((one) => one.stage === stage).length })),
        });
      }
      if (path === '/api/v1/inspection/draws') return json(response, 200, { items: double.draws.map(drawJson) });
      if (path === '/api/v1/inspection/checks') return json(response, 200, { items: double.checks, next: null });
      const made = double.draws.find((one) => path === `/api/v1/inspection/draws/${one.draw}`);
      if (made !== undefined) return json(response, 200, recordJson(made));
      const check = double.checks.find((one) => path.startsWith(`/api/v1/inspection/checks/${one.id}`));
      if (check === undefined) return missing(response);
      if (!path.includes('/stills/')) return json(response, 200, check);
      response.writeHead(200, { 'content-type': 'image/webp' }).end(kWebp);
      return true;
    },
    change(response, path, body) {
      if (path === '/api/v1/inspection/draws') return draw(response, body);
      if (path === '/api/v1/inspection/checks') return begin(response, body);
      const id = /^\/api\/v1\/inspection\/checks\/(\w+)\/sign$/.exec(path)?.[1];
      return id === undefined ? missing(response) : sign(response, id, body);
    },
  };
  return double;
}
