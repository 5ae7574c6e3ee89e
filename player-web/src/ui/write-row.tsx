import '../styles/write.css';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

interface WriteRowProps {
  readonly label: string;
  /** What the button says. */
  readonly action: string;
  /** What is said when nobody was listening. */
  readonly failed: string;
  /** Nobody may write here just now. */
  readonly closed?: boolean;
  readonly longest?: number;
  /** False when nobody was listening: what was written stays. */
  readonly onSend: (text: string) => boolean;
}

/** As the protocol has it. */
const kLongest = 200;

/** A line to write on, and the button that sends it. */
export function WriteRow({ label, action, failed, closed = false, longest = kLongest, onSend }: WriteRowProps): JSX.Element {
  const [text, setText] = useState('');
  const [lost, setLost] = useState(false);
  const ready = !closed && text.trim() !== '' && Array.from(text).length <= longest;
  const send = (): void => {
    if (!ready) return;
    const sent = onSend(text.trim());
    setLost(!sent);
    if (sent) setText('');
  };
  return (
    <>
      <div class="write">
        <input
          class="field"
          type="text"
          data-keys="own"
          maxLength={longest}
          value={text}
          aria-label={label}
          placeholder={label}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && !event.isComposing && send()}
        />
        <button type="button" class="button" disabled={!ready} onClick={send}>
          {action}
        </button>
      </div>
      <p class="write__failed" role="status">
        {lost && failed}
      </p>
    </>
  );
}
