import { useMemo } from 'preact/hooks';

import { kInitial, type PendingNote, reduce, type Staff } from '../../core/staff/state';
import { createStore } from '../../core/store';
import { decodeStaff } from '../../signal/staff';
import { useStore } from '../hooks';
import { type SignalHold, useSignal } from '../use-signal';

export type NewNote = Omit<PendingNote, 'failed'>;

export interface StaffHold {
  readonly staff: Staff;
  readonly signal: SignalHold;
  sendNote(note: NewNote): void;
  dropNote(note: PendingNote): void;
  sendAgain(note: PendingNote): void;
  seenRefused(): void;
}

/** The people of a lesson, for a teacher's page, for as long as it is open. */
export function useStaff(where: string | null, token: string | null): StaffHold {
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const staff = useStore(store);
  const signal = useSignal({
    where,
    token,
    heard(_, frame) {
      try {
        store.dispatch({ type: 'heard', message: decodeStaff(frame), atMs: Date.now() });
      } catch {
        // a frame that makes no sense is worth less than the list
      }
    },
    line: (up, final) => store.dispatch({ type: 'line', up, final }),
  });
  return useMemo(() => {
    const sendNote = (note: NewNote): void => {
      const { room, mediaTime, text } = note;
      const sent = signal.say({ t: 'note', media_time: mediaTime, text, ...(room === null ? {} : { room }) });
      store.dispatch({ type: 'said', note, sent });
    };
    const dropNote = (note: PendingNote): void => store.dispatch({ type: 'dropped', note });
    return {
      staff,
      signal,
      sendNote,
      dropNote,
      sendAgain(note) {
        dropNote(note);
        sendNote({ room: note.room, mediaTime: note.mediaTime, text: note.text });
      },
      seenRefused: () => store.dispatch({ type: 'seen-refused' }),
    };
  }, [staff, signal.teaching]);
}
