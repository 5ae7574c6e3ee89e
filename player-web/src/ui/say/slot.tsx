import type { JSX } from 'preact';

import { useLater } from '../use-later';

/** The place of the question after a lesson; it comes when it is needed, below the rest. */
export function AfterSlot({ link }: { link: string }): JSX.Element | null {
  const after = useLater(() => import('./after-lesson'));
  return after === null ? null : <after.AfterLesson link={link} />;
}
