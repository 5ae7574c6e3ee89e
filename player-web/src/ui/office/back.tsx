import type { JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

export function Back({ onBack }: { onBack: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <button type="button" class="button office__back" onClick={onBack}>
      <Icon name="back" size={20} />
      {t('office.back')}
    </button>
  );
}
