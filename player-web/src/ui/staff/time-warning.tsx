import type { JSX } from 'preact';

import type { Staff } from '../../core/staff/state';
import type { Teaching } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

/** So many minutes are left before a class has to rest, as the server said last. */
export function TimeWarning({ staff, teaching }: { staff: Staff; teaching: Teaching | null }): JSX.Element {
  const { t } = useI18n();
  const warning = teaching?.warning ?? null;
  const named = warning === null ? undefined : staff.counts.find(({ room }) => room === warning.room)?.label;
  const room = named ?? t('notes.warning_all');
  const key = warning?.why === 'cap' ? 'notes.warning_cap' : warning?.why === 'evening' ? 'notes.warning_evening' : 'notes.warning_other';
  const shown = warning !== null && warning.minutes > 0;
  return (
    <div role="alert">
      {shown && (
        <p class="warning">
          <Icon name="bell" size={20} />
          {t(key, { room, n: warning.minutes })}
        </p>
      )}
    </div>
  );
}
