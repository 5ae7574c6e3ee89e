import type { ServerResponse } from 'node:http';

/** What the stand-in's timetable has between its two lessons. */
export interface BetweenDouble {
  pauses: { kind: 'break' | 'eye' | 'exercise'; starts: number; ends: number }[];
  next: { title: string; subject: string | null; state: string; planned_start: number; planned_end: number; card: { goal: string; advice: string } | null; link: string } | null;
  /** Links of pages that asked. */
  readonly asked: string[];
  /** @param isKnown  whether anybody has the link */
  handle(response: ServerResponse, path: string, isKnown: (link: string) => boolean): boolean;
}

export function createBetweenDouble(): BetweenDouble {
  const between: BetweenDouble = {
    pauses: [],
    next: null,
    asked: [],
    handle(response, path, isKnown) {
      const link = /^\/api\/v1\/watch\/([\w-]+)\/between$/.exec(path)?.[1];
      if (link === undefined || !isKnown(link)) return false;
      between.asked.push(link);
      const { pauses, next } = between;
      response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      // In the last lesson of the day nothing comes next.
      response.end(JSON.stringify({ now: Date.now(), pauses: pauses.filter(({ ends }) => ends > Date.now()), next: next?.link === link ? null : next }));
      return true;
    },
  };
  return between;
}
