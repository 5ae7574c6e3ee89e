import '../../i18n/timetable';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { calendarDay } from '../../core/format';
import { decodeClass, type Named, page } from '../../core/office/decode';
import { decodeFindings, decodeWeek, type Findings, type Week } from '../../core/office/timetable';
import { useI18n } from '../../i18n/i18n';
import { Choice } from './choice';
import { className } from './class-name';
import { ListEnd } from './list-end';
import { Publish } from './publish';
import { OneSchool } from './school-choice';
import { FindingsCard } from './findings-card';
import { TimetableImport } from './timetable-import';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';
import { WeekEditor } from './week-editor';
import { WeekGo } from './week-go';
import { WeekGrid } from './week-grid';

const readClasses = page(decodeClass);

/** A class's week: what holds, or how it would be with the drafts. */
function ClassWeek({ of, drafts, round }: { of: string; drafts: boolean; round: number }): JSX.Element {
  const { t, language } = useI18n();
  const call = useCall();
  const [monday, setMonday] = useState<string | null>(null);
  const [week, setWeek] = useState<Week | null | 'failed'>(null);
  const query = [...(monday === null ? [] : [`week=${monday}`]), ...(drafts ? ['drafts=1'] : [])].join('&');
  const load = (): void =>
    call({ method: 'GET', path: `/api/v1/timetable/classes/${of}?${query}`, decode: decodeWeek }, (reply) => setWeek(reply.kind === 'ok' ? reply.value : 'failed'));
  useEffect(load, [of, query, round]);
  const shown = week !== null && week !== 'failed' ? week.monday : monday;
  const print = `/api/v1/timetable/classes/${of}?format=html&lang=${language === 'en' ? 'en' : 'zh'}${query === '' ? '' : `&${query}`}`;
  return (
    <>
      <WeekGo shown={shown} onNow={() => setMonday(null)} onGo={setMonday}>
        <a class="button" target="_blank" rel="noopener" href={print}>
          {t('timetable.print')}
        </a>
      </WeekGo>
      {week === null && (
        <p class="list__end" role="status">
          {t('office.loading')}
        </p>
      )}
      {week === 'failed' && (
        <p class="list__end" role="alert">
          {t('office.list_failed')}{' '}
          <button type="button" class="link" onClick={load}>
            {t('office.list_again')}
          </button>
        </p>
      )}
      {week !== null && week !== 'failed' && (
        <>
          <h2 class="week__title">{t('office.week_of', { date: calendarDay(language, week.monday) })}</h2>
          {drafts && week.entries.length > 0 ? <WeekEditor of={of} week={week} onMoved={load} /> : <WeekGrid week={week} />}
          {week.entries.length === 0 && <p class="list__end">{drafts ? t('timetable.empty_drafts') : t('timetable.empty')}</p>}
        </>
      )}
    </>
  );
}

/** Drafts on their way to what holds: what the rules say, an import, publishing. */
function Drafting({ onChanged }: { onChanged: () => void }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [findings, setFindings] = useState<Findings | null>(null);
  const [busy, setBusy] = useState(false);
  const check = (): void => {
    setBusy(true);
    call({ method: 'GET', path: '/api/v1/timetable/findings', decode: decodeFindings }, (reply) => {
      setBusy(false);
      setFindings(reply.kind === 'ok' ? reply.value : null);
    });
  };
  const changed = (): void => {
    setFindings(null);
    onChanged();
  };
  return (
    <section aria-label={t('timetable.drafting')}>
      <p class="office__do">
        <button type="button" class="button" disabled={busy} onClick={check}>
          {t('timetable.check')}
        </button>
        <Publish onChanged={changed} onRefused={check} />
      </p>
      {findings !== null && <FindingsCard findings={findings} />}
      <TimetableImport onDone={changed} />
    </section>
  );
}

function School({ school }: { school: Named }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { session } = useDesk();
  const classes = usePages(`/api/v1/schools/${school.id}/classes`, readClasses);
  const [chosen, setChosen] = useState<string | null>(null);
  const [drafts, setDrafts] = useState(false);
  const [round, setRound] = useState(0);
  const changes = session.may.indexOf('change_timetable') >= 0;
  const sorted = [...classes.items].sort((a, b) => a.grade - b.grade || a.number - b.number);
  const of = sorted.find(({ id }) => id === chosen) ?? sorted[0];
  return (
    <>
      {of !== undefined && (
        <div class="week__choose">
          <Choice id="class" label={t('timetable.class')} all={sorted.map((one) => ({ id: one.id, name: className(i18n, one) }))} chosen={of.id} onChoose={setChosen} />
          {changes && (
            <div role="radiogroup" aria-label={t('timetable.edition')}>
              {[false, true].map((one) => (
                <button key={String(one)} type="button" class="chip" role="radio" aria-checked={one === drafts} onClick={() => setDrafts(one)}>
                  {one ? t('timetable.drafts') : t('timetable.published')}
                </button>
              ))}
            </div>
          )}
        </div>
      )}
      {changes && drafts && <Drafting onChanged={() => setRound(round + 1)} />}
      {of !== undefined && <ClassWeek of={of.id} drafts={drafts} round={round} />}
      <ListEnd pages={classes} empty={t('office.classes_none')} />
    </>
  );
}

/** The week of each class, and for the school's office the drafts of it. */
export function TimetablePage(): JSX.Element {
  const { t } = useI18n();
  return (
    <section aria-label={t('office.nav_timetable')}>
      <h1 class="office__title">{t('office.nav_timetable')}</h1>
      <OneSchool label={t('timetable.school')} show={(school) => <School key={school.id} school={school} />} />
    </section>
  );
}
