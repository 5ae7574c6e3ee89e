import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { linkOfPath } from '../core/api';
import { kInitial, reduce } from '../core/state';
import { createStore } from '../core/store';
import { useI18n } from '../i18n/i18n';
import { useStore } from './hooks';
import { Icon } from './icons';
import { rememberLink } from './last-link';
import { Lesson } from './lesson';
import { Notice } from './notice';
import { useCompany } from './use-company';
import { useWatch } from './use-watch';
import { Waiting } from './waiting';

interface WatchPageProps {
  readonly path: string;
  /** Plays without being asked, where the browser allows it: on a television. */
  readonly begin?: boolean;
}

export function WatchPage({ path, begin = false }: WatchPageProps): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  const link = linkOfPath(path);
  useWatch(store, link);
  useEffect(() => {
    if (state.kind === 'watching' && link !== null && !begin) rememberLink(link);
  }, [state.kind, link, begin]);
  const company = useCompany(state, link);

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
      return <Waiting watch={state.watch} offline={state.offline} />;
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
      return <Lesson state={state} token={link ?? ''} company={company} begin={begin} dispatch={store.dispatch} />;
  }
}
