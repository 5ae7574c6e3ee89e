import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { linkOfPath } from '../core/api';
import { lessonTime, type Watching } from '../core/state';
import { useI18n } from '../i18n/i18n';
import type { Presence, Signal } from '../signal/connection';
import type { Note } from '../signal/messages';
import type { NoteBoard } from '../signal/notes';

const kDeviceKey = 'tongke.device';

function deviceId(): string {
  const fresh = Math.random().toString(36).slice(2, 12);
  try {
    const known = sessionStorage.getItem(kDeviceKey);
    if (known !== null && /^\w{1,32}$/.test(known)) return known;
    sessionStorage.setItem(kDeviceKey, fresh);
  } catch {
    // storage is switched off: this page is its own device
  }
  return fresh;
}

function presenceOf(state: Watching): Presence {
  const { step, timeline, choices } = state;
  const play =
    step === 'playing' ? (choices.audioOnly ? 'audio' : 'playing') : step === 'stalled' || step === 'starting' ? 'stalled' : 'paused';
  const mediaMs = timeline === null ? 0 : lessonTime(timeline, timeline.position) * 1000;
  return { mediaMs, state: play, rendition: choices.audioOnly ? 'audio' : null };
}

/** Tells the teacher that this viewer is here, and shows her notes at their moment of the
 *  lesson. All of it is fetched after the player, and the lesson goes on without it. */
export function Notes({ state }: { readonly state: Watching }): JSX.Element | null {
  const { t } = useI18n();
  const signal = useRef<Signal | null>(null);
  const board = useRef<NoteBoard | null>(null);
  const [, setChanges] = useState(0);
  const where = state.watch.signal;

  useEffect(() => {
    const token = linkOfPath(location.pathname);
    if (where === null || token === null) return undefined;
    let gone = false;
    import('../signal/page')
      .then(({ startSignal, signalUrl, createNoteBoard }) => {
        const url = signalUrl(where, location);
        if (gone || url === null) return;
        const notes = createNoteBoard();
        board.current = notes;
        signal.current = startSignal({
          url,
          token,
          device: deviceId(),
          screen: window.matchMedia('(hover: hover)').matches ? 'computer' : 'phone',
          onMessage(message) {
            if (message.t === 'welcome' && !message.resumed) notes.clear();
            if (message.t === 'note') notes.add(message);
            setChanges((n) => n + 1);
          },
        });
      })
      .catch(() => undefined);
    return () => {
      gone = true;
      signal.current?.stop();
      signal.current = null;
    };
  }, [where]);

  const presence = presenceOf(state);
  useEffect(() => signal.current?.presence(presence));
  const shown: readonly Note[] = state.step === 'idle' ? [] : (board.current?.at(presence.mediaMs) ?? []);
  return (
    <div class="notes" role="status" aria-live="polite">
      {shown.slice(0, 2).map((note) => (
        <p key={note.seq}>
          <b>{note.from ?? t('watch.note_teacher')}</b> {note.text}
        </p>
      ))}
    </div>
  );
}
