import { useEffect, useRef, useState } from 'preact/hooks';

import { add, refuse, type Sibling } from '../core/siblings';
import type { State } from '../core/state';
import type { Teaching } from '../core/teaching';
import type { Saying } from '../signal/connection';
import type { Note, Who } from '../signal/messages';
import { createNoteBoard } from '../signal/notes';
import { presenceOf, useSignal } from './use-signal';

/** The school around a pupil's player: the teacher who sees that she is here, the notes. */
export interface Company {
  /** A pupil's or guardian's link that the school listens to just now. */
  readonly up: boolean;
  /** The link is open on as many devices as it may be; this one is none of them. */
  readonly crowded: boolean;
  /** The pupil's own link, not its family's. */
  readonly pupil: boolean;
  /** Texts are closed for her class just now. */
  readonly frozen: boolean;
  /** Who sits beside the child, as the school knows it. */
  readonly companion: Who;
  /** Notes to show at a moment of the lesson, newest first. */
  notesAt(mediaMs: number): readonly Note[];
  /** All of them, by media time. */
  notes(): readonly Note[];
  /** Other children at this player. */
  readonly siblings: readonly Sibling[];
  /** @param pasted  a link, or a message with one  @param own  this child's own token */
  addSibling(pasted: string, own: string): void;
  /** Private help, checks, rest; null before the school answered. */
  readonly teaching: Teaching | null;
  /** False when nobody was listening. */
  say(what: Saying): boolean;
}

/** Said when a third device comes. (docs/protocol.md, close codes) */
const kThirdDevice = 4409;

const isAudience = (role: string | null): boolean => role === 'pupil' || role === 'guardian';

/** From the moment the page knows its lesson, waiting included: a pupil in front of the
 *  blackboard is here. */
export function useCompany(state: State, token: string | null): Company {
  const board = useRef(createNoteBoard());
  const [up, setUp] = useState(false);
  const [crowded, setCrowded] = useState(false);
  const [pupil, setPupil] = useState(false);
  const [frozen, setFrozen] = useState(false);
  const [companion, setCompanion] = useState<Who>('none');
  const [siblings, setSiblings] = useState<readonly Sibling[]>([]);
  const [, setChanges] = useState(0);
  const signal = useSignal({
    where: 'watch' in state ? state.watch.signal : null,
    token,
    heard(message) {
      if (message.t === 'welcome') {
        if (!message.resumed) board.current.clear();
        setUp(isAudience(message.role));
        setPupil(message.role === 'pupil');
        setFrozen(message.frozen);
        // A device that comes back is alone at first.
        siblings.forEach((one) => one.trouble === null && signal.say({ t: 'sibling', token: one.token }));
      }
      if (message.t === 'error') setSiblings((before) => refuse(before, message.code));
      if (message.t === 'freeze') setFrozen(message.on);
      if (message.t === 'companion') setCompanion(message.who);
      if (message.t === 'note') {
        board.current.add(message, state.kind === 'watching' ? presenceOf(state).mediaMs : 0);
        setChanges((n) => n + 1);
      }
    },
    line(isUp, final) {
      if (!isUp) setUp(false);
      setCrowded(final === kThirdDevice);
    },
  });
  useEffect(() => signal.presence(state.kind === 'watching' ? presenceOf(state) : { mediaMs: 0, state: 'paused', rendition: null }));
  const addSibling = (pasted: string, own: string): void => {
    const next = add(siblings, pasted, own);
    const last = next[next.length - 1];
    if (last !== undefined && last.trouble === null) signal.say({ t: 'sibling', token: last.token });
    setSiblings(next);
  };
  return { up, crowded, pupil, frozen, companion, siblings, addSibling, notesAt: board.current.at, notes: board.current.all, teaching: signal.teaching, say: signal.say };
}
