import { DecodeError, object, optionalNumber, optionalPath, optionalText, ownPath, text } from './json';
import { decodePlan, type Plan } from './plan';

/** What the server says about a watch link, decoded from `unknown`: nothing else of the
 *  page ever sees raw JSON. */

export type LessonState = 'waiting' | 'live' | 'interrupted' | 'ended';

export interface Watch {
  readonly lesson: {
    readonly id: string;
    readonly title: string;
    readonly state: LessonState;
    /** False until the teacher has published for the first time. */
    readonly started: boolean;
  };
  /** As the timetable has it. */
  readonly plan: Plan | null;
  /** The server's clock when it answered. */
  readonly nowMs: number | null;
  /** How long ago the lesson's first frame was, then. */
  readonly airedMs: number | null;
  /** So many join, or so much is to be done, that for so long from then on only sound and stills are to be asked for. */
  readonly soundFirstMs: number;
  readonly hls: { readonly master: string; readonly audio: string };
  /** Where low-delay players ask; null on a server that has no WebRTC. */
  readonly whep: string | null;
  readonly recording: { readonly mp4: string | null };
  /** Where the websocket is: ":8081/signal" on this host, or a path; null without one. */
  readonly signal: string | null;
  /** Path of the studio page, once the lesson was handed to this subject teacher. */
  readonly studio: string | null;
}

export interface About {
  readonly name: string;
  readonly version: string;
  /** Path of the demo lesson's watch page, if the server runs one. */
  readonly demo: string | null;
}

const kStates: readonly LessonState[] = ['waiting', 'live', 'interrupted', 'ended'];

export function lessonState(value: unknown): LessonState {
  const state = kStates.find((known) => known === value);
  if (state === undefined) throw new DecodeError('lesson.state is unknown');
  return state;
}

export function decodeWatch(value: unknown): Watch {
  const root = object(value, 'answer');
  const lesson = object(root['lesson'], 'lesson');
  const hls = object(root['hls'], 'hls');
  const recording = object(root['recording'], 'recording');
  const nowMs = optionalNumber(root['now'], 'now');
  const startedMs = optionalNumber(lesson['started_at'], 'lesson.started_at');
  return {
    lesson: {
      id: text(lesson['id'], 'lesson.id'),
      title: text(lesson['title'], 'lesson.title'),
      state: lessonState(lesson['state']),
      started: startedMs !== null,
    },
    plan: decodePlan(lesson),
    nowMs,
    airedMs: nowMs === null || startedMs === null ? null : Math.max(0, nowMs - startedMs),
    soundFirstMs: optionalNumber(root['sound_first_ms'], 'sound_first_ms') ?? 0,
    hls: { master: ownPath(hls['master'], 'hls.master'), audio: ownPath(hls['audio'], 'hls.audio') },
    whep: optionalPath(root['whep'], 'whep'),
    recording: { mp4: optionalPath(recording['mp4'], 'recording.mp4') },
    signal: optionalText(root['signal'], 'signal'),
    studio: optionalPath(root['studio'], 'studio'),
  };
}

export function decodeAbout(value: unknown): About {
  const root = object(value, 'answer');
  return {
    name: text(root['name'], 'name'),
    version: text(root['version'], 'version'),
    demo: optionalPath(object(root['demo'] ?? {}, 'demo')['watch'], 'demo.watch'),
  };
}
