import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Room } from '../../core/staff/state';
import { type ChatLine, chatModeOf, kNothing, type Teaching } from '../../core/teaching';
import { type Key, useI18n } from '../../i18n/i18n';
import type { ChatMode } from '../../signal/teaching';
import type { SignalHold } from '../use-signal';
import { WriteRow } from '../write-row';

interface ChatCardProps {
  /** Her own. */
  readonly rooms: readonly Room[];
  readonly teaching: Teaching | null;
  readonly say: SignalHold['say'];
}

const kModes: readonly (readonly [ChatMode, Key, Key])[] = [
  ['off', 'notes.chat_off', 'notes.chat_off_hint'],
  ['moderated', 'notes.chat_moderated', 'notes.chat_moderated_hint'],
  ['open', 'notes.chat_open', 'notes.chat_open_hint'],
];

function Line({ line, say }: { line: ChatLine; say: SignalHold['say'] }): JSX.Element {
  const { t } = useI18n();
  const judge = (show: boolean): void => void say({ t: 'chat_judge', id: line.id, show });
  return (
    <div class={line.pending ? 'chat__line chat__line--waits' : 'chat__line'}>
      <p class="chat__words">
        <b>{line.mine ? t('notes.chat_me') : (line.from ?? t('notes.chat_pupil'))}</b> {line.text}
      </p>
      <p class="chat__do">
        {line.pending && (
          <button type="button" class="link" onClick={() => judge(true)}>
            {t('notes.chat_show')}
          </button>
        )}
        <button type="button" class="link" onClick={() => judge(false)}>
          {t('notes.chat_remove')}
        </button>
      </p>
    </div>
  );
}

/** A class's own talk: closed until its teacher opens it, and hers to tidy. */
export function ChatCard({ rooms, teaching, say }: ChatCardProps): JSX.Element | null {
  const { t } = useI18n();
  const [chosen, setChosen] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  const log = useRef<HTMLDivElement>(null);
  const room = rooms.find(({ id }) => id === chosen) ?? rooms[0];
  const all = teaching ?? kNothing;
  const lines = all.chat.filter((line) => line.room === room?.id);
  useEffect(() => {
    if (log.current !== null) log.current.scrollTop = log.current.scrollHeight;
  }, [lines.length, room?.id]);
  if (room === undefined) return null;
  const mode = chatModeOf(all, room.id);
  const waiting = all.chat.filter(({ pending }) => pending).length;
  const hint = kModes.find(([one]) => one === mode)?.[2] ?? 'notes.chat_off_hint';
  return (
    <details class="card checks chat">
      <summary>
        {t('notes.chat')} {waiting > 0 && <span class="chip__news">{waiting}</span>}
      </summary>
      {rooms.length > 1 && (
        <div role="group" aria-label={t('notes.chat_room')}>
          {rooms.map(({ id, label }) => (
            <button key={id} type="button" class="chip" aria-pressed={id === room.id} onClick={() => setChosen(id)}>
              {label ?? id}
            </button>
          ))}
        </div>
      )}
      <div role="radiogroup" aria-label={t('notes.chat_mode')}>
        {kModes.map(([one, key]) => (
          <button key={one} type="button" class="chip" role="radio" aria-checked={one === mode} onClick={() => setFailed(!say({ t: 'chat_mode', mode: one, room: room.id }))}>
            {t(key)}
          </button>
        ))}
      </div>
      <p class="chat__hint">{t(hint)}</p>
      <p class="checks__failed" role="status">
        {failed && t('notes.failed')}
      </p>
      {lines.length > 0 && (
        <div ref={log} class="chat__lines" role="log" aria-label={t('notes.chat')} tabIndex={0}>
          {lines.map((line) => (
            <Line key={line.id} line={line} say={say} />
          ))}
        </div>
      )}
      {mode !== 'off' && (
        <WriteRow label={t('notes.chat_write')} action={t('notes.chat_send')} failed={t('notes.failed')} onSend={(text) => say({ t: 'chat', room: room.id, text })} />
      )}
    </details>
  );
}
