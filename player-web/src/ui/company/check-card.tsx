import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Check } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import type { Question, Reply } from '../../signal/teaching';
import { Icon } from '../icons';
import type { Company } from '../use-company';

interface CheckCardProps {
  readonly check: Check;
  readonly company: Company;
}

interface QuestionProps {
  readonly question: Question;
  readonly answer: { readonly reply: Reply; readonly right: boolean | null } | undefined;
  readonly enabled: boolean;
  readonly onAnswer: (reply: Reply) => void;
}

/** As the protocol has decimal numbers. */
const kNumber = /^-?\d{1,9}(\.\d{1,6})?$/;

/** One question. What was answered can be answered again: the last one counts. */
function Asked({ question: { kind, text, options }, answer, enabled, onAnswer }: QuestionProps): JSX.Element {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  const chosen = answer !== undefined && 'choices' in answer.reply ? answer.reply.choices : [];
  const words = kind === 'truth' ? [t('company.check_true'), t('company.check_false')] : options;
  const pick = (at: number): void => {
    if (kind !== 'multi') return onAnswer({ choices: [at] });
    const next = chosen.indexOf(at) >= 0 ? chosen.filter((one) => one !== at) : [...chosen, at].sort((a, b) => a - b);
    if (next.length > 0) onAnswer({ choices: next });
  };
  const said = answer !== undefined && 'number' in answer.reply ? answer.reply.number : null;
  return (
    <fieldset class="asked">
      <legend>{text}</legend>
      {kind === 'number' ? (
        <div class="more__row">
          <input class="field" type="text" inputMode="decimal" data-keys="own" value={typed} aria-label={text} placeholder={said ?? ''} onInput={(event) => setTyped(event.currentTarget.value)} />
          <button type="button" class="button" disabled={!enabled || !kNumber.test(typed.trim())} onClick={() => onAnswer({ number: typed.trim() })}>
            {t('company.check_send')}
          </button>
        </div>
      ) : (
        words.map((option, at) => (
          <button key={at} type="button" class="choice asked__option" aria-pressed={chosen.indexOf(at) >= 0} disabled={!enabled} onClick={() => pick(at)}>
            <span class="choice__mark">{chosen.indexOf(at) >= 0 && <Icon name="check" size={20} />}</span>
            <span>{option}</span>
          </button>
        ))
      )}
      <p class={answer?.right === false ? 'asked__said asked__said--wrong' : 'asked__said'} role="status">
        {answer === undefined ? '' : answer.right === null ? t('company.check_got') : answer.right ? t('company.check_right') : t('company.check_wrong')}
      </p>
    </fieldset>
  );
}

/** A quick check at its moment of the lesson: below the picture, never over it. */
export function CheckCard({ check, company }: CheckCardProps): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="card check" aria-label={t('company.check')}>
      <h2 class="check__title">{t('company.check')}</h2>
      {check.items.map((question, item) => (
        <Asked
          key={item}
          question={question}
          answer={check.answers[item]}
          enabled={company.up}
          onAnswer={(reply) => company.say({ t: 'answer', check: check.seq, item, ...reply })}
        />
      ))}
    </section>
  );
}
