import type { Finding, FoundRow, Kind } from '../../core/office/timetable';
import type { Key, Translate } from '../../i18n/i18n';

/** The server's names of rules, kinds and days, in words. */

const kRules: Readonly<Record<string, Key>> = {
  bad_time: 'timetable.rule_bad_time',
  unknown_class: 'timetable.rule_unknown_class',
  unknown_group: 'timetable.rule_unknown_group',
  no_audience: 'timetable.rule_no_audience',
  parent_roster: 'timetable.rule_parent_roster',
  too_many_rooms: 'timetable.rule_too_many_rooms',
  goal_required: 'timetable.rule_goal_required',
  goal_too_long: 'timetable.rule_goal_too_long',
  advice_required: 'timetable.rule_advice_required',
  evaluation_required: 'timetable.rule_evaluation_required',
  evening: 'timetable.rule_evening',
  daily_cap: 'timetable.rule_daily_cap',
  weekly_hours: 'timetable.rule_weekly_hours',
  short_break: 'timetable.rule_short_break',
  class_double: 'timetable.rule_class_double',
  teacher_double: 'timetable.rule_teacher_double',
  room_double: 'timetable.rule_room_double',
  daily_long: 'timetable.rule_daily_long',
  continuous: 'timetable.rule_continuous',
  no_exercise: 'timetable.rule_no_exercise',
  stagger: 'timetable.rule_stagger',
  sibling_clash: 'timetable.rule_sibling_clash',
};

export const kKindTexts: Readonly<Record<Kind, Key>> = {
  lesson: 'timetable.kind_lesson',
  qa: 'timetable.kind_qa',
  break: 'timetable.kind_break',
  eye: 'timetable.kind_eye',
  exercise: 'timetable.kind_exercise',
  labour: 'timetable.kind_labour',
  arts: 'timetable.kind_arts',
  homeroom: 'timetable.kind_homeroom',
  parent: 'timetable.kind_parent',
};

const kDays: readonly Key[] = ['timetable.day_1', 'timetable.day_2', 'timetable.day_3', 'timetable.day_4', 'timetable.day_5', 'timetable.day_6', 'timetable.day_7'];

export const dayText = (t: Translate, day: number): string => t(kDays[day - 1] ?? 'timetable.day_1');

export const ruleText = (t: Translate, { code, amount, limit }: Finding): string => t(kRules[code] ?? 'timetable.rule_other', { amount, limit });

/** Which rule, and what it is broken together with; the lesson itself is known. */
export function reasonText(t: Translate, finding: Finding, lesson: number): string {
  const others = finding.rows.filter(({ id }) => id !== lesson).slice(0, 2);
  return [ruleText(t, finding), ...others.map((row) => rowText(t, row))].join(t('timetable.edit_with'));
}

export function rowText(t: Translate, { day, start, subject, kind, lead, grade, of }: FoundRow): string {
  const whose = of ?? (grade === null ? '' : t('timetable.grade', { n: grade }));
  return [whose, `${dayText(t, day)} ${start}`, subject || t(kKindTexts[kind]), lead].filter((part) => part !== '').join(' · ');
}
