import '../../styles/say.css';
import '../../i18n/say';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { bodyOf, type DeskName, type Draft, type Feedback, isWhole, kMarks, kMaxText, kNothingSaid, kPaces, type Mark, type Pace, type Ticket } from '../../core/family/feedback';
import { moment } from '../../core/format';
import { type Key, type Translate, useI18n } from '../../i18n/i18n';
import { Icon, type IconName } from '../icons';

const kMarkTexts: Readonly<Record<Mark, Key>> = { good: 'say.mark_good', poor: 'say.mark_poor' };
export const kPaceTexts: Readonly<Record<Pace, Key>> = { fits: 'say.pace_fits', too_fast: 'say.pace_too_fast', too_long: 'say.pace_too_long' };
const kDeskTexts: Readonly<Record<DeskName, Key>> = { office: 'say.desk_office', homeroom: 'say.desk_homeroom', technician: 'say.desk_technician', principal: 'say.desk_principal' };

/** Whose it is and by when, of a ticket that nobody has answered. */
export const waitingWords = (t: Translate, language: string, ticket: Ticket): string =>
  t(ticket.overdue ? 'say.ticket_overdue' : 'say.ticket_open', { desk: t(kDeskTexts[ticket.owner]), due: moment(language, ticket.dueMs) });

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
    <div class="say__taps" role="radiogroup" aria-label={label}>
      <span class="say__ask" aria-hidden="true">
        <Icon name={icon} size={22} />
        {label}
      </span>
      {answers.map((answer, place) => (
        <button key={answer} type="button" class={place === 0 ? 'say__tap' : 'say__tap say__tap--bad'} role="radio" aria-checked={chosen === answer} onClick={() => onChoose(answer)}>
          {t(texts[answer])}
        </button>
      ))}
    </div>
  );
}

interface SayFormProps {
  /** Makes the ids of its fields. */
  readonly name: string;
  readonly text: string;
  /** Sends it; null: it did not arrive. */
  readonly send: (body: object, done: (said: Feedback | null) => void) => void;
  readonly onSaid: (said: Feedback) => void;
}

/** Three taps, and what somebody wants to add. */
export function SayForm({ name, text, send, onSaid }: SayFormProps): JSX.Element {
  const { t } = useI18n();
  const [draft, setDraft] = useState<Draft>(kNothingSaid);
  const [state, setState] = useState<'open' | 'busy' | 'failed'>('open');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isWhole(draft) || state === 'busy') return;
    setState('busy');
    send(bodyOf(draft), (said) => (said === null ? setState('failed') : onSaid(said)));
  };
  const id = `more-${name}`;
  return (
    <form onSubmit={submit}>
      <p class="say__soft">{text}</p>
      <Taps icon="screen" label={t('say.picture')} answers={kMarks} texts={kMarkTexts} chosen={draft.picture} onChoose={(picture) => setDraft({ ...draft, picture })} />
      <Taps icon="sound" label={t('say.sound')} answers={kMarks} texts={kMarkTexts} chosen={draft.sound} onChoose={(sound) => setDraft({ ...draft, sound })} />
      <Taps icon="clock" label={t('say.pace')} answers={kPaces} texts={kPaceTexts} chosen={draft.pace} onChoose={(pace) => setDraft({ ...draft, pace })} />
      {isWhole(draft) && (
        <>
          <p class="say__entry">
            <label for={id}>{t('say.more')}</label>
            <textarea id={id} class="say__more" rows={2} maxLength={kMaxText} aria-describedby={`${id}-text`} value={draft.text} onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })} />
          </p>
          <p id={`${id}-text`} class="say__soft">
            {t('say.more_text')}
          </p>
        </>
      )}
      <button type="submit" class="button button--primary say__do" disabled={!isWhole(draft) || state === 'busy'}>
        {t(state === 'busy' ? 'say.busy' : 'say.do')}
      </button>
      <p class="say__trouble" role="alert">
        {state === 'failed' && t('say.failed')}
      </p>
    </form>
  );
}
