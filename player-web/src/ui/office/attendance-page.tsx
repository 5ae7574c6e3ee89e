import '../../styles/attendance.css';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { moment } from '../../core/format';
import { kStates } from '../../core/office/absent';
import { attendancePath, type By, decodeLines, each, kBy, type Line, sumLines, type Wish } from '../../core/office/attendance';
import { dayOf } from '../../core/office/days';
import { kRanges, rangeTo } from '../../core/office/chart';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { AttendanceChart, StateHeads } from './attendance-chart';
import { className } from './class-name';
import { useCall } from './use-call';

const kByTexts: Readonly<Record<By, Key>> = { lesson: 'office.attendance_by_lesson', class: 'office.attendance_by_class', school: 'office.attendance_by_school' };
function Rows({ lines }: { lines: readonly Line[] }): JSX.Element {
  const i18n = useI18n();
  const { t, language } = i18n;
  return (
    <div class="grid-scroll" role="region" aria-label={t('office.attendance_what')} tabIndex={0}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{t('office.attendance_what')}</th>
            <StateHeads />
          </tr>
        </thead>
        <tbody>
          {lines.map(({ lesson, school, of, lessons, expected, states, minutes, replayMinutes }) => (
            <tr key={`${lesson?.id ?? ''} ${school} ${of?.id ?? ''}`}>
              <th scope="row">
                {of === null ? school : `${className(i18n, of)} · ${school}`}
                <span class="grid__under">{lesson === null ? t('office.attendance_lessons', { n: lessons }) : `${moment(language, lesson.startedMs)} ${lesson.title}`}</span>
                <span class="grid__under">{t('office.attendance_minutes', { live: each(minutes, expected), replay: each(replayMinutes, expected) })}</span>
              </th>
              <td>{expected}</td>
              {kStates.map((state) => (
                <td key={state} class={state === 'unresolved' && states[state] > 0 ? 'grid__bad' : ''}>
                  {states[state]}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const kRangeTexts: Readonly<Record<(typeof kRanges)[number], Key>> = { 1: 'office.range_today', 7: 'office.range_week', 28: 'office.range_month' };

type Answer = readonly Line[] | 'loading' | 'failed' | 'refused';

/** Who was there on these days: to look at, and as a sheet to keep. Names nobody. */
export function AttendancePage(): JSX.Element {
  const { t, language } = useI18n();
  const call = useCall();
  const today = dayOf(Date.now());
  const [wish, setWish] = useState<Wish>({ from: today, to: today, by: 'lesson' });
  const [answer, setAnswer] = useState<Answer>('loading');
  useEffect(() => {
    let wanted = true;
    setAnswer('loading');
    call({ method: 'GET', path: attendancePath(wish), decode: decodeLines }, (reply) => {
      if (wanted) setAnswer(reply.kind === 'ok' ? reply.value : reply.kind === 'refused' ? 'refused' : 'failed');
    });
    return () => {
      wanted = false;
    };
  }, [wish.from, wish.to, wish.by]);
  const lines = typeof answer === 'string' ? [] : answer;
  const { expected, states } = sumLines(lines);
  return (
    <section class="attendance" aria-label={t('office.nav_attendance')}>
      <h1 class="office__title">{t('office.nav_attendance')}</h1>
      <p class="office__text">{t('office.attendance_text')}</p>
      <div class="attendance__ranges" role="group" aria-label={t('office.range')}>
        {kRanges.map((days) => {
          const range = rangeTo(today, days);
          return (
            <button key={days} type="button" class="chip" aria-pressed={range.from === wish.from && range.to === wish.to} onClick={() => setWish({ ...wish, ...range })}>
              {t(kRangeTexts[days])}
            </button>
          );
        })}
      </div>
      <div class="attendance__wish">
        <label>
          {t('office.attendance_from')}
          <input class="entry__line" type="date" required value={wish.from} onChange={({ currentTarget: { value } }) => value !== '' && setWish({ ...wish, from: value, to: value > wish.to ? value : wish.to })} />
        </label>
        <label>
          {t('office.attendance_to')}
          <input class="entry__line" type="date" required value={wish.to} min={wish.from} onChange={({ currentTarget: { value } }) => value !== '' && setWish({ ...wish, to: value })} />
        </label>
        <label>
          {t('office.attendance_by')}
          <select class="entry__line" value={wish.by} onChange={({ currentTarget: { value } }) => setWish({ ...wish, by: kBy.find((by) => by === value) ?? 'lesson' })}>
            {kBy.map((by) => (
              <option key={by} value={by}>
                {t(kByTexts[by])}
              </option>
            ))}
          </select>
        </label>
      </div>
      {lines.length > 0 && (
        <>
          <p class="office__do">
            <a class="button" href={attendancePath(wish, { format: 'xlsx', language })} download>
              <Icon name="download" size={20} />
              {t('office.attendance_xlsx')}
            </a>
            <a class="button" href={attendancePath(wish, { format: 'csv', language })} download>
              {t('office.sheet_csv')}
            </a>
          </p>
          <p class={states.unresolved > 0 ? 'zero' : 'zero zero--done'} role="status">
            <b>{states.unresolved}</b> {t('office.attendance_sum', { n: expected })}
          </p>
          <AttendanceChart lines={lines} wish={wish} states={states} expected={expected} />
          <Rows lines={lines} />
        </>
      )}
      {typeof answer === 'string' ? (
        <p class="list__end" role="status">
          {t(answer === 'loading' ? 'office.attendance_loading' : answer === 'refused' ? 'office.attendance_refused' : 'office.list_failed')}
        </p>
      ) : (
        lines.length === 0 && <p class="list__end">{t('office.attendance_none')}</p>
      )}
    </section>
  );
}
