import { lessonState, type LessonState } from '../decode';
import { DecodeError, object, optionalNumber, text } from '../json';

/** What may be said of a class's lessons in a group elsewhere: that one begins, moved, or can be seen
 *  again. Nothing of it has a place for a pupil. */

export interface GroupLesson {
  readonly title: string;
  readonly state: LessonState;
  readonly startsMs: number | null;
  readonly startedMs: number | null;
  readonly classes: readonly string[];
}

export const kNews = ['starting', 'changed', 'replay'] as const;
export type News = (typeof kNews)[number];

export function decodeGroupLesson(value: unknown): GroupLesson {
  const row = object(value, 'lesson');
  const rooms = row['rooms'];
  if (!Array.isArray(rooms)) throw new DecodeError('rooms is not a list');
  const classOf = (room: unknown): readonly string[] => {
    const of = object(room, 'room')['class'] ?? null;
    return of === null ? [] : [text(of, 'class')];
  };
  return {
    title: text(row['title'], 'title'),
    state: lessonState(row['state']),
    startsMs: optionalNumber(row['planned_start'], 'planned_start'),
    startedMs: optionalNumber(row['started_at'], 'started_at'),
    classes: rooms.flatMap(classOf),
  };
}

const dayOf = (ms: number): string => new Date(ms).toDateString();
const timeOf = ({ startsMs, startedMs }: GroupLesson): number | null => startsMs ?? startedMs;

/** The class's lessons of that day by time, and those on air without a plan. */
export function todays(all: readonly GroupLesson[], classId: string, nowMs: number): readonly GroupLesson[] {
  const today = (lesson: GroupLesson): boolean => {
    const at = timeOf(lesson);
    return at === null ? lesson.state !== 'ended' : dayOf(at) === dayOf(nowMs);
  };
  return all.filter((lesson) => lesson.classes.indexOf(classId) >= 0 && today(lesson)).sort((a, b) => (timeOf(a) ?? nowMs) - (timeOf(b) ?? nowMs));
}

/** What there is to say of it now. */
export function newsOf({ state, startedMs, startsMs }: GroupLesson): readonly News[] {
  if (state === 'ended') return startedMs === null ? [] : ['replay'];
  return startedMs === null && startsMs !== null ? ['starting', 'changed'] : ['starting'];
}
