import type { JSX } from 'preact';

import { useI18n } from '../i18n/i18n';
import type { Note } from '../signal/messages';

const kMost = 2;

/** A teacher's notes, on the picture, at their moment of the lesson. */
export function Notes({ notes }: { readonly notes: readonly Note[] }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="notes" role="status" aria-live="polite">
      {notes.slice(0, kMost).map((note) => (
        <p key={note.seq}>
          <b>{note.from ?? t('watch.note_teacher')}</b> {note.text}
        </p>
      ))}
    </div>
  );
}
