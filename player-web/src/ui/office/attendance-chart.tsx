import type { JSX } from 'preact';
import { useMemo } from 'preact/hooks';

import { timeOfDay } from '../../core/format';
import { kStates, type PupilState, type States } from '../../core/office/absent';
import type { Line, Wish } from '../../core/office/attendance';
import { type Bar, barsOf, kMostBars, type Unit, unitOf } from '../../core/office/chart';
import { type Key, useI18n } from '../../i18n/i18n';
import { className } from './class-name';
import { later } from './later';

// The library comes when there is something to draw.
const StackedBars = later(() => import('./stacked-bars').then((part) => part.StackedBars));

export const kStateTexts: Readonly<Record<PupilState, Key>> = {
  live: 'office.attended_live',
  tv: 'office.attended_tv',
  late: 'office.attended_late',
  package: 'office.attended_package',
  excused: 'office.attended_excused',
  unresolved: 'office.attended_unresolved',
};
const kUnitTexts: Readonly<Record<Unit, Key>> = {
  day: 'office.chart_day',
  week: 'office.chart_week',
  lesson: 'office.chart_lesson',
  class: 'office.chart_class',
  school: 'office.chart_school',
};
const kClasses = kStates.map((state) => `state--${state}`);

function useNames(unit: Unit): (bar: Bar) => string {
  const i18n = useI18n();
  const { language } = i18n;
  return ({ key, line }) => {
    if (unit === 'day' || unit === 'week') return new Date(`${key}T12:00:00`).toLocaleDateString(language, { month: 'numeric', day: 'numeric' });
    if (line === null) return key;
    if (unit === 'lesson' && line.lesson !== null) return `${timeOfDay(language, line.lesson.startedMs)} ${line.lesson.title}`;
    return unit === 'class' && line.of !== null ? className(i18n, line.of) : line.school;
  };
}

/** Heads of the columns of numbers: how many were expected, and how many in which state. */
export function StateHeads(): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <th scope="col">{t('office.attendance_expected')}</th>
      {kStates.map((state) => (
        <th key={state} scope="col">
          {t(kStateTexts[state])}
        </th>
      ))}
    </>
  );
}

/** The same numbers, to read and to hear. */
function Numbers({ bars, unit, nameOf }: { bars: readonly Bar[]; unit: Unit; nameOf: (bar: Bar) => string }): JSX.Element {
  const { t } = useI18n();
  return (
    <details class="report">
      <summary>{t('office.chart_table')}</summary>
      <div class="grid-scroll" role="region" aria-label={t('office.chart_table')} tabIndex={0}>
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{t(kUnitTexts[unit])}</th>
              <StateHeads />
            </tr>
          </thead>
          <tbody>
            {bars.map((bar) => (
              <tr key={bar.key}>
                <th scope="row">{nameOf(bar)}</th>
                <td>{bar.expected}</td>
                {kStates.map((state) => (
                  <td key={state}>{bar.states[state]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

/** How many were in which state: by day or week over some days, else by what was asked for. */
export function AttendanceChart({ lines, wish, states, expected }: { lines: readonly Line[]; wish: Wish; states: States; expected: number }): JSX.Element {
  const { t, language } = useI18n();
  const unit = unitOf(wish);
  const nameOf = useNames(unit);
  const bars = useMemo(() => barsOf(lines, wish), [lines]);
  const shown = bars.slice(0, kMostBars);
  const stacks = useMemo(() => shown.map((bar) => ({ label: nameOf(bar), values: kStates.map((state) => bar.states[state]) })), [bars, language]);
  const said = kStates.map((state) => `${t(kStateTexts[state])} ${states[state]}`).join(t('office.chart_and'));
  return (
    <figure class="card office__card chart-card">
      <figcaption>
        <h2>{t('office.chart', { unit: t(kUnitTexts[unit]) })}</h2>
      </figcaption>
      <ul class="chart__legend">
        {kStates.map((state) => (
          <li key={state}>
            <i class={`state--${state}`} aria-hidden="true" />
            {t(kStateTexts[state])} <b>{states[state]}</b>
          </li>
        ))}
      </ul>
      <StackedBars summary={t('office.chart_summary', { n: bars.length, expected, said })} stacks={stacks} classes={kClasses} lying={unit !== 'day' && unit !== 'week'} />
      {bars.length > shown.length && <p class="office__text">{t('office.import_more', { n: bars.length - shown.length })}</p>}
      <Numbers bars={bars} unit={unit} nameOf={nameOf} />
    </figure>
  );
}
