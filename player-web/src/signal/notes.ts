import type { Note } from './messages';

/** How long a note stays, counted in media time. */
export const kShownMs = 20_000;
/** A player that jumps about meets notes twice; one that is a little late still sees them. */
const kMost = 500;

/** The lesson's notes, each shown when this player reaches its moment: live, in rewind and in
 *  the replay alike. */
export interface NoteBoard {
  add(note: Note): void;
  clear(): void;
  /** Those to show at a moment of the lesson, newest first. */
  at(mediaMs: number): readonly Note[];
  /** By media time. */
  all(): readonly Note[];
}

export function createNoteBoard(): NoteBoard {
  let notes: Note[] = []; // by media time, then by number
  return {
    add(note) {
      if (notes.some((known) => known.seq === note.seq)) return;
      notes.push(note);
      notes.sort((a, b) => a.mediaTime - b.mediaTime || a.seq - b.seq);
      if (notes.length > kMost) notes.shift();
    },
    clear() {
      notes = [];
    },
    all: () => notes,
    at: (mediaMs) =>
      notes.filter((note) => note.mediaTime <= mediaMs && mediaMs < note.mediaTime + kShownMs).reverse(),
  };
}
