import type { ComponentChildren, JSX } from 'preact';

import { addDays } from '../../core/office/days';
import { useI18n } from '../../i18n/i18n';

interface WeekGoProps {
  /** Its Monday; null: there is no going on from here now. */
  readonly shown: string | null;
  readonly onGo: (monday: string) => void;
  readonly onNow: () => void;
  readonly children?: ComponentChildren;
}

/** From week to week. */
export function WeekGo({ shown, onGo, onNow, children }: WeekGoProps): JSX.Element {
  const { t } = useI18n();
  const go = (days: number): void => {
    if (shown !== null) onGo(addDays(shown, days));
  };
  return (
    <p class="office__do week__go">
      <button type="button" class="button" disabled={shown === null} onClick={() => go(-7)}>
        {t('office.week_before')}
      </button>
      <button type="button" class="button" disabled={shown === null} onClick={onNow}>
        {t('office.week_now')}
      </button>
      <button type="button" class="button" disabled={shown === null} onClick={() => go(7)}>
        {t('office.week_next')}
      </button>
      {children}
    </p>
  );
}
