import { count, type Fields, flag, list, object, oneOf, optionalCount, optionalText, text } from './fields';

/** What is asked, answered and said in a lesson (tongke.v1), for pupils' and teachers' pages alike:
 *  what the server tells a page is already what its reader may see. */

export type Ask = 'single' | 'multi' | 'truth' | 'number';
export type ChatMode = 'off' | 'moderated' | 'open';
export type Rest = 'none' | 'cap' | 'evening';

export interface Question {
  readonly kind: Ask;
  readonly text: string;
  /** Of `single` and `multi`; `truth` has two: 0 is right, 1 is wrong. */
  readonly options: readonly string[];
}
/** Numbers of options, or a decimal number as text. */
export type Reply = { readonly choices: readonly number[] } | { readonly number: string };

export interface Tally {
  readonly kind: Ask;
  readonly answered: number;
  /** Null when the check does not say what is right. */
  readonly right: number | null;
  /** By option. */
  readonly choices: readonly number[];
  /** The most frequent. */
  readonly numbers: readonly { readonly number: string; readonly count: number }[];
}

/** Shows at `mediaTime`, ms since the lesson's first frame. */
interface Anchored {
  readonly seq: number;
  readonly mediaTime: number;
  /** Null: the whole lesson. */
  readonly room: string | null;
}

export type TeachingMessage =
  | ({ readonly t: 'page'; readonly page: number; readonly text: string | null; readonly from: string | null } & Anchored)
  | ({ readonly t: 'chapter'; readonly text: string } & Anchored)
  /** `seq` is the check's number: what answers, tallies and `say` name it by. */
  | ({ readonly t: 'check'; readonly from: string | null; readonly items: readonly Question[] } & Anchored)
  /** This pupil's own. */
  | { readonly t: 'answer'; readonly check: number; readonly item: number; readonly reply: Reply; readonly right: boolean | null }
  | { readonly t: 'tally'; readonly check: number; readonly room: string; readonly items: readonly Tally[] }
  /** Adds to what is known: names for the own teacher. */
  | {
      readonly t: 'answers';
      readonly check: number;
      readonly room: string;
      readonly item: number;
      readonly seats: readonly { readonly seat: number; readonly label: string | null; readonly reply: Reply; readonly right: boolean | null }[];
    }
  | { readonly t: 'rollcall'; readonly seq: number; readonly room: string | null }
  | { readonly t: 'digest'; readonly seq: number; readonly room: string; readonly label: string | null; readonly from: string | null; readonly text: string }
  /** `id` grows; the same line may be told twice. */
  | {
      readonly t: 'help';
      readonly id: number;
      readonly room: string;
      readonly seat: number;
      readonly label: string | null;
      readonly teacher: boolean;
      readonly text: string;
      readonly at: number;
    }
  /** This pupil's own hand. */
  | { readonly t: 'hand'; readonly on: boolean }
  /** A line, or the same one again in another state; pupils' lines name nobody but to their teacher. */
  | {
      readonly t: 'chat';
      readonly id: number;
      readonly room: string;
      readonly from: string | null;
      readonly teacher: boolean;
      readonly mine: boolean;
      readonly pending: boolean;
      readonly text: string;
      readonly at: number;
    }
  | { readonly t: 'chat_gone'; readonly id: number; readonly room: string }
  | { readonly t: 'chat_mode'; readonly seq: number; readonly room: string; readonly mode: ChatMode }
  /** `none`: the lesson goes on. */
  | { readonly t: 'rest'; readonly seq: number; readonly room: string | null; readonly why: Rest }
  | { readonly t: 'warning'; readonly seq: number; readonly room: string | null; readonly why: Rest; readonly minutes: number }
  /** None of these. */
  | { readonly t: 'other' };

/** What pages say about it. `room` may be left out by a teacher of one room. */
export type TeachingSaying =
  | { readonly t: 'page'; readonly media_time: number; readonly page: number; readonly text?: string; readonly room?: string }
  | { readonly t: 'chapter'; readonly media_time: number; readonly text: string }
  | {
      readonly t: 'check';
      readonly media_time: number;
      readonly room?: string;
      /** 1 to 5. `right`: numbers of options, or a decimal number as text; may be left out. */
      readonly items: readonly {
        readonly kind: Ask;
        readonly text: string;
        readonly options?: readonly string[];
        readonly right?: readonly number[] | string;
      }[];
    }
  | ({ readonly t: 'answer'; readonly check: number; readonly item: number } & Reply)
  | { readonly t: 'rollcall'; readonly room?: string }
  | { readonly t: 'here' }
  /** A teacher says which pupil's `seat` she answers. */
  | { readonly t: 'help'; readonly text: string; readonly seat?: number; readonly room?: string }
  | { readonly t: 'hand'; readonly on: boolean; readonly seat?: number; readonly room?: string }
  | { readonly t: 'chat'; readonly text: string; readonly room?: string }
  | { readonly t: 'chat_mode'; readonly mode: ChatMode; readonly room?: string }
  | { readonly t: 'chat_judge'; readonly id: number; readonly show: boolean }
  | { readonly t: 'digest'; readonly text: string; readonly room?: string };

const kAsks: readonly Ask[] = ['single', 'multi', 'truth', 'number'];
export const kChatModes: readonly ChatMode[] = ['off', 'moderated', 'open'];
const kRests: readonly Rest[] = ['none', 'cap', 'evening'];

const optionalFlag = (fields: Fields, name: string): boolean | null => (fields[name] === undefined ? null : flag(fields, name));
const optionalList = (fields: Fields, name: string): readonly unknown[] => (fields[name] === undefined ? [] : list(fields, name));

const anchored = (fields: Fields): Anchored => ({
  seq: count(fields, 'seq'),
  mediaTime: count(fields, 'media_time'),
  room: optionalText(fields, 'room'),
});

function reply(fields: Fields): Reply {
  const number = optionalText(fields, 'number');
  return number === null ? { choices: list(fields, 'choices').map((choice) => count({ choice }, 'choice')) } : { number };
}

function question(value: unknown): Question {
  const fields = object(value);
  return {
    kind: oneOf(fields, 'kind', kAsks),
    text: text(fields, 'text'),
    options: optionalList(fields, 'options').map((option) => text({ option }, 'option')),
  };
}

function tally(value: unknown): Tally {
  const fields = object(value);
  return {
    kind: oneOf(fields, 'kind', kAsks),
    answered: count(fields, 'answered'),
    right: optionalCount(fields, 'right'),
    choices: optionalList(fields, 'choices').map((choice) => count({ choice }, 'choice')),
    numbers: optionalList(fields, 'numbers').map((one) => {
      const named = object(one);
      return { number: text(named, 'number'), count: count(named, 'count') };
    }),
  };
}

function chat(fields: Fields): TeachingMessage {
  return {
    t: 'chat',
    id: count(fields, 'id'),
    room: text(fields, 'room'),
    from: optionalText(fields, 'from'),
    teacher: fields['teacher'] === true,
    mine: fields['mine'] === true,
    pending: fields['pending'] === true,
    text: text(fields, 'text'),
    at: count(fields, 'at'),
  };
}

function help(fields: Fields): TeachingMessage {
  return {
    t: 'help',
    id: count(fields, 'id'),
    room: text(fields, 'room'),
    seat: count(fields, 'seat'),
    label: optionalText(fields, 'label'),
    teacher: flag(fields, 'teacher'),
    text: text(fields, 'text'),
    at: count(fields, 'at'),
  };
}

function answers(fields: Fields): TeachingMessage {
  const seats = list(fields, 'seats').map((one) => {
    const seat = object(one);
    return { seat: count(seat, 'seat'), label: optionalText(seat, 'label'), reply: reply(seat), right: optionalFlag(seat, 'right') };
  });
  return { t: 'answers', check: count(fields, 'check'), room: text(fields, 'room'), item: count(fields, 'item'), seats };
}

/** @throws BadFrame */
export function decodeTeaching(value: unknown): TeachingMessage {
  const fields = object(value);
  const t = text(fields, 't');
  switch (t) {
    case 'page':
      return { t, page: count(fields, 'page'), text: optionalText(fields, 'text'), from: optionalText(fields, 'from'), ...anchored(fields) };
    case 'chapter':
      return { t, text: text(fields, 'text'), ...anchored(fields) };
    case 'check':
      return { t, from: optionalText(fields, 'from'), items: list(fields, 'items').map(question), ...anchored(fields) };
    case 'answer':
      return { t, check: count(fields, 'check'), item: count(fields, 'item'), reply: reply(fields), right: optionalFlag(fields, 'right') };
    case 'tally':
      return { t, check: count(fields, 'check'), room: text(fields, 'room'), items: list(fields, 'items').map(tally) };
    case 'answers':
      return answers(fields);
    case 'rollcall':
      return { t, seq: count(fields, 'seq'), room: optionalText(fields, 'room') };
    case 'digest':
      return {
        t,
        seq: count(fields, 'seq'),
        room: text(fields, 'room'),
        label: optionalText(fields, 'label'),
        from: optionalText(fields, 'from'),
        text: text(fields, 'text'),
      };
    case 'help':
      return help(fields);
    case 'hand':
      return { t, on: flag(fields, 'on') };
    case 'chat':
      return chat(fields);
    case 'chat_gone':
      return { t, id: count(fields, 'id'), room: text(fields, 'room') };
    case 'chat_mode':
      return { t, seq: count(fields, 'seq'), room: text(fields, 'room'), mode: oneOf(fields, 'mode', kChatModes) };
    case 'rest':
      return { t, seq: count(fields, 'seq'), room: optionalText(fields, 'room'), why: oneOf(fields, 'why', kRests) };
    case 'warning':
      return { t, seq: count(fields, 'seq'), room: optionalText(fields, 'room'), why: oneOf(fields, 'why', kRests), minutes: count(fields, 'minutes') };
    default:
      return { t: 'other' };
  }
}
