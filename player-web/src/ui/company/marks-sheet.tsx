import type { JSX } from 'preact';

import { clock } from '../../core/format';
import type { Mark } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Sheet } from '../sheet';

interface MarksSheetProps {
  readonly marks: readonly Mark[];
  /** Where this player is, ms. */
  readonly mediaMs: number;
  readonly onJump: (mediaMs: number) => void;
  readonly onClose: () => void;
}

/** Parts of the lesson and the teacher's notes: a tap goes there. */
export function MarksSheet({ marks, mediaMs, onJump, onClose }: MarksSheetProps): JSX.Element {
  const { t } = useI18n();
  const reached = marks.filter(({ kind, mediaTime }) => kind === 'chapter' && mediaTime <= mediaMs);
  const current = reached[reached.length - 1];
  return (
    <Sheet title={t('company.marks_title')} onClose={onClose}>
      {marks.length === 0 && <p class="sheet__text sheet__text--soft">{t('company.marks_none')}</p>}
      <ul class="marks">
        {marks.map((mark) => (
          <li key={mark.key}>
            <button
              type="button"
              class={`choice mark mark--${mark.kind}`}
              aria-current={mark === current ? 'true' : undefined}
              onClick={() => {
                onJump(mark.mediaTime);
                onClose();
              }}
            >
              <span class="mark__time">{clock(mark.mediaTime / 1000)}</span>
              <span class="mark__text">
                {mark.kind === 'note' && (
                  <>
                    <Icon name="note" size={20} />
                    <span class="aside">{t('company.mark_note')}</span>
                  </>
                )}
                {mark.text}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Sheet>
  );
}
