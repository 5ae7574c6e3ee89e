import type { JSX } from 'preact';
import { useContext, useState } from 'preact/hooks';

import type { State } from '../../core/family/state';
import { call, type Reply } from '../../core/office/call';
import { useI18n } from '../../i18n/i18n';
import { Field } from '../office/field';
import { LinkContext } from './use-ask';

interface DoorProps {
  readonly trouble: Extract<State, { kind: 'digits' }>['trouble'];
  readonly onProved: (reply: Reply<null>) => void;
}

/** A device that opens the link for the first time is asked for a guardian's number. */
export function Door({ trouble, onProved }: DoorProps): JSX.Element {
  const { t } = useI18n();
  const link = useContext(LinkContext);
  const [digits, setDigits] = useState('');
  const open = (event: Event): void => {
    event.preventDefault();
    const path = `/api/v1/links/${encodeURIComponent(link)}/device`;
    void call({ method: 'POST', path, json: { digits }, decode: () => null }, new AbortController().signal).then(onProved);
  };
  return (
    <main class="door">
      <form class="card door__card" onSubmit={open}>
        <h1 class="door__title">{t('family.page')}</h1>
        <p class="door__text">{t('family.digits_text')}</p>
        <Field id="digits" label={t('family.digits')} type="tel" autocomplete="off" value={digits} onInput={setDigits} />
        <p class="door__trouble" role="alert">
          {trouble !== null && t(trouble === 'wait' ? 'family.digits_wait' : 'family.digits_wrong')}
        </p>
        <button type="submit" class="button button--primary door__do" disabled={!/^\d{4}$/.test(digits)}>
          {t('family.digits_do')}
        </button>
      </form>
    </main>
  );
}
