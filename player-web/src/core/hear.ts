import { BadFrame } from '../signal/fields';
import { decodeTeaching, type TeachingMessage } from '../signal/teaching';
import { type Check, type HelpLine, kNothing, type Teaching } from './teaching';

/** How what is told on the websocket becomes `Teaching`; comes with the websocket's code. */

const kMostLines = 1000;

function addLine(lines: readonly HelpLine[], line: HelpLine): readonly HelpLine[] {
  if (lines.some(({ id }) => id === line.id)) return lines;
  return [...lines, line].sort((a, b) => a.id - b.id).slice(-kMostLines);
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
    const fields = frame as { readonly t?: unknown; readonly resumed?: unknown } | null;
    if (fields?.t === 'welcome') return fields.resumed === true ? state : kNothing;
    return reduce(state, decodeTeaching(frame));
  } catch (error) {
    if (error instanceof BadFrame) return state;
    throw error;
  }
}
