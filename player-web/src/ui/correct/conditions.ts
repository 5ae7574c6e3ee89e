import '../../i18n/correct';

import type { Condition } from '../../core/correct';
import type { Key } from '../../i18n/i18n';

/** How a child follows lessons at home, in words. */
export const kConditionTexts: Readonly<Record<Condition, Key>> = {
  unknown: 'correct.condition_unknown',
  wifi: 'correct.condition_wifi',
  mobile_only: 'correct.condition_mobile_only',
  shared_device: 'correct.condition_shared_device',
  tv_only: 'correct.condition_tv_only',
  none: 'correct.condition_none',
};
