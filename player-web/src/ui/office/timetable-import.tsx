import type { JSX } from 'preact';
import { useRef, useState } from 'preact/hooks';

import { decodeTaken, type Taken } from '../../core/office/timetable';
import { type Key, useI18n } from '../../i18n/i18n';
import { columnText } from './import-words';
import { useCall } from './use-call';

const kShown = 40;

const kReasons: Readonly<Record<string, Key>> = {
  missing: 'office.reason_missing',
  malformed: 'timetable.cell_malformed',
  unknown: 'timetable.cell_unknown',
  too_long: 'office.reason_too_long',
  contradiction: 'timetable.cell_contradiction',
};

type Step =
  | { readonly kind: 'none' }
  | { readonly kind: 'sending' }
  | { readonly kind: 'seen'; readonly taken: Taken }
  | { readonly kind: 'done'; readonly taken: Taken }
  | { readonly kind: 'unusable'; readonly why: string };

/** A timetable from the school's own spreadsheet: looked at, shown, and only then put into the drafts. */
export function TimetableImport({ onDone }: { onDone: () => void }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [step, setStep] = useState<Step>({ kind: 'none' });
  const file = useRef<File | null>(null);
  const send = (dry: boolean, skip: boolean): void => {
    const body = file.current;
    if (body === null) return;
    setStep({ kind: 'sending' });
    const query = new URLSearchParams({ ...(dry ? { dry_run: '1' } : {}), ...(skip ? { skip_bad: '1' } : {}) });
    call({ method: 'POST', path: `/api/v1/timetable/import?${query.toString()}`, body, decode: decodeTaken }, (reply) => {
      if (reply.kind !== 'ok') return setStep({ kind: 'unusable', why: reply.kind === 'refused' ? reply.message : t('office.import_no_answer') });
      setStep({ kind: dry || !reply.value.applied ? 'seen' : 'done', taken: reply.value });
      if (reply.value.applied) onDone();
    });
  };
  const choose = (chosen: File | undefined): void => {
    if (chosen === undefined) return;
    file.current = chosen;
    send(true, false);
  };
  const taken = step.kind === 'seen' || step.kind === 'done' ? step.taken : null;
  const bad = taken?.problems.length ?? 0;
  return (
    <details class="card office__card report">
      <summary>{t('timetable.import')}</summary>
      <p class="office__text">{t('timetable.import_text')}</p>
      <label class="button file">
        {t('office.import_choose')}
        <input class="file__input" type="file" accept=".xlsx,.csv,.txt,text/csv" onChange={(event) => choose(event.currentTarget.files?.[0])} />
      </label>
      <div role="status">
        {step.kind === 'sending' && <p class="list__end">{t('timetable.import_busy')}</p>}
        {taken !== null && (
          <p class={step.kind === 'done' ? 'office__fine' : ''}>
            {t(step.kind === 'done' ? 'timetable.import_done' : 'timetable.import_seen', { rows: taken.rows, created: taken.created, updated: taken.updated, unchanged: taken.unchanged })}
          </p>
        )}
        {step.kind === 'unusable' && <p class="door__trouble">{step.why}</p>}
      </div>
      {bad > 0 && taken !== null && (
        <div class="report--bad">
          <h2>{t('office.import_problems', { n: bad })}</h2>
          <ul>
            {taken.problems.slice(0, kShown).map(({ line, cell, column, reason }) => (
              <li key={`${line} ${cell} ${column}`}>
                {[t('office.import_line', { n: line }), ...(cell > 0 ? [t('timetable.cell', { n: cell })] : []), columnText(t, column) || column, t(kReasons[reason] ?? 'timetable.cell_wrong')].filter((part) => part !== '').join(' · ')}
              </li>
            ))}
          </ul>
        </div>
      )}
      {step.kind === 'seen' && step.taken.rows > 0 && (
        <p class="office__do">
          <button type="button" class="button button--primary" onClick={() => send(false, bad > 0)}>
            {bad > 0 ? t('office.import_do_rest') : t('timetable.import_do')}
          </button>
        </p>
      )}
    </details>
  );
}
