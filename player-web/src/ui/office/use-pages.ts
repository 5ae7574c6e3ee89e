import { useEffect, useState } from 'preact/hooks';

import type { Page } from '../../core/office/decode';
import { useCall } from './use-call';

export interface Pages<T> {
  readonly items: readonly T[];
  readonly state: 'loading' | 'all' | 'more' | 'failed' | 'missing';
  readonly more: () => void;
  /** Asks for all that is shown again; what is shown stays until the answer is there. */
  readonly refresh: () => void;
}

const kLimit = 200;

/** A long list, a page at a time. @param path  null: not yet known what to ask for */
export function usePages<T>(path: string | null, decode: (value: unknown) => Page<T>): Pages<T> {
  const call = useCall();
  const [items, setItems] = useState<readonly T[]>([]);
  const [next, setNext] = useState<string | null>(null);
  const [state, setState] = useState<Pages<T>['state']>('loading');

  const load = (cursor: string | null, before: readonly T[], quiet = false): void => {
    if (path === null) return;
    if (!quiet) setState('loading');
    const query = cursor === null ? `?limit=${kLimit}` : `?limit=${kLimit}&cursor=${encodeURIComponent(cursor)}`;
    call({ method: 'GET', path: path + query, decode }, (reply) => {
      if (reply.kind !== 'ok') {
        if (quiet) return;
        setState(reply.kind === 'missing' ? 'missing' : 'failed');
        return;
      }
      setItems([...before, ...reply.value.items]);
      setNext(reply.value.next);
      setState(reply.value.next === null ? 'all' : 'more');
    });
  };
  useEffect(() => {
    setItems([]);
    load(null, []);
  }, [path]);
  return { items, state, more: () => load(next, items), refresh: () => load(null, [], true) };
}
