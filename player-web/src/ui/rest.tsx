import type { JSX } from 'preact';
import { useEffect } from 'preact/hooks';

import type { Resting } from '../core/teaching';
import { type Key, useI18n } from '../i18n/i18n';
import { Icon } from './icons';

const kWords: Readonly<Record<Resting, Key>> = {
  cap: 'watch.rest_cap',
  evening: 'watch.rest_evening',
};

/** Over the picture while this class rests: the lesson of others may go on, this one's does not. */
export function Rest({ why, onBegin }: { why: Resting; onBegin: () => void }): JSX.Element {
  const { t } = useI18n();
  useEffect(onBegin, []);
  return (
    <div class="cover cover--sound" role="status">
      <Icon name="clock" size={56} />
      <p class="cover__words">{t(kWords[why])}</p>
    </div>
  );
}
