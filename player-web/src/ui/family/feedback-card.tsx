import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Child } from '../../core/family/decode';
import { decodeFeedback, decodeWeeks, type Feedback, type OpenLesson, type Weeks, withSaid } from '../../core/family/feedback';
import { calendarDay } from '../../core/format';
import { type Translate, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { kPaceTexts, SayForm, waitingWords } from '../say/form';
import { useAsk, useLoaded } from './use-ask';
import { Waiting } from './waiting';

type Send = (body: object, done: (said: Feedback | null) => void) => void;

/** Sends what is said of the child's week, or of a lesson. */
function useSend(child: Child, lesson: string | null): Send {
  const ask = useAsk();
  return (body, done) =>
    ask({ method: 'POST', path: `/api/v1/pupils/${child.id}/feedback`, json: lesson === null ? body : { ...body, lesson }, decode: decodeFeedback }, (reply) => done(reply.kind === 'ok' ? reply.value : null));
}

function WeekForm({ child, onSaid }: { child: Child; onSaid: (said: Feedback) => void }): JSX.Element {
  const { t } = useI18n();
  return <SayForm name="week" text={t('family.say_text')} send={useSend(child, null)} onSaid={onSaid} />;
}

/** One of the lessons that are over: a line until somebody wants to say something. */
function LessonLine({ child, lesson, onSaid }: { child: Child; lesson: OpenLesson; onSaid: (said: Feedback) => void }): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = useState(false);
  const send = useSend(child, lesson.id);
  return (
    <li class="family__lesson">
      <p>
        <b>{lesson.title}</b>{' '}
        {!open && (
          <button type="button" class="link" aria-label={t('family.say_lesson_do', { title: lesson.title })} onClick={() => setOpen(true)}>
            {t('say.lesson_open')}
          </button>
        )}
      </p>
      {open && <SayForm name={lesson.id} text={t('say.lesson')} send={send} onSaid={onSaid} />}
    </li>
  );
}

function wordsOf(t: Translate, { picture, sound, pace }: Feedback): string {
  const wrong = [
    ...(picture === 'poor' ? [t('family.wrong_picture')] : []),
    ...(sound === 'poor' ? [t('family.wrong_sound')] : []),
    ...(pace === 'fits' ? [] : [t(kPaceTexts[pace])]),
  ];
  return wrong.length === 0 ? t('family.said_well') : wrong.join(' · ');
}

function Said({ said }: { said: Feedback }): JSX.Element {
  const { t, language } = useI18n();
  const { ticket } = said;
  const week = calendarDay(language, said.week);
  return (
    <li class="family__said">
      <p>
        <b>{wordsOf(t, said)}</b> <span class="family__soft">{said.lesson === null ? t('family.said_week', { date: week }) : said.lesson.title}</span>
      </p>
      {said.text !== '' && <p class="line line--mine">{said.text}</p>}
      {ticket !== null && ticket.answer === null && (
        <p class={ticket.overdue ? 'family__late' : 'family__soft'}>{waitingWords(t, language, ticket)}</p>
      )}
      {ticket !== null && ticket.answer !== null && (
        <div class="family__answer">
          <p class="family__soft">
            <Icon name="check" size={20} />
            {t('family.ticket_answered')}
          </p>
          <p class="line">{ticket.answer}</p>
        </div>
      )}
    </li>
  );
}

/** Three taps once a week, and after a lesson; what the school answered. */
export function FeedbackCard({ child }: { child: Child }): JSX.Element {
  const { t } = useI18n();
  const loaded = useLoaded(`/api/v1/pupils/${child.id}/feedback`, decodeWeeks);
  const weeks: Weeks | null = loaded.value;
  const onSaid = (said: Feedback): void => {
    if (weeks !== null) loaded.set(withSaid(weeks, said));
  };
  return (
    <section class="card family__card" aria-label={t('family.say')}>
      <h2>{t('family.say')}</h2>
      {weeks === null ? (
        <Waiting of={loaded} />
      ) : (
        <>
          {weeks.said ? (
            <p class="say__thanks" role="status">
              <Icon name="check" size={22} />
              {t('family.said_thanks')}
            </p>
          ) : (
            <WeekForm child={child} onSaid={onSaid} />
          )}
          {weeks.lessons.length > 0 && (
            <>
              <h3>{t('family.say_lessons')}</h3>
              <ul class="family__lines">
                {weeks.lessons.map((lesson) => (
                  <LessonLine key={lesson.id} child={child} lesson={lesson} onSaid={onSaid} />
                ))}
              </ul>
            </>
          )}
          {weeks.items.length > 0 && (
            <>
              {!weeks.said && <h3>{t('family.said_before')}</h3>}
              <ul class="family__lines">
                {weeks.items.map((said) => (
                  <Said key={said.lesson?.id ?? said.week} said={said} />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
