import type { JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

/** The lesson was handed to her: the way to the studio. */
export function Handed({ studio }: { readonly studio: string | null }): JSX.Element {
  const { t } = useI18n();
  return (
    <div role="alert">
      {studio !== null && (
        <section class="card desk__handed">
          <h2>{t('desk.lead_title')}</h2>
          <p>{t('desk.lead_text')}</p>
          <a class="button button--primary" href={studio}>
            <Icon name="bell" size={20} />
            {t('desk.lead_go')}
          </a>
        </section>
      )}
    </div>
  );
}
