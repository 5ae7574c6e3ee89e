import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { ask } from '../../core/ask';
import { decodeAsked, decodeFeedback, type Feedback } from '../../core/family/feedback';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { SayForm, waitingWords } from './form';

function Thanks({ said }: { said: Feedback | null }): JSX.Element {
  const { t, language } = useI18n();
  return (
    <div class="say__thanks" role="status">
      <Icon name="check" size={22} />
      <p>
        {t('say.lesson_thanks')}
        {said !== null && said.ticket !== null && ` ${waitingWords(t, language, said.ticket)} ${t('say.lesson_answer')}`}
      </p>
    </div>
  );
}

/** How the lesson was, once it is over: below everything, and nothing at all when it was said already,
 *  or the link is nobody's in particular. */
export function AfterLesson({ link }: { link: string }): JSX.Element | null {
  const { t } = useI18n();
  const [state, setState] = useState<'asking' | 'open' | 'said' | Feedback>('asking');
  const [life] = useState(() => new AbortController());
  const path = `/api/v1/watch/${encodeURIComponent(link)}/feedback`;
  useEffect(() => {
    void ask('GET', path, decodeAsked, life.signal).then((answer) => {
      if (!life.signal.aborted && answer.kind === 'ok' && answer.value) setState('open');
    });
    return () => life.abort();
  }, []);
  if (state === 'asking') return null;
  const send = async (body: object, done: (said: Feedback | null) => void): Promise<void> => {
    const answer = await ask('POST', path, decodeFeedback, life.signal, body);
    if (life.signal.aborted) return;
    if (answer.kind === 'ok') return done(answer.value);
    // The answer may have got lost on its way, not the question.
    const still = await ask('GET', path, decodeAsked, life.signal);
    if (life.signal.aborted) return;
    if (still.kind === 'ok' && !still.value) setState('said');
    else done(null);
  };
  return (
    <section class="say" aria-label={t('say.lesson')}>
      <h2>{t('say.lesson')}</h2>
      {state === 'open' ? <SayForm name="lesson" text={t('say.lesson_text')} send={(body, done) => void send(body, done)} onSaid={setState} /> : <Thanks said={state === 'said' ? null : state} />}
    </section>
  );
}
