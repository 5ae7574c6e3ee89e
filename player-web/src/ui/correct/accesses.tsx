import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { type Access, decodeAccesses } from '../../core/correct';
import { moment } from '../../core/format';
import { type Key, useI18n } from '../../i18n/i18n';
import type { Ask } from './correct-form';

const kShown = 20;
const kActs: Readonly<Record<string, Key>> = {
  correct_pupil: 'correct.act_corrected',
  change_people: 'correct.act_changed',
  own_data: 'correct.act_own',
  mark_contact: 'correct.act_contact',
  make_links: 'correct.act_links',
  withdraw_links: 'correct.act_withdrawn',
  see_guardians: 'correct.act_guardians',
  read_help: 'correct.act_help',
};

/** Who looked at a child's data and who changed it, the newest first. */
export function Accesses({ child, ask }: { child: string; ask: Ask }): JSX.Element {
  const { t, language } = useI18n();
  const [all, setAll] = useState<readonly Access[] | null | 'failed'>(null);
  const load = (): void => ask({ method: 'GET', path: `/api/v1/accesses?pupil=${child}&limit=${kShown}`, decode: decodeAccesses }, (reply) => setAll(reply.kind === 'ok' ? reply.value : 'failed'));
  useEffect(load, [child]);
  return (
    <section aria-label={t('correct.accesses')}>
      <h2>{t('correct.accesses')}</h2>
      {all === null && <p class="list__end">{t('correct.loading')}</p>}
      {all === 'failed' && (
        <p class="list__end" role="alert">
          {t('correct.accesses_failed')}
        </p>
      )}
      {all !== null && all !== 'failed' && (
        <ul class="accesses">
          {all.map(({ atMs, act, by, family }, at) => (
            <li key={at}>
              <span>{moment(language, atMs)}</span> {family ? t('correct.by_family') : (by ?? t('correct.by_somebody'))} · {t(kActs[act] ?? 'correct.act_seen')}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
