import { createContext } from 'preact';
import { useContext, useEffect, useRef, useState } from 'preact/hooks';

import { call, type Question, type Reply } from '../../core/office/call';

/** The family's own link. */
export const LinkContext = createContext('');

/** Asks with the family's link, for as long as the component is shown; answers that come later are
 *  nobody's. */
export function useAsk(): <T>(question: Question<T>, answered: (reply: Reply<T>) => void) => void {
  const bearer = useContext(LinkContext);
  const life = useRef<AbortController | null>(null);
  useEffect(() => () => life.current?.abort(), []);
  return (question, answered) => {
    life.current ??= new AbortController();
    const { signal } = life.current;
    void call({ ...question, bearer }, signal).then((reply) => {
      if (!signal.aborted) answered(reply);
    });
  };
}

export interface Loaded<T> {
  /** null: not yet, or never. */
  readonly value: T | null;
  readonly failed: boolean;
  readonly load: () => void;
  readonly set: (value: T) => void;
}

/** Something of the API's, asked for when the path changes. */
export function useLoaded<T>(path: string, decode: (value: unknown) => T): Loaded<T> {
  const ask = useAsk();
  const [of, setOf] = useState<{ readonly path: string; readonly value: T } | null>(null);
  const [failed, setFailed] = useState(false);
  const wanted = useRef(path);
  wanted.current = path;
  const load = (): void => {
    setFailed(false);
    ask({ method: 'GET', path, decode }, (reply) => {
      if (wanted.current !== path) return;
      if (reply.kind === 'ok') setOf({ path, value: reply.value });
      else setFailed(true);
    });
  };
  useEffect(load, [path]);
  return { value: of?.path === path ? of.value : null, failed, load, set: (value) => setOf({ path, value }) };
}
