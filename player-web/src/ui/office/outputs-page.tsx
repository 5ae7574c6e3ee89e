import '../../styles/cards.css';
import '../../styles/outputs.css';
import '../../i18n/outputs';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { sorted } from '../../core/office/board';
import { decodeLesson, type OfficeLesson, page } from '../../core/office/decode';
import { decodeOutputs, type Outputs, outputsPath, withOutput } from '../../core/office/outputs';
import { useI18n } from '../../i18n/i18n';
import { kLessonStates } from './lesson-words';
import { ListEnd } from './list-end';
import { OutputCard } from './output-card';
import { useCall } from './use-call';
import { usePages } from './use-pages';

const readLessons = page(decodeLesson);
const kLessonsEveryMs = 10_000;
const kOutputsEveryMs = 2_000;

/** Where one lesson goes, renewed by itself. */
function LessonOutputs({ lesson }: { lesson: string }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [outputs, setOutputs] = useState<Outputs | 'missing' | null>(null);
  const [stale, setStale] = useState(false);
  const ask = (): void =>
    call({ method: 'GET', path: outputsPath(lesson), decode: decodeOutputs }, (reply) => {
      setStale(reply.kind === 'failed' || reply.kind === 'refused');
      if (reply.kind === 'ok') setOutputs(reply.value);
      else if (reply.kind === 'missing') setOutputs('missing');
    });
  useEffect(() => {
    ask();
    const timer = setInterval(ask, kOutputsEveryMs);
    return () => clearInterval(timer);
  }, []);
  if (outputs === 'missing') return <p class="list__end">{t('outputs.not_yours')}</p>;
  return (
    <>
      {stale && (
        <p class="door__trouble" role="alert">
          {t('outputs.stale')}
        </p>
      )}
      {outputs === null && !stale && (
        <p class="list__end" role="status">
          {t('office.loading')}
        </p>
      )}
      {outputs !== null && outputs.destinations.length === 0 && <p class="list__end">{t('outputs.none')}</p>}
      {outputs !== null && (
        <ul class="office__cards">
          {outputs.destinations.map((to) => (
            <OutputCard
              key={to.name}
              lesson={lesson}
              to={to}
              output={outputs.items.find(({ destination }) => destination === to.name)}
              onSaid={(output) => setOutputs(withOutput(outputs, output))}
              onStopped={ask}
            />
          ))}
        </ul>
      )}
    </>
  );
}

/** Lessons on air or to come, on their way to cable and other platforms. @param asked  a lesson that the address names */
export function OutputsPage({ asked }: { asked: string | null }): JSX.Element {
  const { t } = useI18n();
  const lessons = usePages('/api/v1/lessons', readLessons);
  useEffect(() => {
    const timer = setInterval(lessons.refresh, kLessonsEveryMs);
    return () => clearInterval(timer);
  });
  const open = sorted(lessons.items).filter(({ state, id }) => state !== 'ended' || id === asked);
  const shown = open.find(({ id }) => id === asked) ?? open[0];
  const words = ({ state, title, rooms }: OfficeLesson): string => t('outputs.lesson_option', { state: t(kLessonStates[state]), title, rooms: rooms.map(({ label }) => label).join(' · ') });
  return (
    <section aria-label={t('office.nav_outputs')}>
      <h1 class="office__title">{t('office.nav_outputs')}</h1>
      <p class="office__text">{t('outputs.text')}</p>
      {shown !== undefined && (
        <p class="entry">
          <label for="lesson">{t('outputs.lesson')}</label>
          <select id="lesson" class="entry__line" value={shown.id} onChange={(event) => (location.hash = `#/outputs/${event.currentTarget.value}`)}>
            {open.map((lesson) => (
              <option key={lesson.id} value={lesson.id}>
                {words(lesson)}
              </option>
            ))}
          </select>
        </p>
      )}
      {shown === undefined && lessons.items.length > 0 && <p class="list__end">{t('outputs.lessons_none')}</p>}
      {shown !== undefined && <LessonOutputs key={shown.id} lesson={shown.id} />}
      <ListEnd pages={lessons} empty={t('outputs.lessons_none')} />
    </section>
  );
}
