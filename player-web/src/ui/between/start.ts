import { type Between, type Event, fetchDay, kNothing, nextAsk, reduce, show, type Show } from '../../core/between';
import { startPoll } from '../../core/poll';
import type { State } from '../../core/state';
import { createStore } from '../../core/store';

/** What to show now. */
export interface Now {
  readonly show: Show;
  readonly between: Between;
}

export interface Running {
  dispatch(event: Event): void;
  /** The lesson's page has changed. */
  look(): void;
  stop(): void;
}

const kLookMs = 1000;

/** Asks what is between lessons, and says every second what that means for the page. */
export function startBetween(link: string, state: () => State, shown: (now: Now) => void): Running {
  const store = createStore<Between, Event>(kNothing, reduce);
  const spread = Math.random();
  let known = true;
  const poll = startPoll({
    load: (signal) => fetchDay(link, signal),
    heard(answer) {
      known = answer.kind !== 'missing';
      if (answer.kind === 'ok') store.dispatch({ type: 'told', day: answer.value, atMs: Date.now() });
    },
    next: (failures, random) => (known ? nextAsk(store.state(), failures, random) : null),
  });
  let lessonBefore: string | null = null;
  const look = (): void => {
    const between = store.state();
    const page = state();
    // With the bell, what was known of the day may be old.
    const lesson = 'watch' in page ? page.watch.lesson.state : null;
    if (lessonBefore !== null && lesson !== lessonBefore) poll.hurry();
    lessonBefore = lesson;
    shown({ show: show(between, page, Date.now() + between.skewMs, spread), between });
  };
  const timer = setInterval(look, kLookMs);
  const unsubscribe = store.subscribe(look);
  return {
    dispatch: store.dispatch,
    look,
    stop() {
      clearInterval(timer);
      unsubscribe();
      poll.stop();
    },
  };
}
