import type { JSX } from 'preact';

import { type Child, decodeTerm, type Term, type TermLesson } from '../../core/family/decode';
import { moment } from '../../core/format';
import { kStates, type PupilState } from '../../core/office/absent';
import { type Key, useI18n } from '../../i18n/i18n';
import { useLoaded } from './use-ask';
import { Waiting } from './waiting';

const kStateTexts: Readonly<Record<PupilState, Key>> = {
  live: 'family.state_live',
  tv: 'family.state_tv',
  late: 'family.state_late',
  package: 'family.state_package',
  excused: 'family.state_excused',
  unresolved: 'family.state_unresolved',
};

function Sum({ term }: { term: Term }): JSX.Element {
  const { t } = useI18n();
  const all = term.lessons.length;
  const { unresolved, excused } = term.states;
  return (
    <>
      <p class="family__sum">{t('family.term_sum', { n: all, seen: all - unresolved - excused })}</p>
      <span class="states-bar family__bar" aria-hidden="true">
        {kStates.map((state) => term.states[state] > 0 && <i key={state} class={`states-bar__${state}`} style={{ width: `${(100 * term.states[state]) / all}%` }} />)}
      </span>
      <ul class="family__states">
        {kStates.map(
          (state) =>
            term.states[state] > 0 && (
              <li key={state}>
                <i class={`family__dot states-bar__${state}`} aria-hidden="true" />
                {t(kStateTexts[state])} <b>{term.states[state]}</b>
              </li>
            ),
        )}
      </ul>
    </>
  );
}

function Missed({ lesson }: { lesson: TermLesson }): JSX.Element {
  const { t, language } = useI18n();
  return (
    <li class="family__line">
      <span class="family__what">
        <b>{lesson.title}</b>
        <span>{moment(language, lesson.startedMs)}</span>
      </span>
      {lesson.replay === null ? (
        <span class="family__soft">{t('family.no_replay')}</span>
      ) : (
        <a class="button family__open" href={lesson.replay} aria-label={t('family.see_again_label', { title: lesson.title })}>
          {t('family.see_again')}
        </a>
      )}
    </li>
  );
}

/** What became of the child in each lesson so far; what it missed first, with the way to see it again. */
export function TermCard({ child }: { child: Child }): JSX.Element {
  const { t, language } = useI18n();
  const loaded = useLoaded(`/api/v1/pupils/${child.id}/attendance`, decodeTerm);
  const term = loaded.value;
  const missed = term?.lessons.filter(({ state }) => state === 'unresolved') ?? [];
  return (
    <section class="card family__card" aria-label={t('family.term')}>
      <h2>{t('family.term')}</h2>
      {term === null && <Waiting of={loaded} />}
      {term?.lessons.length === 0 && <p class="family__soft">{t('family.term_none')}</p>}
      {term !== null && term.lessons.length > 0 && (
        <>
          <Sum term={term} />
          <h3>{missed.length === 0 ? t('family.term_all_seen') : t('family.term_missed', { n: missed.length })}</h3>
          <ul class="family__lines">
            {missed.map((lesson) => (
              <Missed key={lesson.id} lesson={lesson} />
            ))}
          </ul>
          <details class="family__all">
            <summary>{t('family.term_list')}</summary>
            <ul class="family__lines">
              {term.lessons.map((lesson) => (
                <li key={lesson.id} class="family__line">
                  <i class={`family__dot states-bar__${lesson.state}`} aria-hidden="true" />
                  <span class="family__what">
                    <b>{lesson.title}</b>
                    <span>{[moment(language, lesson.startedMs), t(kStateTexts[lesson.state]), ...(lesson.minutes > 0 ? [t('family.minutes', { n: lesson.minutes })] : []), ...(lesson.replayMinutes > 0 ? [t('family.minutes_replay', { n: lesson.replayMinutes })] : [])].join(' · ')}</span>
                  </span>
                </li>
              ))}
            </ul>
          </details>
        </>
      )}
    </section>
  );
}
