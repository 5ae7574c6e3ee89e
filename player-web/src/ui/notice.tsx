import type { ComponentChildren, JSX } from 'preact';

import { Icon, type IconName } from './icons';

export interface NoticeProps {
  readonly icon: IconName;
  readonly title: string;
  readonly lesson?: string;
  /** Something is still going to happen by itself. */
  readonly busy?: boolean;
  readonly children?: ComponentChildren;
}

/** The blackboard shown where the picture will be, or instead of it. */
export function Notice({ icon, title, lesson, busy, children }: NoticeProps): JSX.Element {
  return (
    <main class="notice">
      <div class="board">
        {lesson !== undefined && <p class="board__lesson">{lesson}</p>}
        <div class={busy ? 'board__icon board__icon--busy' : 'board__icon'}>
          <Icon name={icon} size={40} />
        </div>
        <div role="status">
          <h1 class="board__title">{title}</h1>
        </div>
        <div class="board__text">{children}</div>
      </div>
    </main>
  );
}
