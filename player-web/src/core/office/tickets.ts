import { decodeFeedback, type DeskName, type Feedback, kDesks, oneOf, type Ticket } from '../family/feedback';
import { DecodeError, list, object, optionalText, text } from '../json';
import { type ClassName, count, decodeClassName } from './absent';
import type { Page } from './decode';

/** What families said was wrong, as those who answer it see it. */
export interface BoardTicket extends Feedback {
  readonly ticket: Ticket;
  readonly id: string;
  readonly of: ClassName | null;
  /** null: not for this account. */
  readonly pupil: string | null;
  /** Whose turn it is, by name, where that is one person's. */
  readonly holder: string | null;
  readonly answeredBy: string | null;
  readonly mayAnswer: boolean;
  /** It can be passed on to. */
  readonly desks: readonly DeskName[];
}

export interface Board extends Page<BoardTicket> {
  readonly waiting: number;
  readonly late: number;
}

const nameOf = (value: unknown): string | null => (value === null || value === undefined ? null : optionalText(object(value, 'named')['name'], 'name'));

export function decodeTicket(value: unknown): BoardTicket {
  const row = object(value, 'ticket');
  const said = decodeFeedback(value);
  if (said.ticket === null) throw new DecodeError('there is no ticket');
  return {
    ...said,
    ticket: said.ticket,
    id: text(row['id'], 'id'),
    of: row['class'] === null ? null : decodeClassName(row['class']),
    pupil: nameOf(row['pupil']),
    holder: nameOf(row['holder']),
    answeredBy: nameOf(row['answered_by']),
    mayAnswer: row['may_answer'] === true,
    desks: list(row['desks'], 'desks').map((desk) => oneOf(kDesks, desk, 'desk')),
  };
}

export function decodeBoard(value: unknown): Board {
  const root = object(value, 'board');
  return {
    items: list(root['items'], 'items').map(decodeTicket),
    next: optionalText(root['next'], 'next'),
    waiting: count(root, 'waiting'),
    late: count(root, 'overdue'),
  };
}

export type Trouble = 'picture' | 'sound' | 'too_fast' | 'too_long' | 'words';

/** What is wrong, the most technical first; words alone when every answer was good. */
export function troublesOf({ picture, sound, pace }: Feedback): readonly Trouble[] {
  const all: readonly Trouble[] = [...(picture === 'poor' ? (['picture'] as const) : []), ...(sound === 'poor' ? (['sound'] as const) : []), ...(pace === 'fits' ? [] : [pace])];
  return all.length === 0 ? ['words'] : all;
}

/** The board after something was done: the ticket as it is now, and the numbers with it. One that was
 *  closed leaves it. */
export function replaced(board: Board, now: BoardTicket): Board {
  const before = board.items.find(({ id }) => id === now.id);
  const answered = before?.ticket.state === 'open' && now.ticket.state !== 'open';
  return {
    ...board,
    items: now.ticket.state === 'closed' ? board.items.filter(({ id }) => id !== now.id) : board.items.map((one) => (one.id === now.id ? now : one)),
    waiting: board.waiting - (answered ? 1 : 0),
    late: board.late - (answered && before?.ticket.overdue === true ? 1 : 0),
  };
}
