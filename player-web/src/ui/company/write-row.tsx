import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { useI18n } from '../../i18n/i18n';

interface WriteRowProps {
  readonly label: string;
  /** Nobody may write here just now. */
  readonly closed: boolean;
  /** False when nobody was listening: what was written stays. */
  readonly onSend: (text: string) => boolean;
}

/** As the protocol has it. */
const kLongest = 200;

/** A line to write on, and the button that sends it. */
export function WriteRow({ label, closed, onSend }: WriteRowProps): JSX.Element {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const ready = !closed && text.trim() !== '' && Array.from(text).length <= kLongest;
  const send = (): void => {
    if (!ready) return;
    const sent = onSend(text.trim());
    setFailed(!sent);
    if (sent) setText('');
  };
  return (
    <>
      <div class="more__row">
        <input
          class="field"
          type="text"
          data-keys="own"
          maxLength={kLongest}
          value={text}
          aria-label={label}
          placeholder={label}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && !event.isComposing && send()}
        />
        <button type="button" class="button" disabled={!ready} onClick={send}>
          {t('company.ask_send')}
        </button>
      </div>
      <p class="more__text more__text--bad" role="status">
        {failed && t('company.ask_failed')}
      </p>
    </>
  );
}
