import type { JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import type { Pages } from './use-pages';

/** What stands below a list: more of it, or why there is none. */
export function ListEnd<T>({ pages, empty }: { pages: Pages<T>; empty: string }): JSX.Element | null {
  const { t } = useI18n();
  switch (pages.state) {
    case 'loading':
      return (
        <p class="list__end" role="status">
          {t('office.loading')}
        </p>
      );
    case 'failed':
      return (
        <p class="list__end" role="alert">
          {t('office.list_failed')}{' '}
          <button type="button" class="link" onClick={pages.more}>
            {t('office.list_again')}
          </button>
        </p>
      );
    case 'more':
      return (
        <p class="list__end">
          <button type="button" class="button" onClick={pages.more}>
            {t('office.more')}
          </button>
        </p>
      );
    case 'missing':
    case 'all':
      return pages.items.length === 0 ? <p class="list__end">{empty}</p> : null;
  }
}
