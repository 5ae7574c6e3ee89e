import { afterAll, afterEach, beforeAll } from 'vitest';

import type { Running } from './process';
import { type Lesson, type Link, Server, type ServerOptions } from './server';
import { waitFor } from './wait';

/** A lesson with somebody's link to it. */
export interface Class {
  readonly lesson: Lesson;
  readonly link: Link;
}

export interface Fixture {
  readonly server: Server;
  newClass(title?: string, role?: string): Promise<Class>;
  /** Ends every lesson so far and waits for its child: a lesson whose teacher has gone shows its slate for a while. */
  endClasses(): Promise<void>;
  /** Stopped after the test, however it ends. */
  keep<T extends Running>(running: T): T;
}

/** One server for the tests of a file. */
export function useServer(options: ServerOptions | (() => ServerOptions) = {}): Fixture {
  let server: Server | null = null;
  const running: Running[] = [];
  const lessons: string[] = [];
  beforeAll(async () => {
    server = await Server.start(typeof options === 'function' ? options() : options);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((one) => one.stop()));
  });
  afterAll(async () => {
    await server?.close();
  });
  const get = (): Server => {
    if (server === null) throw new Error('the server is not up');
    return server;
  };
  return {
    get server() {
      return get();
    },
    async newClass(title = '测试课', role = 'pupil') {
      const lesson = await get().createLesson(title);
      lessons.push(lesson.id);
      return { lesson, link: await get().link(lesson.id, role) };
    },
    async endClasses() {
      await Promise.all(lessons.splice(0).map((id) => get().endLesson(id)));
      await waitFor(() => get().children().length === 0, { ms: 15_000, what: 'the children have gone' });
    },
    keep(one) {
      running.push(one);
      return one;
    },
  };
}
