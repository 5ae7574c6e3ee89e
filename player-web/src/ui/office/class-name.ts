import type { SchoolClass } from '../../core/office/decode';
import type { I18n } from '../../i18n/i18n';

/** A class as its reader says it. */
export function className({ t, language }: Pick<I18n, 't' | 'language'>, { label, grade, number }: Pick<SchoolClass, 'label' | 'grade' | 'number'>): string {
  return language === 'en' ? t('office.class_label', { grade, class: number }) : label;
}
