import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { type ClassCounts, type ClassName, isToday, sumOf } from '../../core/office/absent';
import { decodeLesson, type OfficeLesson, page } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { className } from './class-name';
import { later } from './later';
import { ListEnd } from './list-end';
import { useDesk } from './use-call';
import { useCounts } from './use-counts';
import { usePages } from './use-pages';

const AbsentClass = later(() => import('./absent-class').then((part) => part.AbsentClass));

interface Row {
  readonly lesson: OfficeLesson;
  readonly counts: ClassCounts;
}

const readLessons = page(decodeLesson);
const kRefreshMs = 30_000;

function Rows({ rows, opens, onOpen }: { rows: readonly Row[]; opens: boolean; onOpen: (row: Row) => void }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  return (
    <div class="grid-scroll" role="region" aria-label={t('office.absent_seen')} tabIndex={0}>
      <table class="grid">
        <thead>
          <tr>
            <th scope="col">{t('office.absent_class')}</th>
            <th scope="col">{t('office.absent_seen')}</th>
            <th scope="col">{t('office.absent_unresolved')}</th>
            {opens && <th scope="col">{t('office.absent_do')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const { expected, states, of } = row.counts;
            return (
              <tr key={`${row.lesson.id} ${of.id}`} class={states.unresolved === 0 ? 'grid__soft' : ''}>
                <th scope="row">
                  {className(i18n, of)}
                  <span class="grid__under">{row.lesson.title}</span>
                </th>
                <td>
                  {expected - states.unresolved}/{expected}
                </td>
                <td class={states.unresolved > 0 ? 'grid__bad' : ''}>{states.unresolved}</td>
                {opens && (
                  <td>
                    <button type="button" class="link" aria-label={t('office.absent_open_label', { class: className(i18n, of), lesson: row.lesson.title })} onClick={() => onOpen(row)}>
                      {t('office.absent_open')}
                    </button>
                  </td>
                )}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** Today's lessons until every child has a way to each of them. @param asked  a lesson that the address names */
export function AbsentPage({ asked }: { asked: string | null }): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const lessons = usePages('/api/v1/lessons', readLessons);
  useEffect(() => {
    const timer = setInterval(lessons.refresh, kRefreshMs);
    return () => clearInterval(timer);
  });
  const now = Date.now();
  const wanted = lessons.items.filter(({ id, startedMs }) => (asked === null ? isToday(startedMs, now) : id === asked));
  const counts = useCounts(wanted.map(({ id }) => id));
  const [open, setOpen] = useState<{ readonly lesson: OfficeLesson; readonly of: ClassName } | null>(null);
  if (open !== null) return <AbsentClass lesson={open.lesson} of={open.of} onBack={() => setOpen(null)} />;
  const rows = wanted
    .flatMap((lesson) => (counts[lesson.id] ?? []).map((one): Row => ({ lesson, counts: one })))
    .sort((a, b) => b.counts.states.unresolved - a.counts.states.unresolved);
  const { unresolved } = sumOf(rows.map((row) => row.counts));
  const loaded = wanted.every(({ id }) => counts[id] !== undefined);
  return (
    <section aria-label={t('office.absent')}>
      <h1 class="office__title">{t('office.absent')}</h1>
      <p class="office__text">{t('office.absent_text')}</p>
      {asked !== null && (
        <p>
          <a class="link" href="#/absent">
            {t('office.absent_all')}
          </a>
        </p>
      )}
      {rows.length > 0 && (
        <p class={unresolved > 0 ? 'zero' : 'zero zero--done'} role="status">
          <b>{unresolved}</b> {unresolved > 0 ? t('office.absent_sum') : t('office.absent_zero')}
        </p>
      )}
      {rows.length > 0 && <Rows rows={rows} opens={session.may.indexOf('see_absent') >= 0} onOpen={({ lesson, counts: { of } }) => setOpen({ lesson, of })} />}
      {lessons.state === 'all' && loaded && rows.length === 0 ? <p class="list__end">{t('office.absent_none')}</p> : <ListEnd pages={lessons} empty={t('office.absent_none')} />}
    </section>
  );
}
