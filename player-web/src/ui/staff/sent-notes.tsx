import type { JSX } from 'preact';

import { clock } from '../../core/format';
import type { PendingNote, Staff } from '../../core/staff/state';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

interface SentNotesProps {
  readonly staff: Staff;
  readonly onAgain: (note: PendingNote) => void;
  readonly onDrop: (note: PendingNote) => void;
}

const kShown = 30;

/** Notes of the lesson, newest moment first, and above them those that are not there yet. */
export function SentNotes({ staff, onAgain, onDrop }: SentNotesProps): JSX.Element {
  const { t } = useI18n();
  const roomName = (id: string | null): string | null => staff.rooms.find((room) => room.id === id)?.label ?? null;
  const several = staff.rooms.length > 1;
  const notes = [...staff.notes].reverse().slice(0, kShown);
  return (
    <section class="sent" aria-label={t('notes.sent')}>
      <h2 class="sent__title">{t('notes.sent')}</h2>
      <div role="status">
        {staff.pending.map((note) => (
          <div key={`${note.room ?? ''} ${note.mediaTime} ${note.text}`} class={note.failed ? 'sent__one sent__one--failed' : 'sent__one'}>
            <p class="sent__text">{note.text}</p>
            <p class="sent__facts">
              {note.failed && <Icon name="attention" size={20} />}
              {note.failed ? t('notes.failed') : t('notes.sending')}
              {several && roomName(note.room) !== null && ` · ${t('notes.for', { room: roomName(note.room) ?? '' })}`}
            </p>
            {note.failed && (
              <p class="sent__do">
                <button type="button" class="link" onClick={() => onAgain(note)}>
                  {t('notes.again')}
                </button>
                <button type="button" class="link" onClick={() => onDrop(note)}>
                  {t('notes.drop')}
                </button>
              </p>
            )}
          </div>
        ))}
      </div>
      {notes.length === 0 && staff.pending.length === 0 && <p class="sent__facts">{t('notes.none')}</p>}
      <ul class="sent__list">
        {notes.map((note) => {
          const facts = [clock(note.mediaTime / 1000), note.from, several && roomName(note.room) !== null ? t('notes.for', { room: roomName(note.room) ?? '' }) : null];
          return (
            <li key={note.seq} class="sent__one">
              <p class="sent__text">{note.text}</p>
              <p class="sent__facts">{facts.filter((fact) => fact !== null).join(' · ')}</p>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
