import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Child } from '../../core/family/decode';
import { bodyOf, decodeFeedback, decodeWeeks, type DeskName, type Draft, type Feedback, isWhole, kMarks, kMaxText, kNothingSaid, kPaces, type Mark, type Pace, type Weeks } from '../../core/family/feedback';
import { moment } from '../../core/format';
import { type Key, type Translate, useI18n } from '../../i18n/i18n';
import { Icon, type IconName } from '../icons';
import { useAsk, useLoaded } from './use-ask';
import { Waiting } from './waiting';

const kMarkTexts: Readonly<Record<Mark, Key>> = { good: 'family.mark_good', poor: 'family.mark_poor' };
const kPaceTexts: Readonly<Record<Pace, Key>> = { fits: 'family.pace_fits', too_fast: 'family.pace_too_fast', too_long: 'family.pace_too_long' };
const kDeskTexts: Readonly<Record<DeskName, Key>> = { office: 'family.desk_office', homeroom: 'family.desk_homeroom', technician: 'family.desk_technician' };

interface TapsProps<T extends string> {
  readonly icon: IconName;
  readonly label: string;
  readonly answers: readonly T[];
  readonly texts: Readonly<Record<T, Key>>;
  readonly chosen: T | null;
  readonly onChoose: (answer: T) => void;
}

/** One question, one tap. */
function Taps<T extends string>({ icon, label, answers, texts, chosen, onChoose }: TapsProps<T>): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="family__taps" role="radiogroup" aria-label={label}>
      <span class="family__ask" aria-hidden="true">
        <Icon name={icon} size={22} />
        {label}
      </span>
      {answers.map((answer, place) => (
        <button key={answer} type="button" class={place === 0 ? 'family__tap' : 'family__tap family__tap--bad'} role="radio" aria-checked={chosen === answer} onClick={() => onChoose(answer)}>
          {t(texts[answer])}
        </button>
      ))}
    </div>
  );
}

function Form({ child, onSaid }: { child: Child; onSaid: (said: Feedback) => void }): JSX.Element {
  const { t } = useI18n();
  const ask = useAsk();
  const [draft, setDraft] = useState<Draft>(kNothingSaid);
  const [state, setState] = useState<'open' | 'busy' | 'failed'>('open');
  const send = (event: Event): void => {
    event.preventDefault();
    if (!isWhole(draft) || state === 'busy') return;
    setState('busy');
    ask({ method: 'POST', path: `/api/v1/pupils/${child.id}/feedback`, json: bodyOf(draft), decode: decodeFeedback }, (reply) => {
      if (reply.kind === 'ok') onSaid(reply.value);
      else setState('failed');
    });
  };
  return (
    <form onSubmit={send}>
      <p class="family__soft">{t('family.say_text')}</p>
      <Taps icon="screen" label={t('family.say_picture')} answers={kMarks} texts={kMarkTexts} chosen={draft.picture} onChoose={(picture) => setDraft({ ...draft, picture })} />
      <Taps icon="sound" label={t('family.say_sound')} answers={kMarks} texts={kMarkTexts} chosen={draft.sound} onChoose={(sound) => setDraft({ ...draft, sound })} />
      <Taps icon="clock" label={t('family.say_pace')} answers={kPaces} texts={kPaceTexts} chosen={draft.pace} onChoose={(pace) => setDraft({ ...draft, pace })} />
      {isWhole(draft) && (
        <>
          <p class="entry">
            <label for="more">{t('family.say_more')}</label>
            <textarea id="more" class="entry__line family__more" rows={2} maxLength={kMaxText} aria-describedby="more-text" value={draft.text} onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })} />
          </p>
          <p id="more-text" class="family__soft">
            {t('family.say_more_text')}
          </p>
        </>
      )}
      <button type="submit" class="button button--primary family__do" disabled={!isWhole(draft) || state === 'busy'}>
        {t(state === 'busy' ? 'family.saying' : 'family.say_do')}
      </button>
      <p class="door__trouble" role="alert">
        {state === 'failed' && t('family.say_failed')}
      </p>
    </form>
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
  const date = new Date(`${said.week}T00:00:00Z`).toLocaleDateString(language, { month: 'short', day: 'numeric', timeZone: 'UTC' });
  return (
    <li class="family__said">
      <p>
        <b>{wordsOf(t, said)}</b> <span class="family__soft">{t('family.said_week', { date })}</span>
      </p>
      {said.text !== '' && <p class="line line--mine">{said.text}</p>}
      {ticket !== null && ticket.answer === null && (
        <p class={ticket.overdue ? 'family__late' : 'family__soft'}>
          {t(ticket.overdue ? 'family.ticket_overdue' : 'family.ticket_open', { desk: t(kDeskTexts[ticket.owner]), due: moment(language, ticket.dueMs) })}
        </p>
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

/** Three taps once a week, and what the school answered. */
export function FeedbackCard({ child }: { child: Child }): JSX.Element {
  const { t } = useI18n();
  const loaded = useLoaded(`/api/v1/pupils/${child.id}/feedback`, decodeWeeks);
  const weeks: Weeks | null = loaded.value;
  return (
    <section class="card family__card" aria-label={t('family.say')}>
      <h2>{t('family.say')}</h2>
      {weeks === null ? (
        <Waiting of={loaded} />
      ) : (
        <>
          {weeks.said ? (
            <p class="family__thanks" role="status">
              <Icon name="check" size={22} />
              {t('family.said_thanks')}
            </p>
          ) : (
            <Form child={child} onSaid={(said) => loaded.set({ said: true, items: [said, ...weeks.items] })} />
          )}
          {weeks.items.length > 0 && (
            <>
              {!weeks.said && <h3>{t('family.said_before')}</h3>}
              <ul class="family__lines">
                {weeks.items.map((said) => (
                  <Said key={said.week} said={said} />
                ))}
              </ul>
            </>
          )}
        </>
      )}
    </section>
  );
}
