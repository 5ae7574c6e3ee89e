import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { HelpLine } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import type { Company } from '../use-company';

interface AskSheetProps {
  readonly company: Company;
  readonly lines: readonly HelpLine[];
  readonly onClose: () => void;
}

/** As the protocol has it. */
const kLongest = 200;

/** A pupil and her own teacher, in private: no classmate ever sees it, nor that it is there. */
export function AskSheet({ company, lines, onClose }: AskSheetProps): JSX.Element {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [lines.length]);
  const ready = company.up && !company.frozen && text.trim() !== '' && Array.from(text).length <= kLongest;
  const send = (): void => {
    if (!ready) return;
    const sent = company.say({ t: 'help', text: text.trim() });
    setFailed(!sent);
    if (sent) setText('');
  };
  return (
    <Sheet title={t('company.ask_title')} onClose={onClose}>
      <p class="sheet__text sheet__text--soft">{t('company.ask_text')}</p>
      <div class="talk" role="log" aria-label={t('company.ask_title')} tabIndex={0}>
        {lines.map(({ id, teacher, text: words }) => (
          <p key={id} class={teacher ? 'line' : 'line line--mine'}>
            <b class="aside">{teacher ? t('company.ask_teacher') : t('company.ask_me')}</b>
            {words}
          </p>
        ))}
        <div ref={end} />
      </div>
      <div class="more__row">
        <input
          class="field"
          type="text"
          data-keys="own"
          maxLength={kLongest}
          value={text}
          aria-label={t('company.ask_write')}
          placeholder={t('company.ask_write')}
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
    </Sheet>
  );
}
