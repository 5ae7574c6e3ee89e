import type { JSX } from 'preact';

import type { Staff } from '../../core/staff/state';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

/** Links of her pupils that somebody opened once too often. */
export function Refusals({ staff, onSeen }: { staff: Staff; onSeen: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <div role="alert">
      {staff.refused.length > 0 && (
        <div class="refused">
          <Icon name="attention" />
          <div>
            {staff.refused.map(({ room, seat, label }) => (
              <p key={`${room} ${seat}`}>{t('desk.refused', { name: label ?? t('desk.seat_n', { n: seat }) })}</p>
            ))}
          </div>
          <button type="button" class="button" onClick={onSeen}>
            {t('desk.refused_ok')}
          </button>
        </div>
      )}
    </div>
  );
}
