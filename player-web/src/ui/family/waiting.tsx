import type { JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import type { Loaded } from './use-ask';

/** In place of what is not here yet, or did not come. */
export function Waiting({ of }: { of: Pick<Loaded<unknown>, 'failed' | 'load'> }): JSX.Element {
  const { t } = useI18n();
  return of.failed ? (
    <p class="family__soft" role="alert">
      {t('family.failed')}{' '}
      <button type="button" class="link" onClick={of.load}>
        {t('family.again')}
      </button>
    </p>
  ) : (
    <p class="family__soft" role="status">
      {t('family.loading')}
    </p>
  );
}
