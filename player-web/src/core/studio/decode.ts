import { type LessonState, lessonState } from '../decode';
import { DecodeError, object, ownPath, text } from '../json';

/** Who leads a lesson that classes take part in. */
export interface Lead {
  /** Null when nobody is named. */
  readonly name: string | null;
  /** Whether this page's link does. */
  readonly yours: boolean;
}

/** What the server says about a studio link. */
export interface Studio {
  readonly lesson: {
    readonly id: string;
    readonly title: string;
    readonly state: LessonState;
    /** When the first frame came, on this browser's own clock; null before that. */
    readonly startedMs: number | null;
    /** How long class took, once it has ended; null if nothing was on air. */
    readonly lengthMs: number | null;
  };
  /** Protocol of whoever holds the lesson now ("whip", "rtmp", ...); null when nobody does. */
  readonly publisher: string | null;
  readonly whip: string;
  readonly publishKey: string;
  /** Null in a lesson that has nobody to be handed to. */
  readonly lead: Lead | null;
  readonly watch: string;
  readonly recording: { readonly mp4: string | null };
  /** Where the websocket is, as for watch links; null without one. */
  readonly signal: string | null;
}

function number(value: unknown, what: string): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${what} is not a number`);
  return value;
}

export function decodeLead(value: unknown): Lead | null {
  if (value == null) return null;
  const lead = object(value, 'lead');
  const { name } = lead;
  return { name: name == null ? null : text(name, 'lead.name'), yours: lead['yours'] === true };
}

/** @param nowMs this browser's wall clock: teachers' computers are minutes off, and only
 *  differences of the server's own times are believed. */
export function decodeStudio(value: unknown, nowMs: number): Studio {
  const root = object(value, 'answer');
  const lesson = object(root['lesson'], 'lesson');
  const recording = object(root['recording'], 'recording');
  const mp4 = recording['mp4'] ?? null;
  const publisher = root['publisher'] ?? null;
  const signal = root['signal'] ?? null;
  const time = (name: string): number | null => (lesson[name] == null ? null : number(lesson[name], `lesson.${name}`));
  const started = time('started_at');
  const ended = time('ended_at');
  return {
    lesson: {
      id: text(lesson['id'], 'lesson.id'),
      title: text(lesson['title'], 'lesson.title'),
      state: lessonState(lesson['state']),
      startedMs: started === null ? null : nowMs - Math.max(0, number(root['now'], 'now') - started),
      lengthMs: started === null || ended === null ? null : Math.max(0, ended - started),
    },
    publisher: publisher === null ? null : text(publisher, 'publisher'),
    whip: ownPath(root['whip'], 'whip'),
    publishKey: text(root['publish_key'], 'publish_key'),
    lead: decodeLead(root['lead']),
    watch: ownPath(root['watch'], 'watch'),
    recording: { mp4: mp4 === null ? null : ownPath(mp4, 'recording.mp4') },
    signal: signal === null ? null : text(signal, 'signal'),
  };
}
