import type { JSX } from 'preact';
import { useContext, useState } from 'preact/hooks';

import { decodeChannels } from '../../core/family/decode';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { LinkContext, useLoaded } from './use-ask';
import { Waiting } from './waiting';

/** The home's channels, one for each child, for a box that knows nothing but an address. */
export function TvCard(): JSX.Element {
  const { t } = useI18n();
  const link = useContext(LinkContext);
  const loaded = useLoaded(`/api/v1/links/${encodeURIComponent(link)}/channels`, decodeChannels);
  const [copied, setCopied] = useState(false);
  const address = loaded.value;
  const copy = (): void => {
    navigator.clipboard?.writeText(address ?? '').then(
      () => setCopied(true),
      () => undefined, // the address stands there to be copied by hand
    );
  };
  return (
    <section class="card family__card" aria-label={t('family.tv')}>
      <h2>{t('family.tv')}</h2>
      <p class="family__soft">{t('family.tv_text')}</p>
      {address === null ? (
        <Waiting of={loaded} />
      ) : (
        <>
          <input class="family__address" type="text" readOnly aria-label={t('family.tv_address')} value={address} onFocus={(event) => event.currentTarget.select()} />
          <button type="button" class="button family__do" onClick={copy}>
            {copied && <Icon name="check" size={20} />}
            {t(copied ? 'family.tv_copied' : 'family.tv_copy')}
          </button>
        </>
      )}
    </section>
  );
}
