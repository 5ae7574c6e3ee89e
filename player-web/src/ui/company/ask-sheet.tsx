import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { HelpLine } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import type { Company } from '../use-company';
import { ClassTalk } from './class-talk';
import { WriteRow } from '../write-row';

interface AskSheetProps {
  readonly company: Company;
  readonly lines: readonly HelpLine[];
  /** Her class may talk just now: this is the second half of the sheet. */
  readonly chat: boolean;
  readonly onClose: () => void;
}

/** What was said, the newest in sight. */
export function Talk({ label, size, children }: { label: string; size: number; children: ComponentChildren }): JSX.Element {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => end.current?.scrollIntoView({ block: 'nearest' }), [size]);
  return (
    <div class="talk" role="log" aria-label={label} tabIndex={0}>
      {children}
      <div ref={end} />
    </div>
  );
}

/** A pupil and her own teacher, in private: no classmate ever sees it, nor that it is there. */
function Private({ company, lines }: Pick<AskSheetProps, 'company' | 'lines'>): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <p class="sheet__text sheet__text--soft">{t('company.ask_text')}</p>
      <Talk label={t('company.ask_title')} size={lines.length}>
        {lines.map(({ id, teacher, text: words }) => (
          <p key={id} class={teacher ? 'line' : 'line line--mine'}>
            <b class="aside">{teacher ? t('company.ask_teacher') : t('company.ask_me')}</b>
            {words}
          </p>
        ))}
      </Talk>
      <WriteRow label={t('company.ask_write')} action={t('company.ask_send')} failed={t('company.ask_failed')} closed={!company.up || company.frozen} onSend={(text) => company.say({ t: 'help', text })} />
    </>
  );
}

export function AskSheet({ company, lines, chat, onClose }: AskSheetProps): JSX.Element {
  const { t } = useI18n();
  const [toClass, setToClass] = useState(false);
  return (
    <Sheet title={chat ? t('company.talk') : t('company.ask_title')} onClose={onClose}>
      {chat && (
        <div class="more__sizes" role="radiogroup" aria-label={t('company.talk_which')}>
          {[false, true].map((one) => (
            <button key={String(one)} type="button" class="size" role="radio" aria-checked={one === toClass} onClick={() => setToClass(one)}>
              {one ? t('company.talk_class') : t('company.talk_teacher')}
            </button>
          ))}
        </div>
      )}
      {chat && toClass ? <ClassTalk company={company} /> : <Private company={company} lines={lines} />}
    </Sheet>
  );
}
