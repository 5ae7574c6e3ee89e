import type { OfficeLesson } from '../../core/office/decode';
import type { Key } from '../../i18n/i18n';

/** How a lesson stands. */
export const kLessonStates: Readonly<Record<OfficeLesson['state'], Key>> = {
  waiting: 'office.state_waiting',
  live: 'office.state_live',
  interrupted: 'office.state_interrupted',
  ended: 'office.state_ended',
};
