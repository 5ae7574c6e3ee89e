import type { JSX } from 'preact';

import { calendarDay } from '../../core/format';
import { type Findings, sortedFindings } from '../../core/office/timetable';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { rowText, ruleText } from './timetable-words';

const kShown = 60;
const kRowsShown = 4;

/** What the rules say of the drafts: errors keep them from being published, warnings do not. */
export function FindingsCard({ findings }: { findings: Findings }): JSX.Element {
  const { t, language } = useI18n();
  const sorted = sortedFindings(findings.findings);
  const errors = sorted.filter(({ error }) => error).length;
  if (sorted.length === 0) {
    return (
      <p class="office__fine" role="status">
        {t('timetable.no_findings')}
      </p>
    );
  }
  return (
    <section class="card office__card">
      <div role="status">
        <h2>{t('timetable.findings', { errors, warnings: sorted.length - errors })}</h2>
      </div>
      <ul class="findings">
        {sorted.slice(0, kShown).map((finding, at) => (
          <li key={at} class={finding.error ? 'finding finding--error' : 'finding'}>
            <Icon name={finding.error ? 'attention' : 'question'} size={22} />
            <div>
              <p>
                <b>{finding.error ? t('timetable.error') : t('timetable.warning')}</b> {ruleText(t, finding)}
                {finding.week !== null && ` ${t('timetable.in_week', { date: calendarDay(language, finding.week) })}`}
              </p>
              {finding.rows.slice(0, kRowsShown).map((row, n) => (
                <p key={n} class="slot__soft">
                  {rowText(t, row)}
                </p>
              ))}
              {finding.rows.length > kRowsShown && <p class="slot__soft">{t('office.import_more', { n: finding.rows.length - kRowsShown })}</p>}
            </div>
          </li>
        ))}
      </ul>
      {sorted.length > kShown && <p>{t('office.import_more', { n: sorted.length - kShown })}</p>}
    </section>
  );
}
