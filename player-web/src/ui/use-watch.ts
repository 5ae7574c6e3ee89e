import { useEffect } from 'preact/hooks';

import { fetchWatch } from '../core/api';
import { nextPoll } from '../core/delay';
import { startPoll } from '../core/poll';
import type { Event, State } from '../core/state';
import type { Store } from '../core/store';

/** Asks about the lesson for as long as the page is open; asks at once when the player
 *  runs dry or to its end, as that is how pauses and the bell are noticed first. */
export function useWatch(store: Store<State, Event>, link: string | null): void {
  useEffect(() => {
    if (link === null) {
      store.dispatch({ type: 'not-found' });
      return undefined;
    }
    const poll = startPoll({
      load: (signal) => fetchWatch(link, signal),
      heard(answer) {
        if (answer.kind === 'ok') store.dispatch({ type: 'answered', watch: answer.value });
        else store.dispatch({ type: answer.kind === 'missing' ? 'not-found' : 'unreachable' });
      },
      next: (failures, random) => nextPoll(store.state(), failures, random),
    });
    let before = store.state();
    const unsubscribe = store.subscribe(() => {
      const now = store.state();
      const step = now.kind === 'watching' ? now.step : null;
      const stepBefore = before.kind === 'watching' ? before.step : null;
      before = now;
      if (step !== stepBefore && (step === 'stalled' || step === 'finished')) poll.hurry();
    });
    return () => {
      unsubscribe();
      poll.stop();
    };
  }, [store, link]);
}
