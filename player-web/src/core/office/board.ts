import type { OfficeLesson } from './decode';

/** Today's lessons as the office reads them: what needs somebody first. */

const kOrder: Readonly<Record<OfficeLesson['state'], number>> = { interrupted: 0, live: 1, waiting: 2, ended: 3 };

export const sorted = (lessons: readonly OfficeLesson[]): readonly OfficeLesson[] =>
  lessons
    .map((lesson, at) => ({ lesson, at }))
    .sort((a, b) => kOrder[a.lesson.state] - kOrder[b.lesson.state] || a.at - b.at)
    .map(({ lesson }) => lesson);

const isOnAir = ({ state }: OfficeLesson): boolean => state === 'live' || state === 'interrupted';

export interface Summary {
  readonly onAir: number;
  /** Classes in lessons on air that no subject teacher is named for. */
  readonly alone: number;
}

export function summary(lessons: readonly OfficeLesson[]): Summary {
  const onAir = lessons.filter(isOnAir);
  return { onAir: onAir.length, alone: onAir.reduce((sum, { rooms }) => sum + rooms.filter(({ teacher }) => teacher === null).length, 0) };
}

/** What is wrong with a lesson before it is asked for; null: nothing. */
export function draftTrouble(title: string, classes: readonly string[]): 'title' | 'classes' | null {
  if (title.trim() === '') return 'title';
  return classes.length === 0 ? 'classes' : null;
}

/** Body of POST /api/v1/lessons: one class, or several together. */
export function draftBody(title: string, classes: readonly string[], lead: string): object {
  return {
    title: title.trim(),
    mode: classes.length === 1 ? 'class' : 'joint',
    rooms: classes.map((id) => ({ class: id })),
    ...(lead === '' ? {} : { lead }),
  };
}
