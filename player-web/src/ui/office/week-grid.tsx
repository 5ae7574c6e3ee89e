import type { JSX } from 'preact';

import { calendarDay } from '../../core/format';
import { daysOf, type Delivery, type Entry, type Week } from '../../core/office/timetable';
import { type Key, useI18n } from '../../i18n/i18n';
import { dayText, kKindTexts } from './timetable-words';

const kDeliveryTexts: Readonly<Record<Delivery, Key>> = {
  live: 'timetable.delivery_live',
  recorded: 'timetable.delivery_recorded',
  offline: 'timetable.delivery_offline',
};

function Slot({ entry }: { entry: Entry }): JSX.Element {
  const { t } = useI18n();
  const { start, end, kind, delivery, subject, lead, goal } = entry;
  const quiet = kind === 'break' || kind === 'eye' || kind === 'exercise';
  return (
    <li class={`slot slot--${quiet ? 'quiet' : delivery}`}>
      <p class="slot__time">
        {start}–{end}
      </p>
      <p class="slot__what">
        <b>{subject || t(kKindTexts[kind])}</b> {!quiet && <span>{t(kDeliveryTexts[delivery])}</span>}
      </p>
      {lead !== '' && <p class="slot__soft">{lead}</p>}
      {goal !== '' && <p class="slot__soft">{goal}</p>}
    </li>
  );
}

/** Days side by side, one below the other on a phone. */
export function WeekGrid({ week }: { week: Week }): JSX.Element {
  const { t, language } = useI18n();
  return (
    <ol class="week">
      {daysOf(week).map(({ date, number, entries, liveMinutes }) => (
        <li key={date} class="week__day">
          <h2>
            {dayText(t, number)} <span>{calendarDay(language, date)}</span>
          </h2>
          <p class="slot__soft">{entries.length === 0 ? t('timetable.day_free') : t('timetable.day_live', { n: liveMinutes })}</p>
          <ul>
            {entries.map((entry) => (
              <Slot key={`${entry.id} ${entry.date}`} entry={entry} />
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
