import type { JSX } from 'preact';

import type { Staff } from '../../core/staff/state';
import { type Teaching, type Thread, threads } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import type { SignalHold } from '../use-signal';
import { Icon } from '../icons';
import { WriteRow } from '../write-row';

interface HelpCardProps {
  readonly staff: Staff;
  readonly teaching: Teaching | null;
  readonly say: SignalHold['say'];
}

function Talk({ thread, say }: { thread: Thread; say: SignalHold['say'] }): JSX.Element {
  const { t } = useI18n();
  const name = thread.label ?? t('desk.seat_n', { n: thread.seat });
  return (
    <details class={thread.waits ? 'help help--waits' : 'help'} open={thread.waits}>
      <summary>
        <b>{name}</b> {thread.waits ? t('desk.help_waits') : t('desk.help_answered')}
      </summary>
      {thread.lines.map(({ id, teacher, text: words }) => (
        <p key={id} class={teacher ? 'line line--mine' : 'line'}>
          {words}
        </p>
      ))}
      <WriteRow
        label={t('desk.help_to', { name })}
        action={t('desk.help_send')}
        failed={t('notes.failed')}
        onSend={(text) => say({ t: 'help', text, seat: thread.seat, room: thread.room })}
      />
    </details>
  );
}

/** Pupils who want something of her, in private: raised hands, and their questions. */
export function HelpCard({ staff, teaching, say }: HelpCardProps): JSX.Element {
  const { t } = useI18n();
  const hands = staff.rooms.flatMap((room) => room.seats.filter(({ handMs }) => handMs !== null).map((seat) => ({ room: room.id, seat })));
  hands.sort((a, b) => (a.seat.handMs ?? 0) - (b.seat.handMs ?? 0));
  const all = threads(teaching?.help ?? []);
  const waiting = all.filter(({ waits }) => waits).length + hands.length;
  return (
    <section class="card helps" aria-label={t('desk.help')}>
      <div role="status">
        <h2 class="helps__title">
          {t('desk.help')} {waiting > 0 && <span class="chip__news">{waiting}</span>}
        </h2>
      </div>
      {hands.length === 0 && all.length === 0 && <p class="helps__none">{t('desk.help_none')}</p>}
      {hands.map(({ room, seat }) => (
        <p key={`${room} ${seat.seat}`} class="helps__hand">
          <Icon name="hand" size={22} />
          <span>{t('desk.hand_of', { name: seat.label ?? t('desk.seat_n', { n: seat.seat }) })}</span>
          <button type="button" class="link" onClick={() => say({ t: 'hand', on: false, seat: seat.seat, room })}>
            {t('desk.hand_down')}
          </button>
        </p>
      ))}
      {all.map((thread) => (
        <Talk key={`${thread.room} ${thread.seat}`} thread={thread} say={say} />
      ))}
    </section>
  );
}
