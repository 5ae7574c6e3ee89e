import type { JSX } from 'preact';
import { useMemo, useReducer, useRef, useState } from 'preact/hooks';

import { decodeImported, type Imported, kKinds, type Kind, type Problem } from '../../core/office/decode';
import { isEmpty, kInitial, reduce, type State } from '../../core/office/roster-import';
import { type Key, type Translate, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { columnText, reasonText } from './import-words';
import { useCall, useDesk } from './use-call';

const kKindTexts: Readonly<Record<Kind, Key>> = {
  schools: 'office.kind_schools',
  pupils: 'office.kind_pupils',
  staff: 'office.kind_staff',
  groups: 'office.kind_groups',
};
const kShownChanges = 200;
const kShownProblems = 100;

const once = (): string => Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join('');

function Rows({ report }: { report: Imported }): JSX.Element {
  const { t } = useI18n();
  const shown = kKinds.filter((kind) => Object.values(report.rows[kind]).some((count) => count > 0));
  return (
    <table class="grid">
      <thead>
        <tr>
          <th scope="col">{t('office.import_kind')}</th>
          <th scope="col">{t('office.import_created')}</th>
          <th scope="col">{t('office.import_updated')}</th>
          <th scope="col">{t('office.import_unchanged')}</th>
        </tr>
      </thead>
      <tbody>
        {shown.map((kind) => (
          <tr key={kind}>
            <th scope="row">{t(kKindTexts[kind])}</th>
            <td>{report.rows[kind].created}</td>
            <td>{report.rows[kind].updated}</td>
            <td>{report.rows[kind].unchanged}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Problems({ title, problems, bad }: { title: string; problems: readonly Problem[]; bad: boolean }): JSX.Element | null {
  const { t } = useI18n();
  if (problems.length === 0) return null;
  const line = (t_: Translate, { line: at, column, reason }: Problem): string =>
    [t_('office.import_line', { n: at }), columnText(t_, column), reasonText(t_, reason)].filter((part) => part !== '').join(' · ');
  return (
    <section class={bad ? 'report report--bad' : 'report'}>
      <h2>{title}</h2>
      <ul>
        {problems.slice(0, kShownProblems).map((problem) => (
          <li key={`${problem.line} ${problem.column} ${problem.reason}`}>{line(t, problem)}</li>
        ))}
      </ul>
      {problems.length > kShownProblems && <p>{t('office.import_more', { n: problems.length - kShownProblems })}</p>}
    </section>
  );
}

function Changes({ report }: { report: Imported }): JSX.Element | null {
  const { t } = useI18n();
  const { changes } = report;
  if (changes.length === 0) return null;
  return (
    <details class="report">
      <summary>
        {t('office.import_changes')} ({changes.length})
      </summary>
      <ul>
        {changes.slice(0, kShownChanges).map((change, at) => (
          <li key={at}>
            {change.created ? t('office.import_new') : t('office.import_changed')} · {change.school} · {change.what}
            {change.details.length > 0 && ` · ${change.details.join(' · ')}`}
          </li>
        ))}
      </ul>
      {changes.length > kShownChanges && <p>{t('office.import_more', { n: changes.length - kShownChanges })}</p>}
    </details>
  );
}

interface SeenProps {
  readonly state: Extract<State, { kind: 'seen' }>;
  readonly onImport: () => void;
  readonly onOther: () => void;
}

/** What would happen, before anything does. */
function Seen({ state: { file, report, trouble }, onImport, onOther }: SeenProps): JSX.Element {
  const { t } = useI18n();
  const nothing = isEmpty(report);
  const bad = report.problems.length;
  return (
    <div class="card office__card">
      <div role="status">
        <h2>{t('office.import_seen', { file })}</h2>
      </div>
      <Rows report={report} />
      {nothing && bad === 0 && <p>{t('office.import_nothing')}</p>}
      <Problems title={t('office.import_problems', { n: bad })} problems={report.problems} bad />
      <Problems title={t('office.import_notes')} problems={report.notes} bad={false} />
      <Changes report={report} />
      <p class="door__trouble" role="alert">
        {trouble && t('office.import_failed')}
      </p>
      <p class="office__do">
        {!nothing && (
          <button type="button" class="button button--primary" onClick={onImport}>
            {bad > 0 ? t('office.import_do_rest') : t('office.import_do')}
          </button>
        )}
        <button type="button" class="button" onClick={onOther}>
          {t('office.import_other')}
        </button>
      </p>
    </div>
  );
}

/** A list from the school's own files: looked at, shown, and only then taken over. */
export function ImportPage(): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const [state, dispatch] = useReducer(reduce, kInitial);
  const [newSchools, setNewSchools] = useState(false);
  const file = useRef<File | null>(null);
  const key = useMemo(once, [state.kind === 'none']);
  const district = session.school === null;

  const send = (dry: boolean): void => {
    const body = file.current;
    if (body === null) return;
    const bad = state.kind === 'seen' && state.report.problems.length > 0;
    dispatch({ type: 'send', file: body.name, dry });
    const query = new URLSearchParams({ file: body.name, ...(dry ? { dry_run: 'true' } : {}), ...(bad && !dry ? { skip_bad: 'true' } : {}), ...(newSchools ? { new_schools: 'true' } : {}) });
    // Looking may be done as often as one likes; keeping once.
    call({ method: 'POST', path: `/api/v1/imports?${query.toString()}`, body, decode: decodeImported, ...(dry ? {} : { once: key }) }, (reply) =>
      dispatch({ type: 'answered', reply }),
    );
  };
  const choose = (chosen: File | undefined): void => {
    if (chosen === undefined) return;
    file.current = chosen;
    send(true);
  };
  return (
    <section aria-label={t('office.nav_import')}>
      <h1 class="office__title">{t('office.nav_import')}</h1>
      {(state.kind === 'none' || state.kind === 'unusable') && (
        <div class="card office__card">
          <p>{t('office.import_text')}</p>
          {district && (
            <label class="tick">
              <input type="checkbox" checked={newSchools} onChange={(event) => setNewSchools(event.currentTarget.checked)} />
              {t('office.import_new_schools')}
            </label>
          )}
          <label class="button button--primary file">
            {t('office.import_choose')}
            <input class="file__input" type="file" accept=".xlsx,.csv,.txt,text/csv" onChange={(event) => choose(event.currentTarget.files?.[0])} />
          </label>
          <div role="alert">
            {state.kind === 'unusable' && (
              <>
                <p class="door__trouble">{t('office.import_unusable', { file: state.file })}</p>
                <p>{state.message ?? t('office.import_no_answer')}</p>
              </>
            )}
          </div>
        </div>
      )}
      {state.kind === 'sending' && (
        <p class="list__end" role="status">
          {state.dry ? t('office.import_checking', { file: state.file }) : t('office.import_writing', { file: state.file })}
        </p>
      )}
      {state.kind === 'seen' && <Seen state={state} onImport={() => send(false)} onOther={() => dispatch({ type: 'again' })} />}
      {state.kind === 'done' && (
        <div class="card office__card">
          <div role="status">
            <h2>
              <Icon name="check" /> {t('office.import_done', { file: state.file })}
            </h2>
          </div>
          <Rows report={state.report} />
          <Problems title={t('office.import_problems', { n: state.report.problems.length })} problems={state.report.problems} bad />
          <p class="office__do">
            <button type="button" class="button" onClick={() => dispatch({ type: 'again' })}>
              {t('office.import_other')}
            </button>
          </p>
        </div>
      )}
    </section>
  );
}
