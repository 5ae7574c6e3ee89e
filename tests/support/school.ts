import type { Server } from './server';

/** A school in the real server, as its office made it: for tests of what happens in lessons. */

export interface Named {
  readonly id: string;
  readonly name: string;
  readonly label: string;
}
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Record<string, unknown>;
}

/** Somebody who asks the API: signed in, by a link, or ("") as a stranger. */
export class Visitor {
  constructor(
    readonly server: Server,
    readonly token: string,
  ) {}
  async ask(method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const raw = typeof body === 'string'; // a file
    const response = await fetch(this.server.origin + path, {
      method,
      headers: {
        ...(this.token !== '' && { Authorization: `Bearer ${this.token}` }),
        ...(body !== undefined && !raw && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: raw ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = text !== '' && (response.headers.get('content-type') ?? '').startsWith('application/json');
    return { status: response.status, headers: response.headers, text, body: json ? (JSON.parse(text) as Record<string, unknown>) : {} };
  }
  get(path: string): Promise<Answer> {
    return this.ask('GET', path);
  }
  /** The same, when it must be answered with what is wanted. */
  async must(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    const answer = await this.ask(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.text}`);
    return answer.body;
  }
  async items(path: string): Promise<readonly Named[]> {
    return (await this.must('GET', path))['items'] as readonly Named[];
  }
}

export const byName = (all: readonly Named[], name: string): Named => {
  const found = all.find((one) => one.name === name || one.label === name);
  if (found === undefined) throw new Error(`no ${name} in ${JSON.stringify(all)}`);
  return found;
};

export interface TaughtLesson {
  readonly id: string;
  readonly rtmp: string;
}
/** Who a link is made for. */
export type Subject = { readonly pupil: string } | { readonly staff: string } | { readonly home_of: string };

export class School {
  /** Of those opened, to tell their accounts apart. */
  static #count = 0;

  private constructor(
    readonly server: Server,
    readonly district: Visitor,
    readonly office: Visitor,
    readonly classes: readonly Named[],
    readonly staff: readonly Named[],
  ) {}

  /** Imports the lists (all of one school, whose name they say) and signs its office in. */
  static async open(server: Server, name: string, lists: readonly string[]): Promise<School> {
    const district = await School.signIn(server, `district${(School.#count += 1)}`, '--name', '教育科', '--duty', 'district_office');
    for (const list of lists) {
      const done = await district.must('POST', '/api/v1/imports?new_schools=true', list);
      if (done['applied'] !== true) throw new Error(JSON.stringify(done));
    }
    const office = await School.signIn(server, `office${School.#count}`, '--name', '张校长', '--duty', 'school_office', '--school', name);
    const { id } = byName(await office.items('/api/v1/schools'), name);
    return new School(server, district, office, await office.items(`/api/v1/schools/${id}/classes`), await office.items(`/api/v1/schools/${id}/staff`));
  }
  static async signIn(server: Server, login: string, ...args: readonly string[]): Promise<Visitor> {
    const { password } = (await server.tongke('account', 'create', login, ...args)) as { password: string };
    const session = await new Visitor(server, '').must('POST', '/api/v1/session', { login, password });
    return new Visitor(server, String(session['token']));
  }

  /** An account for somebody on the staff list. */
  teacher(login: string, name: string, school: string): Promise<Visitor> {
    return School.signIn(this.server, login, '--name', name, '--school', school);
  }
  klass(label: string): Named {
    return byName(this.classes, label);
  }
  pupils(label: string): Promise<readonly Named[]> {
    return this.office.items(`/api/v1/classes/${this.klass(label).id}/pupils`);
  }
  async pupil(label: string, name: string): Promise<Named> {
    return byName(await this.pupils(label), name);
  }
  member(name: string): Named {
    return byName(this.staff, name);
  }
  async teach(lesson: object): Promise<TaughtLesson> {
    const made = await this.district.must('POST', '/api/v1/lessons', lesson);
    const id = String(made['id']);
    return { id, rtmp: `rtmp://127.0.0.1:${this.server.ports.rtmp}/live/${id}?key=${String(made['publish_key'])}` };
  }
  /** A person's own link. */
  async link(subject: Subject): Promise<string> {
    return String((await this.office.must('POST', '/api/v1/links', subject))['link']);
  }
  /** A person's token for a lesson, as the own link's page gets it. */
  async token(lesson: string, subject: Subject): Promise<string> {
    const own = await new Visitor(this.server, '').must('GET', `/api/v1/links/${await this.link(subject)}`);
    const people = own['people'] as readonly { readonly lessons: readonly { readonly id: string; readonly link: string }[] }[];
    const token = people.flatMap(({ lessons }) => lessons).find(({ id }) => id === lesson)?.link;
    if (token === undefined) throw new Error(JSON.stringify(own));
    return token;
  }
  hls(lesson: string, token: string): string {
    return `${this.server.origin}/hls/${token}/${lesson}/master.m3u8`;
  }
  /** One class of a lesson as its states stand now, by its office. */
  async counts(lesson: string, label: string): Promise<Record<string, number>> {
    const { classes } = (await this.office.must('GET', `/api/v1/lessons/${lesson}/absent`)) as { classes: readonly (Record<string, number> & { class: Named })[] };
    const found = classes.find((one) => one.class.id === this.klass(label).id);
    if (found === undefined) throw new Error(JSON.stringify(classes));
    return found;
  }
}
