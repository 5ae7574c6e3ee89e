import { useEffect, useRef, useState } from 'preact/hooks';

import { type ClassCounts, decodeCounts } from '../../core/office/absent';
import { useCall } from './use-call';

/** A lesson's classes by how many were seen, for as many lessons as are asked for; a few at a
 *  time, so that a district's morning is not one burst. */

const kAtOnce = 4;
const kMostLessons = 80;
const kRefreshMs = 30_000;

export type Counts = Readonly<Record<string, readonly ClassCounts[]>>;

export function useCounts(lessons: readonly string[]): Counts {
  const call = useCall();
  const [counts, setCounts] = useState<Counts>({});
  const round = useRef(0);
  const key = lessons.slice(0, kMostLessons).join(' ');
  const ask = (): void => {
    round.current += 1;
    const mine = round.current;
    const todo = key === '' ? [] : key.split(' ');
    const next = (): void => {
      const lesson = todo.shift();
      if (lesson === undefined || mine !== round.current) return;
      call({ method: 'GET', path: `/api/v1/lessons/${lesson}/absent`, decode: decodeCounts }, (reply) => {
        if (mine !== round.current) return;
        if (reply.kind === 'ok') setCounts((before) => ({ ...before, [lesson]: reply.value }));
        next();
      });
    };
    for (let at = 0; at < kAtOnce; at += 1) next();
  };
  useEffect(() => {
    ask();
    const timer = setInterval(ask, kRefreshMs);
    return () => {
      round.current += 1;
      clearInterval(timer);
    };
  }, [key]);
  return counts;
}
