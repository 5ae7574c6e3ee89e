import type { JSX } from 'preact';

import { kNothing } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import type { Company } from '../use-company';
import { Talk } from './ask-sheet';
import { WriteRow } from '../write-row';

/** The class's own talk, where its teacher opened it. Classmates have no names here. */
export function ClassTalk({ company }: { company: Company }): JSX.Element {
  const { t } = useI18n();
  const { chat, chatModes } = company.teaching ?? kNothing;
  const moderated = Object.keys(chatModes).some((room) => chatModes[room] === 'moderated');
  const who = (teacher: boolean, mine: boolean, from: string | null): string =>
    mine ? t('company.ask_me') : teacher ? (from ?? t('company.ask_teacher')) : t('company.chat_pupil');
  return (
    <>
      <p class="sheet__text sheet__text--soft">{!company.pupil ? t('company.chat_guardian') : moderated ? t('company.chat_moderated') : t('company.chat_text')}</p>
      <Talk label={t('company.talk_class')} size={chat.length}>
        {chat.length === 0 && <p class="sheet__text--soft">{t('company.chat_none')}</p>}
        {chat.map(({ id, teacher, mine, from, text, pending }) => (
          <p key={id} class={mine ? 'line line--mine' : 'line'}>
            <b>{who(teacher, mine, from)}</b> {text} {pending && <span class="line__waits">{t('company.chat_waits')}</span>}
          </p>
        ))}
      </Talk>
      {company.pupil && <WriteRow label={t('company.chat_write')} action={t('company.ask_send')} failed={t('company.ask_failed')} closed={!company.up || company.frozen} onSend={(text) => company.say({ t: 'chat', text })} />}
    </>
  );
}
