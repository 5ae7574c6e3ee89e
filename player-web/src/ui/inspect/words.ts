import { moment } from '../../core/format';
import type { Check, DrawnLesson, Stage } from '../../core/inspect/decode';
import type { Item, Mark } from '../../core/inspect/form';
import type { Key, Language, Translate } from '../../i18n/i18n';

const kStages: Readonly<Record<Stage, Key>> = {
  low: 'inspect.stage_low',
  upper: 'inspect.stage_upper',
  junior: 'inspect.stage_junior',
  senior: 'inspect.stage_senior',
};

export const stageWords = (t: Translate, stage: Stage | null): string => t(stage === null ? 'inspect.stage_none' : kStages[stage]);

export const kItems: Readonly<Record<Item, Key>> = {
  picture: 'inspect.item_picture',
  sound: 'inspect.item_sound',
  pace: 'inspect.item_pace',
  taking_part: 'inspect.item_taking_part',
  teachers: 'inspect.item_teachers',
};
const kMarks: Readonly<Record<Mark, Key>> = {
  good: 'inspect.mark_good',
  fair: 'inspect.mark_fair',
  poor: 'inspect.mark_poor',
  fits: 'inspect.mark_fits',
  fast: 'inspect.mark_fast',
  slow: 'inspect.mark_slow',
  much: 'inspect.mark_much',
  some: 'inspect.mark_some',
  none: 'inspect.mark_none',
  all: 'inspect.mark_all',
};

export function markWords(t: Translate, item: Item, mark: Mark): string {
  if (item === 'teachers' && mark === 'some') return t('inspect.mark_some_rooms');
  if (item === 'teachers' && mark === 'none') return t('inspect.mark_no_rooms');
  return t(kMarks[mark]);
}

export const titleOf = (t: Translate, { title }: DrawnLesson): string => title ?? t('inspect.lesson_gone');

/** "第一小学 · 小学低段 · 语文 · 王老师" */
export const aboutLesson = (t: Translate, { school, stage, subject, lead }: DrawnLesson): string =>
  [school, stage === null ? null : stageWords(t, stage), subject, lead].filter((part) => part !== null && part !== '').join(' · ');

export const standing = (t: Translate, language: Language, { signedMs }: Check): string =>
  signedMs === null ? t('inspect.unsigned') : t('inspect.signed', { time: moment(language, signedMs) });
