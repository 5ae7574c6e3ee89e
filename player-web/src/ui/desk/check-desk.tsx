import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { clock } from '../../core/format';
import { type Draft, isReady, type Item, itemOf, kEmpty, kMostOptions, withOptions } from '../../core/staff/check-draft';
import type { Check, Teaching } from '../../core/teaching';
import { type Key, useI18n } from '../../i18n/i18n';
import type { Tally } from '../../signal/teaching';
import { Icon } from '../icons';
import type { Place } from '../staff/note-desk';

interface CheckDeskProps {
  readonly place: Place;
  readonly teaching: Teaching | null;
  /** False when nobody was listening. */
  readonly onSend: (item: Item) => boolean;
}

const kKinds: readonly (readonly [Draft['kind'], Key])[] = [
  ['single', 'desk.check_single'],
  ['truth', 'desk.check_truth'],
  ['number', 'desk.check_number'],
];
const kShown = 5;

function Options({ draft, onChange }: { draft: Draft; onChange: (draft: Draft) => void }): JSX.Element {
  const { t } = useI18n();
  const words = draft.kind === 'truth' ? [t('desk.check_yes'), t('desk.check_no')] : draft.options;
  return (
    <div class="options" role="radiogroup" aria-label={t('desk.check_right')}>
      {words.map((option, at) => (
        <div key={at} class="options__one">
          <button
            type="button"
            class="chip"
            role="radio"
            aria-checked={draft.right === at}
            aria-label={t('desk.check_right_n', { n: at + 1 })}
            onClick={() => onChange({ ...draft, right: draft.right === at ? null : at })}
          >
            {draft.right === at && <Icon name="check" size={20} />}
            {at + 1}
          </button>
          {draft.kind === 'truth' ? (
            <span>{option}</span>
          ) : (
            <input
              class="field"
              type="text"
              data-keys="own"
              maxLength={60}
              value={option}
              aria-label={t('desk.check_option', { n: at + 1 })}
              placeholder={t('desk.check_option', { n: at + 1 })}
              onInput={(event) => onChange(withOptions(draft, draft.options.map((one, other) => (other === at ? event.currentTarget.value : one))))}
            />
          )}
        </div>
      ))}
      {draft.kind === 'single' && (
        <p>
          {draft.options.length < kMostOptions && (
            <button type="button" class="link" onClick={() => onChange(withOptions(draft, [...draft.options, '']))}>
              {t('desk.check_more')}
            </button>
          )}
          {draft.options.length > 2 && (
            <button type="button" class="link" onClick={() => onChange(withOptions(draft, draft.options.slice(0, -1)))}>
              {t('desk.check_less')}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** How the classes answered, added up. */
function Result({ check }: { check: Check }): JSX.Element {
  const { t } = useI18n();
  const [question] = check.items;
  const tallies = Object.values(check.tallies).map(([first]) => first).filter((one): one is Tally => one !== undefined);
  const answered = tallies.reduce((sum, one) => sum + one.answered, 0);
  const options = question?.kind === 'truth' ? [t('desk.check_yes'), t('desk.check_no')] : (question?.options ?? []);
  const right = tallies.every((one) => one.right !== null) && tallies.length > 0 ? tallies.reduce((sum, one) => sum + (one.right ?? 0), 0) : null;
  return (
    <li class="sent__one">
      <p class="sent__text">{question?.text}</p>
      <p class="sent__facts">
        {[clock(check.mediaTime / 1000), t('desk.check_answered', { n: answered }), ...(right === null ? [] : [t('desk.check_correct', { n: right })])].join(' · ')}
      </p>
      {options.map((option, at) => {
        const count = tallies.reduce((sum, one) => sum + (one.choices[at] ?? 0), 0);
        return (
          <p key={at} class="bar-line">
            <span class="bar-line__name">{option}</span>
            <meter class="bar-line__bar" min={0} max={Math.max(1, answered)} value={count} aria-label={option} />
            <span class="bar-line__count">{count}</span>
          </p>
        );
      })}
    </li>
  );
}

/** A quick check for her classes at this moment of the lesson, and how they answered. */
export function CheckDesk({ place, teaching, onSend }: CheckDeskProps): JSX.Element {
  const { t } = useI18n();
  const [draft, setDraft] = useState<Draft>(kEmpty);
  const [failed, setFailed] = useState(false);
  const ready = place !== 'nowhere' && isReady(draft);
  const checks = [...(teaching?.checks ?? [])].reverse().slice(0, kShown);
  const send = (): void => {
    const sent = onSend(itemOf(draft));
    setFailed(!sent);
    if (sent) setDraft(kEmpty);
  };
  return (
    <details class="card checks">
      <summary>{t('desk.check')}</summary>
      <div class="checks__kinds" role="radiogroup" aria-label={t('desk.check_kind')}>
        {kKinds.map(([kind, key]) => (
          <button key={kind} type="button" class="chip" role="radio" aria-checked={kind === draft.kind} onClick={() => setDraft({ ...draft, kind, right: null })}>
            {t(key)}
          </button>
        ))}
      </div>
      <input
        class="field checks__text"
        type="text"
        data-keys="own"
        maxLength={200}
        value={draft.text}
        aria-label={t('desk.check_question')}
        placeholder={t('desk.check_question')}
        onInput={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
      />
      {draft.kind === 'number' ? (
        <input
          class="field checks__text"
          type="text"
          inputMode="decimal"
          data-keys="own"
          value={draft.number}
          aria-label={t('desk.check_right_number')}
          placeholder={t('desk.check_right_number')}
          onInput={(event) => setDraft({ ...draft, number: event.currentTarget.value })}
        />
      ) : (
        <Options draft={draft} onChange={setDraft} />
      )}
      <button type="button" class="button button--primary checks__do" disabled={!ready} onClick={send}>
        {t('desk.check_send')}
      </button>
      <p class="checks__failed" role="status">
        {failed && t('notes.failed')}
      </p>
      <ul class="sent__list">
        {checks.map((check) => (
          <Result key={check.seq} check={check} />
        ))}
      </ul>
    </details>
  );
}
