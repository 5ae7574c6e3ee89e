import type { ChatMode, Question, Reply, Rest, Tally } from '../signal/teaching';

/** What is asked and said in a lesson, as one page knows it: a pupil's her own, a teacher's her
 *  classes'. Whatever is told is already what its reader may see. */

export interface HelpLine {
  /** Grows; a line told twice is one. */
  readonly id: number;
  readonly room: string;
  readonly seat: number;
  readonly label: string | null;
  /** She wrote it; else the pupil. */
  readonly teacher: boolean;
  readonly text: string;
}

export interface Check {
  readonly seq: number;
  readonly mediaTime: number;
  readonly room: string | null;
  readonly items: readonly Question[];
  /** This pupil's answers, by item. */
  readonly answers: Readonly<Record<number, { readonly reply: Reply; readonly right: boolean | null }>>;
  /** How classes answered, by room. */
  readonly tallies: Readonly<Record<string, readonly Tally[]>>;
}

/** A part of the lesson begins. */
export interface Chapter {
  readonly seq: number;
  readonly mediaTime: number;
  readonly text: string;
}

/** A line of a class's chat. */
export interface ChatLine {
  readonly id: number;
  readonly room: string;
  /** Told to the class's teacher, and of teachers to everybody. */
  readonly from: string | null;
  readonly teacher: boolean;
  readonly mine: boolean;
  /** The teacher has not let it through yet. */
  readonly pending: boolean;
  readonly text: string;
}

export interface Warning {
  readonly seq: number;
  readonly room: string | null;
  readonly why: Rest;
  readonly minutes: number;
}

export interface Teaching {
  readonly help: readonly HelpLine[];
  /** This pupil's hand is up. */
  readonly hand: boolean;
  readonly checks: readonly Check[];
  /** Classes that rest in place of the lesson; '' is the whole lesson. */
  readonly rests: Readonly<Record<string, Rest>>;
  readonly warning: Warning | null;
  /** Classes that were called by roll; '' is the whole lesson. */
  readonly calls: readonly string[];
  /** By media time. */
  readonly chapters: readonly Chapter[];
  readonly chat: readonly ChatLine[];
  /** By class; one that is not here is off. */
  readonly chatModes: Readonly<Record<string, ChatMode>>;
}

export const kNothing: Teaching = { help: [], hand: false, checks: [], rests: {}, warning: null, calls: [], chapters: [], chat: [], chatModes: {} };

/** A pupil's private talk with her teacher. */
export interface Thread {
  readonly room: string;
  readonly seat: number;
  readonly label: string | null;
  readonly lines: readonly HelpLine[];
  /** The pupil had the last word. */
  readonly waits: boolean;
}

/** Threads of a teacher's classes: those that wait first, the longest waiting first. */
export function threads(help: readonly HelpLine[]): readonly Thread[] {
  const bySeat = new Map<string, HelpLine[]>();
  help.forEach((line) => {
    const key = `${line.room} ${line.seat}`;
    bySeat.set(key, [...(bySeat.get(key) ?? []), line]);
  });
  const all = Array.from(bySeat.values()).map((lines): Thread => {
    const first = lines[0];
    const last = lines[lines.length - 1];
    return { room: first?.room ?? '', seat: first?.seat ?? 0, label: first?.label ?? null, lines, waits: last !== undefined && !last.teacher };
  });
  const lastId = ({ lines }: Thread): number => lines[lines.length - 1]?.id ?? 0;
  return all.sort((a, b) => Number(b.waits) - Number(a.waits) || (a.waits ? lastId(a) - lastId(b) : lastId(b) - lastId(a)));
}

/** The check that a player is at: the newest one reached that still has an unanswered question,
 *  and for a while after. */
export function checkAt(checks: readonly Check[], mediaMs: number, lastsMs: number): Check | null {
  const reached = checks.filter(({ mediaTime }) => mediaTime <= mediaMs && mediaMs < mediaTime + lastsMs);
  return reached.reduce<Check | null>((newest, check) => (newest === null || check.mediaTime >= newest.mediaTime ? check : newest), null);
}

export type Resting = Exclude<Rest, 'none'>;

/** Why a pupil's class rests now; null while its lesson goes on. A pupil is told of no other
 *  class than her own. */
export function restOf(rests: Teaching['rests']): Resting | null {
  const own = Object.keys(rests).find((room) => room !== '' && rests[room] !== 'none');
  const why = rests[own ?? ''] ?? 'none';
  return why === 'none' ? null : why;
}

/** "Who is here?" was asked in this class, by itself or with the whole lesson. */
export const isCalled = ({ calls }: Teaching, room: string): boolean => calls.indexOf('') >= 0 || calls.indexOf(room) >= 0;

export const chatModeOf = ({ chatModes }: Teaching, room: string): ChatMode => chatModes[room] ?? 'off';

/** A pupil is told of no other class than her own. */
export const isChatOn = ({ chatModes }: Teaching): boolean => Object.keys(chatModes).some((room) => chatModes[room] !== 'off');

/** Moments of a lesson to jump to: where its parts begin, and what the teacher wrote there. */
export interface Mark {
  readonly key: string;
  readonly kind: 'chapter' | 'note';
  readonly mediaTime: number;
  readonly text: string;
}

export function marksOf(chapters: readonly Chapter[], notes: readonly { readonly seq: number; readonly mediaTime: number; readonly text: string }[]): readonly Mark[] {
  const mark = (kind: Mark['kind']) => ({ seq, mediaTime, text }: Chapter): Mark => ({ key: `${kind} ${seq}`, kind, mediaTime, text });
  const rank = ({ kind }: Mark): number => (kind === 'chapter' ? 0 : 1);
  return [...chapters.map(mark('chapter')), ...notes.map(mark('note'))].sort((a, b) => a.mediaTime - b.mediaTime || rank(a) - rank(b));
}
