import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { type Child, decodeWeek, type Entry, type EntryKind, type LessonLink, type Week } from '../../core/family/decode';
import { daysOf, firstDay, isNow, lessonOf, nextWeek } from '../../core/family/week';
import { type Key, useI18n } from '../../i18n/i18n';
import { useLoaded } from './use-ask';
import { Waiting } from './waiting';

const kDays: readonly Key[] = ['family.day_1', 'family.day_2', 'family.day_3', 'family.day_4', 'family.day_5', 'family.day_6', 'family.day_7'];
const kKinds: Readonly<Record<EntryKind, Key>> = {
  lesson: 'family.kind_lesson',
  qa: 'family.kind_qa',
  break: 'family.kind_break',
  eye: 'family.kind_eye',
  exercise: 'family.kind_exercise',
  labour: 'family.kind_labour',
  arts: 'family.kind_arts',
  homeroom: 'family.kind_homeroom',
  parent: 'family.kind_parent',
};

function Line({ entry, nowMs, lesson }: { entry: Entry; nowMs: number; lesson: LessonLink | null }): JSX.Element {
  const { t } = useI18n();
  const title = entry.subject ?? t(kKinds[entry.kind]);
  const now = isNow(entry, nowMs);
  const over = lesson?.state === 'ended';
  const opens = lesson !== null && (over || now || lesson.state !== 'waiting');
  const pause = entry.subject === null && entry.kind !== 'lesson';
  return (
    <li class={now ? 'family__line family__line--now' : pause ? 'family__line family__line--pause' : 'family__line'}>
      <span class="family__time">{entry.live ? entry.start : t('family.any_time')}</span>
      <span class="family__what">
        <b>{title}</b>
        {(now || entry.lead !== null) && <span>{[now ? t('family.now') : null, entry.lead].filter((part) => part !== null).join(' · ')}</span>}
      </span>
      {opens && (
        <a class={over ? 'button family__open' : 'button button--primary family__open'} href={lesson.page} aria-label={t(over ? 'family.see_again_label' : 'family.go_label', { title })}>
          {t(over ? 'family.see_again' : 'family.go')}
        </a>
      )}
    </li>
  );
}

function Days({ week, lessons }: { week: Week; lessons: readonly LessonLink[] }): JSX.Element {
  const { t } = useI18n();
  const [date, setDate] = useState(() => firstDay(week));
  const [skewMs] = useState(() => Date.now() - week.nowMs); // this device's clock may be wrong
  const days = daysOf(week);
  const shown = days.find((day) => day.date === date);
  if (week.entries.length === 0) return <p class="family__soft">{t('family.week_empty')}</p>;
  return (
    <>
      <div class="family__days" role="group" aria-label={t('family.week_days')}>
        {days.map((day) => (
          <button key={day.date} type="button" class="family__day" aria-pressed={day.date === date} onClick={() => setDate(day.date)}>
            <b>{t(kDays[day.number - 1] ?? 'family.day_1')}</b>
            <span>{day.date === week.today ? t('family.today') : `${Number(day.date.slice(5, 7))}/${Number(day.date.slice(8))}`}</span>
          </button>
        ))}
      </div>
      {shown === undefined || shown.entries.length === 0 ? (
        <p class="family__soft">{t('family.week_none')}</p>
      ) : (
        <ul class="family__lines">
          {shown.entries.map((entry) => (
            <Line key={`${entry.id} ${entry.startsMs}`} entry={entry} nowMs={Date.now() - skewMs} lesson={lessonOf(entry, lessons)} />
          ))}
        </ul>
      )}
    </>
  );
}

/** This week and the next, as they are published, with the way into each lesson. */
export function WeekCard({ child }: { child: Child }): JSX.Element {
  const { t } = useI18n();
  const path = `/api/v1/pupils/${child.id}/timetable`;
  const now = useLoaded(path, decodeWeek);
  const [later, setLater] = useState<string | null>(null);
  return (
    <section class="card family__card" aria-label={t('family.week')}>
      <div class="family__head">
        <h2>{t('family.week')}</h2>
        {now.value !== null && (
          <button type="button" class="link" onClick={() => setLater(later === null ? nextWeek(now.value?.week ?? '') : null)}>
            {t(later === null ? 'family.week_next' : 'family.week_this')}
          </button>
        )}
      </div>
      {later !== null ? <LaterWeek key={later} path={`${path}?week=${later}`} /> : now.value === null ? <Waiting of={now} /> : <Days week={now.value} lessons={child.lessons} />}
    </section>
  );
}

function LaterWeek({ path }: { path: string }): JSX.Element {
  const week = useLoaded(path, decodeWeek);
  return week.value === null ? <Waiting of={week} /> : <Days week={week.value} lessons={[]} />;
}
