import type { JSX } from 'preact';

import { type Check, decodeCheck, type Look } from '../../core/inspect/decode';
import { page } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { ListEnd } from '../office/list-end';
import { usePages } from '../office/use-pages';
import { useLook } from './use-look';
import { aboutLesson, standing, titleOf } from './words';

const readChecks = page(decodeCheck);

function Row({ check, onLook }: { check: Check; onLook: () => void }): JSX.Element {
  const { t, language } = useI18n();
  const title = titleOf(t, check.lesson);
  return (
    <li class="card inspect__draw">
      <p class="inspect__soft">{[standing(t, language, check), check.by].filter((part) => part !== null).join(' · ')}</p>
      <h2 class="inspect__name">{title}</h2>
      <p class="inspect__soft">{aboutLesson(t, check.lesson)}</p>
      <p class="office__do">
        {check.signedMs !== null ? (
          <a class="button" href={`#/records/${check.id}`} aria-label={t('inspect.record_open', { title })}>
            {t('inspect.record')}
          </a>
        ) : (
          check.lesson.title !== null && (
            <button type="button" class="button" aria-label={t('inspect.look_label', { title })} onClick={onLook}>
              {t('inspect.look')}
            </button>
          )
        )}
      </p>
    </li>
  );
}

/** What was written down, newest first: one's own, and what one may read of others'. */
export function RecordsPage({ onLook }: { onLook: (look: Look) => void }): JSX.Element {
  const { t } = useI18n();
  const checks = usePages('/api/v1/inspection/checks', readChecks);
  const look = useLook(onLook);
  return (
    <section aria-label={t('inspect.records')}>
      <h1 class="office__title">{t('inspect.records')}</h1>
      <p class="door__trouble" role="alert">
        {look.said}
      </p>
      <ul class="inspect__list">
        {checks.items.map((check) => (
          <Row key={check.id} check={check} onLook={() => look.open(check.draw, check.lesson.id)} />
        ))}
      </ul>
      <ListEnd pages={checks} empty={t('inspect.records_none')} />
    </section>
  );
}
