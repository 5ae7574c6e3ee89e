import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { useI18n } from '../../i18n/i18n';
import { qrPath, type QrPath } from '../../media/qr';
import { Icon } from '../icons';
import { Sheet } from '../sheet';

/** This studio on a phone: the same link, as a code to scan. */
export function PhoneSheet({ onClose }: { onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  const address = `${location.origin}${location.pathname}`;
  const [code, setCode] = useState<QrPath | null>(null);
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    let here = true;
    qrPath(address).then(
      (made) => here && setCode(made),
      () => undefined, // without a connection the link below is left
    );
    return () => {
      here = false;
    };
  }, [address]);
  const copy = (): void => {
    navigator.clipboard?.writeText(address).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  const local = /^(localhost|127\.|\[::1\])/.test(location.hostname);
  return (
    <Sheet title={t('studio.phone_title')} onClose={onClose}>
      <p class="sheet__text">{local ? t('studio.phone_local') : t('studio.phone_text')}</p>
      <div class="code">
        {code !== null && (
          <svg class="code__svg" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={t('studio.phone_code')} shape-rendering="crispEdges">
            <path d={code.path} />
          </svg>
        )}
      </div>
      <p class="sheet__text sheet__text--soft">{t('studio.phone_secret')}</p>
      <button type="button" class="button sheet__do" onClick={copy}>
        {copied && <Icon name="check" size={20} />}
        {copied ? t('studio.copied') : t('studio.copy')}
      </button>
    </Sheet>
  );
}
