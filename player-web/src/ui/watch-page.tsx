import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { fetchWatch, linkOfPath } from '../core/api';
import { nextPoll } from '../core/delay';
import { startPoll } from '../core/poll';
import { type Event, kInitial, reduce, type State } from '../core/state';
import { createStore, type Store } from '../core/store';
import { useI18n } from '../i18n/i18n';
import { useStore } from './hooks';
import { Icon } from './icons';
import { Lesson } from './lesson';
import { Notice } from './notice';

/** Asks about the lesson for as long as the page is open; asks at once when the player
 *  runs dry or to its end, as that is how pauses and the bell are noticed first. */
function usePoll(store: Store<State, Event>, link: string | null): void {
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

export function WatchPage({ path }: { path: string }): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  const link = linkOfPath(path);
  usePoll(store, link);

  const title = 'watch' in state ? state.watch.lesson.title : null;
  useEffect(() => {
    document.title = title === null ? t('common.brand') : `${title} · ${t('common.brand')}`;
  }, [t, title]);

  switch (state.kind) {
    case 'loading':
      return (
        <Notice
          icon={state.offline ? 'offline' : 'clock'}
          title={state.offline ? t('watch.loading_offline') : t('watch.loading')}
          busy
        />
      );
    case 'missing':
      return (
        <Notice icon="question" title={t('watch.missing_title')}>
          <p>{t('watch.missing_1')}</p>
          <ol>
            <li>{t('watch.missing_2')}</li>
            <li>{t('watch.missing_3')}</li>
          </ol>
          <a class="button" href="/">
            {t('watch.missing_home')}
          </a>
        </Notice>
      );
    case 'waiting':
      return (
        <Notice icon={state.offline ? 'offline' : 'clock'} lesson={state.watch.lesson.title} title={t('watch.waiting_title')} busy>
          <p>{state.offline ? t('watch.waiting_offline') : t('watch.waiting_text')}</p>
        </Notice>
      );
    case 'over':
      return (
        <Notice icon="check" lesson={state.watch.lesson.title} title={t('watch.over_title')}>
          <p>{t('watch.over_text')}</p>
        </Notice>
      );
    case 'unplayable':
      return (
        <Notice icon="question" lesson={state.watch.lesson.title} title={t('watch.unplayable_title')}>
          <p>{t('watch.unplayable_text')}</p>
          {state.watch.recording.mp4 && (
            <a class="button" href={state.watch.recording.mp4} download>
              <Icon name="download" />
              {t('watch.download')}
            </a>
          )}
        </Notice>
      );
    case 'watching':
      return <Lesson state={state} token={link ?? ''} dispatch={store.dispatch} />;
  }
}
