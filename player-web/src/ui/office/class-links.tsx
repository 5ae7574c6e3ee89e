import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { SchoolClass } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { later } from './later';
import { useCall, useDesk } from './use-call';

const ClassGroup = later(() => import('./class-group').then((part) => part.ClassGroup));

/** The pupils' own lasting links, and their families': to print, to download, and all of them anew when some got lost; and what
 *  goes to their group elsewhere. */
export function ClassLinks({ of }: { of: SchoolClass }): JSX.Element | null {
  const { t, language } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const [asking, setAsking] = useState(false);
  const [said, setSaid] = useState('');
  if (session.may.indexOf('make_links') < 0) return null;
  const sheet = `/api/v1/classes/${of.id}/links?language=${language === 'en' ? 'en' : 'zh'}`;
  const renew = (): void => {
    setAsking(false);
    call({ method: 'POST', path: '/api/v1/links/renew', json: { class: of.id }, decode: () => null }, (reply) =>
      setSaid(reply.kind === 'ok' ? t('office.links_renewed') : t('office.lesson_failed')),
    );
  };
  return (
    <>
      <ClassGroup of={of} />
      <div class="card office__card">
        <h2>{t('office.links')}</h2>
        <p class="office__text">{t('office.links_text')}</p>
        <p class="office__do">
          <a class="button" target="_blank" rel="noopener" href={`${sheet}&format=html`}>
            {t('office.links_print')}
          </a>
          <a class="button" target="_blank" rel="noopener" href={`${sheet}&format=html&of=homes`}>
            {t('office.links_homes')}
          </a>
          <a class="button" href={`${sheet}&format=csv`} download>
            {t('office.links_csv')}
          </a>
          {session.may.indexOf('withdraw_links') >= 0 && (
            <button type="button" class="button" onClick={() => setAsking(true)}>
              {t('office.links_renew')}
            </button>
          )}
        </p>
        <p class="office__fine" role="status">
          {said}
        </p>
        {asking && (
          <Sheet title={t('office.links_renew')} closeText={t('office.links_renew_no')} onClose={() => setAsking(false)}>
            <p class="sheet__text">{t('office.links_renew_ask')}</p>
            <button type="button" class="button button--live sheet__do" onClick={renew}>
              {t('office.links_renew_yes')}
            </button>
          </Sheet>
        )}
      </div>
    </>
  );
}
