import { createContext } from 'preact';
import { useContext, useEffect, useRef } from 'preact/hooks';

import { call, type Question, type Reply } from '../../core/office/call';
import type { Session } from '../../core/office/decode';

export interface Desk {
  readonly session: Session;
  /** Somebody's session ended: the page goes back to its door. */
  readonly ended: () => void;
}

export const DeskContext = createContext<Desk | null>(null);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (desk === null) throw new Error('only for who is signed in');
  return desk;
}

/** Asks as the one who is signed in, for as long as the component is shown; answers that come
 *  later are nobody's. */
export function useCall(): <T>(question: Question<T>, answered: (reply: Reply<T>) => void) => void {
  const { session, ended } = useDesk();
  const life = useRef<AbortController | null>(null);
  useEffect(() => () => life.current?.abort(), []);
  return (question, answered) => {
    life.current ??= new AbortController();
    const { signal } = life.current;
    const asked = question.method === 'GET' ? question : { ...question, csrf: session.csrf };
    void call(asked, signal).then((reply) => {
      if (signal.aborted) return;
      if (reply.kind === 'signed-out') ended();
      else answered(reply);
    });
  };
}
