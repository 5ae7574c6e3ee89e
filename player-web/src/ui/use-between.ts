import { useEffect, useRef, useState } from 'preact/hooks';

import { mayPause } from '../core/may-pause';
import type { State } from '../core/state';
import type { Now, Running } from './between/start';

type Parts = typeof import('./between/parts');

export interface BetweenUse {
  /** Code and say of what is between lessons; null while there is nothing of it. */
  readonly parts: Parts | null;
  readonly now: Now | null;
  readonly dispatch: Running['dispatch'];
}

/** Nothing to say, as before: nothing is drawn anew for it. */
const isSame = (before: Now | null, said: Now): boolean => before?.show.kind === 'lesson' && said.show.kind === 'lesson' && before.between === said.between;

/** What the timetable has between lessons, fetched once a lesson has not begun or is over: most
 *  pages never need it. @param go  called once, when the page is to go on to that link */
export function useBetween(state: State, link: string | null, go: (link: string) => void): BetweenUse {
  const [parts, setParts] = useState<Parts | null>(null);
  const [now, setNow] = useState<Now | null>(null);
  const running = useRef<Running | null>(null);
  const latest = useRef({ state, go });
  latest.current = { state, go };
  const needed = mayPause(state);

  useEffect(() => {
    if (!needed || link === null) return undefined;
    let here = true;
    import('./between/parts').then(
      (loaded) => {
        if (!here) return;
        setParts(loaded);
        running.current = loaded.startBetween(link, () => latest.current.state, (said) => {
          if (said.show.kind !== 'go') setNow((before) => (isSame(before, said) ? before : said));
          else if (here) {
            here = false;
            latest.current.go(said.show.link);
          }
        });
      },
      () => undefined, // the lesson's page goes on without
    );
    return () => {
      here = false;
      running.current?.stop();
      running.current = null;
      setNow(null);
    };
  }, [needed, link]);
  // What the lesson does counts at once, not at the next second.
  useEffect(() => running.current?.look(), [state.kind, state.kind === 'watching' ? state.step : null]);
  const dispatch = useRef<Running['dispatch']>((event) => running.current?.dispatch(event));
  return { parts, now, dispatch: dispatch.current };
}
