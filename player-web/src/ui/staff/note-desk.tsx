import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { clock } from '../../core/format';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

/** Where in the lesson a note written now will be: before its first moment, at a moment
 *  (seconds), or nowhere while the teacher sees no picture. */
export type Place = 'start' | 'nowhere' | number;

export interface Target {
  /** null: the whole lesson. */
  readonly id: string | null;
  readonly label: string;
}

interface NoteDeskProps {
  readonly place: Place;
  /** Whom it may be for, the usual one first. */
  readonly targets: readonly Target[];
  readonly onSend: (to: Target, text: string) => void;
}

/** As the protocol has it. */
const kLongest = 200;

/** Writing a note: it is placed at the moment of the lesson that the teacher is at herself. */
export function NoteDesk({ place, targets, onSend }: NoteDeskProps): JSX.Element {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const to = targets[chosen] ?? targets[0];
  const left = kLongest - Array.from(text).length;
  const ready = place !== 'nowhere' && to !== undefined && text.trim() !== '' && left >= 0;
  const where = place === 'start' ? t('notes.at_start') : place === 'nowhere' ? t('notes.first') : t('notes.at', { time: clock(place) });

  const send = (): void => {
    if (!ready) return;
    onSend(to, text.trim());
    setText('');
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  return (
    <section class="note card" aria-label={t('notes.write')}>
      <label class="note__label" for="note">
        {t('notes.write')}
      </label>
      <textarea
        id="note"
        class="note__text"
        rows={2}
        data-keys="own"
        value={text}
        placeholder={t('notes.placeholder')}
        aria-describedby="note-hint"
        onInput={(event) => setText(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      {targets.length > 1 && (
        <div class="note__to" role="radiogroup" aria-label={t('notes.to')}>
          <span aria-hidden="true">{t('notes.to')}</span>
          {targets.map(({ id, label }, at) => (
            <button key={id} type="button" class="chip" role="radio" aria-checked={at === chosen} onClick={() => setChosen(at)}>
              {label}
            </button>
          ))}
        </div>
      )}
      <div class="note__do">
        <p class={left < 0 ? 'note__where note__where--bad' : 'note__where'}>{left <= 20 ? t('notes.left', { n: left }) : where}</p>
        <button type="button" class="button button--primary" disabled={!ready} onClick={send}>
          <Icon name="note" />
          {t('notes.send')}
        </button>
      </div>
      <p id="note-hint" class="note__hint">
        {t('notes.hint')}
      </p>
    </section>
  );
}
