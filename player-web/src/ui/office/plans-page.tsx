import '../../i18n/plans';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { calendarDay, moment } from '../../core/format';
import { addDays, dayOf } from '../../core/office/days';
import { type Day, type DayPlan, decodeMade, decodePlans, decodeRemoved, type Made, mayUndo, type Step } from '../../core/office/plans';
import { type Key, type Translate, useI18n } from '../../i18n/i18n';
import { Field } from './field';
import { useCall } from './use-call';

const kKinds: readonly (readonly [drill: boolean, text: Key, hint: Key])[] = [
  [false, 'plans.real', 'plans.real_hint'],
  [true, 'plans.drill', 'plans.drill_hint'],
];
const kindText = (t: Translate, drill: boolean): string => t(drill ? 'plans.drill' : 'plans.real');
const dayText = (language: string, date: string): string => calendarDay(language, date, { weekday: 'short' });

function MadeCard({ day, made }: { day: Day; made: Made }): JSX.Element {
  const { t, language } = useI18n();
  const { lessons, rooms, links, schools, failed } = made;
  return (
    <>
      <p class="line">{t('plans.made', { day: dayText(language, day.date), schools, lessons, rooms, links })}</p>
      {failed.length === 0 ? (
        <p class="office__text">{t('plans.made_next')}</p>
      ) : (
        <>
          <p class="door__trouble">{t('plans.failed', { n: failed.length })}</p>
          <ul class="office__text">
            {failed.map(({ title, why }) => (
              <li key={title + why}>
                {title}: {why}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface SureProps {
  readonly verb: 'activate' | 'undo';
  readonly day: Day;
  readonly busy: boolean;
  readonly onYes: () => void;
  readonly onNo: () => void;
}

function Sure({ verb, day, busy, onYes, onNo }: SureProps): JSX.Element {
  const { t, language } = useI18n();
  const question: Key = verb === 'undo' ? 'plans.sure_undo' : day.drill ? 'plans.sure_drill' : 'plans.sure_real';
  return (
    <div role="alertdialog" aria-labelledby="sure" class="line">
      <p id="sure">
        <b>{t(question, { day: dayText(language, day.date) })}</b>
      </p>
      {busy ? (
        <p role="status">{t(verb === 'undo' ? 'plans.busy_undo' : 'plans.busy_activate')}</p>
      ) : (
        <p class="office__do">
          <button type="button" class="button button--primary" ref={(button) => button?.focus()} onClick={onYes}>
            {t(verb === 'undo' ? 'plans.yes_undo' : 'plans.yes_activate')}
          </button>
          <button type="button" class="button" onClick={onNo}>
            {t('plans.no')}
          </button>
        </p>
      )}
    </div>
  );
}

function Known({ plans, today, onUndo }: { plans: readonly DayPlan[]; today: string; onUndo: (day: Day) => void }): JSX.Element {
  const { t, language } = useI18n();
  if (plans.length === 0) return <p class="office__text">{t('plans.none')}</p>;
  return (
    <div class="grid-scroll" role="region" aria-label={t('plans.list')} tabIndex={0}>
      <table class="grid">
        <thead>
          <tr>
            {(['plans.column_day', 'plans.column_what', 'plans.column_lessons', 'plans.column_made', 'plans.column_do'] as const).map((column) => (
              <th key={column} scope="col">
                {t(column)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {plans.map((one) => (
            <tr key={one.plan}>
              <th scope="row">
                {dayText(language, one.date)}
                {one.reason !== '' && <span class="grid__under">{one.reason}</span>}
              </th>
              <td>{kindText(t, one.drill)}</td>
              <td>{one.lessons}</td>
              <td>{moment(language, one.madeMs)}</td>
              <td>
                {!one.active && t('plans.was_undone')}
                {mayUndo(one, today) && (
                  <button type="button" class="link" aria-label={t('plans.undo_label', { day: dayText(language, one.date), what: kindText(t, one.drill) })} onClick={() => onUndo(one)}>
                    {t('plans.undo')}
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The switch that puts a day of the whole district online, for real or as a drill, and back. */
export function PlansPage(): JSX.Element {
  const { t, language } = useI18n();
  const call = useCall();
  const today = dayOf(Date.now());
  const [date, setDate] = useState(addDays(today, 1));
  const [drill, setDrill] = useState(false);
  const [reason, setReason] = useState('');
  const [step, setStep] = useState<Step>({ kind: 'rest' });
  const [plans, setPlans] = useState<readonly DayPlan[] | 'loading' | 'failed'>('loading');
  const load = (): void =>
    call({ method: 'GET', path: '/api/v1/plans', decode: decodePlans }, (reply) => setPlans(reply.kind === 'ok' ? reply.value : 'failed'));
  useEffect(load, []);

  const ask = (verb: 'activate' | 'undo', day: Day): void => {
    setStep({ kind: 'busy', verb, day });
    const post = <T,>(more: object, decode: (value: unknown) => T, done: (value: T) => Step): void =>
      call({ method: 'POST', path: `/api/v1/plans/${verb}`, json: { date: day.date, drill: day.drill, ...more }, decode }, (reply) => {
        setStep(reply.kind === 'ok' ? done(reply.value) : { kind: 'refused', why: reply.kind === 'refused' ? reply.message : null });
        load();
      });
    if (verb === 'undo') post({}, decodeRemoved, (removed) => ({ kind: 'undone', day, removed }));
    else post(reason.trim() === '' ? {} : { reason: reason.trim() }, decodeMade, (made) => ({ kind: 'made', day, made }));
  };
  const asking = step.kind === 'sure' || step.kind === 'busy' ? step : null;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (date >= today) setStep({ kind: 'sure', verb: 'activate', day: { date, drill } });
  };
  return (
    <>
      <h1 class="office__title">{t('plans.title')}</h1>
      <form class="card office__card" onSubmit={submit}>
        <p class="office__text">{t('plans.text')}</p>
        <p class="entry">
          <label for="plan-date">{t('plans.date')}</label>
          <input id="plan-date" class="entry__line" type="date" required min={today} value={date} onInput={(event) => setDate(event.currentTarget.value)} />
        </p>
        <fieldset class="ticks ticks--explained">
          <legend>{t('plans.what')}</legend>
          {kKinds.map(([of, text, hint]) => (
            <label key={text} class="tick">
              <input type="radio" name="plan-kind" checked={drill === of} onChange={() => setDrill(of)} />
              <span>
                <b>{t(text)}</b> <span class="grid__under">{t(hint)}</span>
              </span>
            </label>
          ))}
        </fieldset>
        <Field id="plan-reason" label={t('plans.reason')} type="text" autocomplete="off" optional value={reason} onInput={setReason} />
        {asking === null && (
          <p class="office__do">
            <button type="submit" class="button button--primary" disabled={date < today}>
              {t('plans.activate', { day: date === '' ? '' : dayText(language, date) })}
            </button>
          </p>
        )}
        {asking !== null && <Sure verb={asking.verb} day={asking.day} busy={asking.kind === 'busy'} onYes={() => ask(asking.verb, asking.day)} onNo={() => setStep({ kind: 'rest' })} />}
        <div role="status">
          {step.kind === 'made' && <MadeCard day={step.day} made={step.made} />}
          {step.kind === 'undone' && <p class="line">{t('plans.undone', { day: dayText(language, step.day.date), n: step.removed })}</p>}
          {step.kind === 'refused' && <p class="door__trouble">{step.why === null ? t('plans.no_answer') : t('plans.refused', { why: step.why })}</p>}
        </div>
      </form>
      <section class="card office__card">
        <h2>{t('plans.list')}</h2>
        {plans === 'loading' && <p class="list__end">{t('office.loading')}</p>}
        {plans === 'failed' && <p class="door__trouble">{t('plans.list_failed')}</p>}
        {typeof plans !== 'string' && <Known plans={plans} today={today} onUndo={(day) => setStep({ kind: 'sure', verb: 'undo', day: { date: day.date, drill: day.drill } })} />}
      </section>
    </>
  );
}
