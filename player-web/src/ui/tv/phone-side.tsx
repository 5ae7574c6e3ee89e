import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { putOnTv, spoken } from '../../core/tv';
import { useI18n } from '../../i18n/i18n';
import { lastLink } from '../last-link';
import { Notice } from '../notice';

/** On the phone that scanned the television's code: one tap, if it knows a lesson. */
export function PhoneSide({ code }: { code: string }): JSX.Element {
  const { t } = useI18n();
  const [link] = useState(lastLink);
  const [step, setStep] = useState<'asks' | 'sending' | 'done' | 'failed'>('asks');
  if (link === null) {
    return (
      <Notice icon="tv" title={t('tv.phone_no_link')}>
        <p>{t('tv.phone_no_link_text', { code: spoken(code) })}</p>
      </Notice>
    );
  }
  const put = (): void => {
    setStep('sending');
    void putOnTv(link, code, new AbortController().signal).then((answer) => setStep(answer.kind === 'ok' ? 'done' : 'failed'));
  };
  if (step === 'done') {
    return (
      <Notice icon="check" title={t('tv.phone_done')}>
        <p>{t('tv.phone_done_text')}</p>
        <a class="button" href={`/w/${link}`}>
          {t('tv.phone_back')}
        </a>
      </Notice>
    );
  }
  return (
    <Notice icon="tv" title={step === 'failed' ? t('tv.phone_failed') : t('tv.phone_ask')} busy={step === 'sending'}>
      <p>{t('tv.phone_code', { code: spoken(code) })}</p>
      <button type="button" class="button" disabled={step === 'sending'} onClick={put}>
        {t('tv.phone_put')}
      </button>
    </Notice>
  );
}
