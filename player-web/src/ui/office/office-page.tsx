import type { JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import { Shell } from './shell';
import { SignedIn } from './signed-in';

export function OfficePage(): JSX.Element {
  const { t } = useI18n();
  return (
    <SignedIn title={t('office.page')} text={t('office.sign_in_text')}>
      {(inside) => <Shell {...inside} />}
    </SignedIn>
  );
}
