import type { Standing } from '../../core/office/recordings';
import type { Key } from '../../i18n/i18n';

/** How a lesson's hold stands, in words. */
export const kStandings: Readonly<Record<Standing, Key | null>> = {
  free: null,
  asked: 'office.hold_asked',
  held: 'office.hold_held',
  leaving: 'office.hold_leaving',
};
