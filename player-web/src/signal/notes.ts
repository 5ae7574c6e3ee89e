import type { Note } from './messages';

/** How long a note stays, counted in media time. */
export const kShownMs = 20_000;
/** One that comes so long after its moment is still shown: the teacher who wrote it may have been further behind. */
const kLateMs = 60_000;
const kMost = 500;

/** The lesson's notes, each shown when this player reaches its moment: live, in rewind and in
 *  the replay alike. */
export interface NoteBoard {
  /** @param mediaMs  where this player is as it comes */
  add(note: Note, mediaMs: number): void;
  clear(): void;
  /** Those to show at a moment of the lesson, newest first. */
  at(mediaMs: number): readonly Note[];
  /** By media time. */
  all(): readonly Note[];
}

export function createNoteBoard(): NoteBoard {
  let notes: Note[] = []; // by media time, then by number
  let late: Readonly<Record<number, number>> = {}; // when those came that came late, by number
  const shows = (from: number | undefined, mediaMs: number): boolean => from !== undefined && from <= mediaMs && mediaMs < from + kShownMs;
  return {
    add(note, mediaMs) {
      if (notes.some((known) => known.seq === note.seq)) return;
      notes.push(note);
      notes.sort((a, b) => a.mediaTime - b.mediaTime || a.seq - b.seq);
      if (notes.length > kMost) notes.shift();
      if (note.mediaTime < mediaMs && mediaMs < note.mediaTime + kLateMs) late = { ...late, [note.seq]: mediaMs };
    },
    clear() {
      notes = [];
      late = {};
    },
    all: () => notes,
    at: (mediaMs) => notes.filter(({ seq, mediaTime }) => shows(mediaTime, mediaMs) || shows(late[seq], mediaMs)).reverse(),
  };
}
