import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { linkOfPath } from '../../core/api';
import { isTeaching } from '../../core/studio/state';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { Classroom } from './classroom';
import { useWorkshop } from './use-studio';

export function StudioPage({ path }: { path: string }): JSX.Element {
  const { t } = useI18n();
  const link = useMemo(() => linkOfPath(path), [path]);
  const { store, workshop } = useWorkshop(link);
  const state = useStore(store);

  // Among twenty tabs, the one that is on air must be found.
  const live = state.kind === 'teaching' && isTeaching(state.phase);
  const title = state.kind === 'teaching' ? state.studio.lesson.title : null;
  useEffect(() => {
    document.title = [live ? `● ${t('studio.light_live')}` : null, title, t('studio.page')].filter((part) => part !== null).join(' · ');
  }, [t, live, title]);

  switch (state.kind) {
    case 'loading':
      return <Notice icon={state.offline ? 'offline' : 'clock'} title={state.offline ? t('studio.loading_offline') : t('studio.loading')} busy />;
    case 'missing':
      return (
        <Notice icon="question" title={t('studio.missing_title')}>
          <p>{t('studio.missing_text')}</p>
        </Notice>
      );
    case 'teaching':
      return <Classroom state={state} link={link ?? ''} workshop={workshop} />;
  }
}
