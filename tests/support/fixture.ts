import { afterAll, afterEach, beforeAll } from 'vitest';

import type { Running } from './process';
import { type Lesson, type Link, Server, type ServerOptions } from './server';

/** A lesson with somebody's link to it. */
export interface Class {
  readonly lesson: Lesson;
  readonly link: Link;
}

export interface Fixture {
  readonly server: Server;
  newClass(title?: string, role?: string): Promise<Class>;
  /** Stopped after the test, however it ends. */
  keep<T extends Running>(running: T): T;
}

/** One server for the tests of a file. */
export function useServer(options: ServerOptions | (() => ServerOptions) = {}): Fixture {
  let server: Server | null = null;
  const running: Running[] = [];
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
      return { lesson, link: await get().link(lesson.id, role) };
    },
    keep(one) {
      running.push(one);
      return one;
    },
  };
}
