import type { Key, Translate } from '../../i18n/i18n';

/** The server's names of what is wrong with a row, and of columns, in words. */

const kReasons: Readonly<Record<string, Key>> = {
  open_quote: 'office.reason_open_quote',
  missing: 'office.reason_missing',
  unclean: 'office.reason_unclean',
  too_long: 'office.reason_too_long',
  damaged_number: 'office.reason_damaged_number',
  identity_card: 'office.reason_identity_card',
  unknown_school: 'office.reason_unknown_school',
  bad_grade: 'office.reason_bad_grade',
  bad_class: 'office.reason_bad_class',
  bad_condition: 'office.reason_bad_condition',
  bad_duty: 'office.reason_bad_duty',
  bad_system: 'office.reason_bad_system',
  bad_phone: 'office.reason_bad_phone',
  bad_standing: 'office.reason_bad_standing',
  duplicate: 'office.reason_duplicate',
  unknown_pupil: 'office.reason_unknown_pupil',
  two_groups: 'office.reason_two_groups',
  shared_phone: 'office.reason_shared_phone',
};

const kColumns: Readonly<Record<string, Key>> = {
  school: 'office.column_school',
  system: 'office.column_system',
  grade: 'office.column_grade',
  class: 'office.column_class',
  pupil_number: 'office.column_pupil_number',
  name: 'office.column_name',
  phone: 'office.column_phone',
  condition: 'office.column_condition',
  home: 'office.column_home',
  standing: 'office.column_standing',
  staff_number: 'office.column_staff_number',
  duty: 'office.column_duty',
  subject: 'office.column_subject',
  teaches: 'office.column_teaches',
  homeroom: 'office.column_homeroom',
  prep_lead: 'office.column_prep_lead',
  group: 'office.column_group',
};

export const reasonText = (t: Translate, reason: string): string => t(kReasons[reason] ?? 'office.reason_other');

export function columnText(t: Translate, column: string): string {
  const key = kColumns[column];
  return key === undefined ? '' : t(key);
}
