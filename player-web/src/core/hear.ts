import { BadFrame } from '../signal/fields';
import { type ChatMode, decodeTeaching, kChatModes, type TeachingMessage } from '../signal/teaching';
import { type ChatLine, type Check, type HelpLine, kNothing, type Teaching } from './teaching';

/** How what is told on the websocket becomes `Teaching`; comes with the websocket's code. */

const kMostLines = 1000;
const kMostChat = 300;
const kMostChapters = 200;

function addLine(lines: readonly HelpLine[], line: HelpLine): readonly HelpLine[] {
  if (lines.some(({ id }) => id === line.id)) return lines;
  return [...lines, line].sort((a, b) => a.id - b.id).slice(-kMostLines);
}

/** The same line again is the same line, shown now. */
function addChat(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
  const others = lines.filter(({ id }) => id !== line.id);
  return [...others, line].sort((a, b) => a.id - b.id).slice(-kMostChat);
}

/** How classes' chats stand, as a welcome tells; those it does not speak of are off. */
function modesOf(rooms: unknown): Teaching['chatModes'] {
  const modes: Record<string, ChatMode> = {};
  (Array.isArray(rooms) ? rooms : []).forEach((room: { readonly id?: unknown; readonly chat?: unknown } | null) => {
    const mode = kChatModes.find((known) => known === room?.chat);
    if (typeof room?.id === 'string' && mode !== undefined) modes[room.id] = mode;
  });
  return modes;
}

const changeCheck = (state: Teaching, seq: number, change: (check: Check) => Check): Teaching => ({
  ...state,
  checks: state.checks.map((check) => (check.seq === seq ? change(check) : check)),
});

export function reduce(state: Teaching, message: TeachingMessage): Teaching {
  switch (message.t) {
    case 'help': {
      const { id, room, seat, label, teacher, text } = message;
      return { ...state, help: addLine(state.help, { id, room, seat, label, teacher, text }) };
    }
    case 'hand':
      return { ...state, hand: message.on };
    case 'check': {
      if (state.checks.some(({ seq }) => seq === message.seq)) return state;
      const { seq, mediaTime, room, items } = message;
      return { ...state, checks: [...state.checks, { seq, mediaTime, room, items, answers: {}, tallies: {} }] };
    }
    case 'answer':
      return changeCheck(state, message.check, (check) => ({ ...check, answers: { ...check.answers, [message.item]: { reply: message.reply, right: message.right } } }));
    case 'tally':
      return changeCheck(state, message.check, (check) => ({ ...check, tallies: { ...check.tallies, [message.room]: message.items } }));
    case 'rollcall': {
      const room = message.room ?? '';
      return state.calls.indexOf(room) >= 0 ? state : { ...state, calls: [...state.calls, room] };
    }
    case 'chapter': {
      if (state.chapters.some(({ seq }) => seq === message.seq)) return state;
      const { seq, mediaTime, text } = message;
      const chapters = [...state.chapters, { seq, mediaTime, text }].sort((a, b) => a.mediaTime - b.mediaTime || a.seq - b.seq);
      return { ...state, chapters: chapters.slice(-kMostChapters) };
    }
    case 'chat': {
      const { id, room, from, teacher, mine, pending, text } = message;
      return { ...state, chat: addChat(state.chat, { id, room, from, teacher, mine, pending, text }) };
    }
    case 'chat_gone':
      return { ...state, chat: state.chat.filter(({ id }) => id !== message.id) };
    case 'chat_mode':
      return { ...state, chatModes: { ...state.chatModes, [message.room]: message.mode } };
    case 'rest':
      return { ...state, rests: { ...state.rests, [message.room ?? '']: message.why } };
    case 'warning': {
      const { seq, room, why, minutes } = message;
      return { ...state, warning: { seq, room, why, minutes } };
    }
    default:
      return state;
  }
}

/** Takes a frame of the websocket in; a new past begins with nothing. */
export function hear(state: Teaching, frame: unknown): Teaching {
  try {
    const fields = frame as { readonly t?: unknown; readonly resumed?: unknown; readonly rooms?: unknown } | null;
    if (fields?.t === 'welcome') return { ...(fields.resumed === true ? state : kNothing), chatModes: modesOf(fields.rooms) };
    return reduce(state, decodeTeaching(frame));
  } catch (error) {
    if (error instanceof BadFrame) return state;
    throw error;
  }
}
