import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { decodeSession, type Session } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { Field } from './field';
import { useCall, useDesk } from './use-call';

/** Whose account this is, and another password for it. */
export function AccountPage({ onSession }: { onSession: (session: Session) => void }): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const [old, setOld] = useState('');
  const [fresh, setFresh] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly words: string } | null>(null);

  const submit = (event: Event): void => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setSaid(null);
    call({ method: 'PUT', path: '/api/v1/session/password', json: { old, new: fresh }, decode: decodeSession }, (reply) => {
      setBusy(false);
      if (reply.kind === 'ok') {
        onSession(reply.value);
        setOld('');
        setFresh('');
        setSaid({ ok: true, words: t('office.password_done') });
      } else if (reply.kind === 'refused') {
        const { waitS, code, message } = reply;
        const words = waitS !== null ? t('office.wait', { n: waitS }) : code === 'wrong_password' ? t('office.password_wrong') : t('office.password_weak', { why: message });
        setSaid({ ok: false, words });
      } else {
        setSaid({ ok: false, words: t('office.offline') });
      }
    });
  };
  return (
    <section aria-label={t('office.account')}>
      <h1 class="office__title">{t('office.account')}</h1>
      <p>{t('office.account_who', { name: session.name, login: session.login })}</p>
      <form class="card office__card office__narrow" onSubmit={submit}>
        <h2>{t('office.password_title')}</h2>
        <Field id="old" label={t('office.password_old')} type="password" autocomplete="current-password" value={old} onInput={setOld} />
        <Field id="new" label={t('office.password_new')} type="password" autocomplete="new-password" value={fresh} onInput={setFresh} />
        <p class={said?.ok ? 'office__fine' : 'door__trouble'} role="alert">
          {said?.words}
        </p>
        <button type="submit" class="button" disabled={busy}>
          {t('office.password_do')}
        </button>
      </form>
    </section>
  );
}
