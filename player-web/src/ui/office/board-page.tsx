import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { timeOfDay } from '../../core/format';
import { sorted, summary } from '../../core/office/board';
import { type ClassCounts, isToday, sumOf } from '../../core/office/absent';
import { decodeLesson, type OfficeLesson, page } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { LessonForm } from './lesson-form';
import { kLessonStates } from './lesson-words';
import { ListEnd } from './list-end';
import { OnDuty } from './on-duty';
import { Unwatched } from './unwatched';
import { useCall, useDesk } from './use-call';
import { useCounts } from './use-counts';
import { usePages } from './use-pages';

const kRefreshMs = 10_000;
const readLessons = page(decodeLesson);

interface RowProps {
  readonly lesson: OfficeLesson;
  /** Of its classes; empty while not known. */
  readonly counts: readonly ClassCounts[];
  readonly manages: boolean;
  readonly onEnd: () => void;
  readonly onStart: () => void;
}

function Row({ lesson, counts, manages, onEnd, onStart }: RowProps): JSX.Element {
  const { t, language } = useI18n();
  const { state, startedMs, rooms } = lesson;
  const time = startedMs === null ? null : timeOfDay(language, startedMs);
  const sheets = rooms.filter(({ classId }) => classId !== null);
  return (
    <li class={`lesson-row lesson-row--${state}`}>
      <p class="lesson-row__state">
        <b>{t(kLessonStates[state])}</b> {time !== null && t('office.lesson_since', { time })}
      </p>
      <h2 class="lesson-row__title">{lesson.title}</h2>
      <p>{lesson.lead === null ? t('office.lesson_no_lead') : t('office.lesson_lead', { name: lesson.lead })}</p>
      {rooms.length === 0 ? (
        <p class="lesson-row__soft">{t('office.lesson_open')}</p>
      ) : (
        <ul class="lesson-row__rooms">
          {rooms.map((room) => (
            <li key={room.id} class={room.teacher === null ? 'lesson-row__alone' : ''}>
              {room.teacher === null ? t('office.room_alone', { room: room.label }) : t('office.room_teacher', { room: room.label, name: room.teacher })}
              <Missing of={counts.find(({ of }) => of.id === room.classId)} />
            </li>
          ))}
        </ul>
      )}
      <p class="office__do">
        {sheets.map(({ id, label, classId }) => (
          <a key={id} class="link" target="_blank" rel="noopener" href={`/api/v1/classes/${classId ?? ''}/links?lesson=${lesson.id}&language=${language === 'en' ? 'en' : 'zh'}`}>
            {t('office.lesson_sheets')} {label}
          </a>
        ))}
        {manages && (state === 'ended' ? <button type="button" class="link" onClick={onStart}>{t('office.lesson_start')}</button> : <button type="button" class="link" onClick={onEnd}>{t('office.lesson_end')}</button>)}
      </p>
    </li>
  );
}

function Missing({ of }: { of: ClassCounts | undefined }): JSX.Element | null {
  const { t } = useI18n();
  return of === undefined || of.absent === 0 ? null : <b class="lesson-row__missing">{t('office.room_absent', { n: of.absent })}</b>;
}

/** The lessons that this account may see, those that need somebody first; renewed by itself. */
export function BoardPage(): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const lessons = usePages('/api/v1/lessons', readLessons);
  const [ending, setEnding] = useState<OfficeLesson | null>(null);
  const [making, setMaking] = useState(false);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const timer = setInterval(lessons.refresh, kRefreshMs);
    return () => clearInterval(timer);
  });
  const manages = session.may.indexOf('manage_lessons') >= 0;
  const change = ({ id }: OfficeLesson, to: 'start' | 'end'): void => {
    setEnding(null);
    call({ method: 'POST', path: `/api/v1/lessons/${id}/${to}`, decode: decodeLesson }, (reply) => {
      setSaid(reply.kind === 'ok' ? '' : t('office.lesson_failed'));
      lessons.refresh();
    });
  };
  const { onAir, alone } = summary(lessons.items);
  const now = Date.now();
  const seesCounts = session.may.indexOf('see_counts') >= 0;
  const counts = useCounts(seesCounts ? lessons.items.filter(({ startedMs }) => isToday(startedMs, now)).map(({ id }) => id) : []);
  const { absent } = sumOf(Object.keys(counts).flatMap((id) => counts[id] ?? []));
  return (
    <section aria-label={t('office.board')}>
      <div class="office__bar">
        <h1 class="office__title">{t('office.board')}</h1>
        {manages && !making && (
          <button type="button" class="button" onClick={() => setMaking(true)}>
            {t('office.lesson_new')}
          </button>
        )}
      </div>
      <p class="office__sum" role="status">
        <b>{t('office.board_live', { n: onAir })}</b> {alone > 0 && <b class="office__alone">{t('office.board_alone', { n: alone })}</b>}{' '}
        {absent > 0 && (
          <a class="office__alone" href="#/absent">
            {t('office.board_absent', { n: absent })}
          </a>
        )}{' '}
        {said}
      </p>
      <OnDuty />
      {seesCounts && <Unwatched />}
      {making && (
        <LessonForm
          onClose={() => setMaking(false)}
          onMade={(title) => {
            setMaking(false);
            setSaid(t('office.lesson_made', { title }));
            lessons.refresh();
          }}
        />
      )}
      <ul class="lesson-rows">
        {sorted(lessons.items).map((lesson) => (
          <Row key={lesson.id} lesson={lesson} counts={counts[lesson.id] ?? []} manages={manages} onEnd={() => setEnding(lesson)} onStart={() => change(lesson, 'start')} />
        ))}
      </ul>
      <ListEnd pages={lessons} empty={t('office.board_none')} />
      {ending !== null && (
        <Sheet title={t('office.lesson_end_ask', { title: ending.title })} closeText={t('office.lesson_end_no')} onClose={() => setEnding(null)}>
          <button type="button" class="button button--live sheet__do" onClick={() => change(ending, 'end')}>
            {t('office.lesson_end_yes')}
          </button>
        </Sheet>
      )}
    </section>
  );
}
