import type { JSX } from 'preact';

import { rate } from '../../core/format';
import type { Backfilled } from '../../core/studio/backfill';
import type { Health, Picture, Sound } from '../../core/studio/health';
import { type Key, useI18n } from '../../i18n/i18n';

const kSounds: Readonly<Record<Sound, Key>> = {
  good: 'studio.sound_good',
  rough: 'studio.sound_rough',
  none: 'studio.sound_none',
  muted: 'studio.sound_muted',
};
const kPictures: Readonly<Record<Picture, Key>> = {
  good: 'studio.picture_good',
  reduced: 'studio.picture_reduced',
  busy: 'studio.picture_busy',
  stopped: 'studio.picture_stopped',
  off: 'studio.picture_off',
};

/** How the upload fares, in a sentence, and what to do about it. */
export function HealthLine({ health, backfill }: { health: Health | null; backfill: Backfilled | null }): JSX.Element {
  const { t } = useI18n();
  if (health === null) return <p class="health">{t('studio.health_wait')}</p>;
  const { kbps, sound, picture, line } = health;
  return (
    <div class={`health health--${line}`} data-line={line}>
      <p class="health__words">
        <span class="health__lamp" />
        {t('studio.health', { rate: rate(kbps), sound: t(kSounds[sound]), picture: t(kPictures[picture]) })}
      </p>
      <p class="bell__hint" role="status">
        {line === 'weak' && t('studio.advice_weak')}
        {line === 'bad' && t('studio.advice_bad')}
      </p>
      <p class="bell__hint" role="status" data-backfill={backfill ?? undefined}>
        {backfill === 'filled' && t('studio.backfill_done')}
        {backfill === 'failed' && t('studio.backfill_failed')}
      </p>
    </div>
  );
}
