import type { JSX } from 'preact';

import { clock } from '../../core/format';
import type { Teaching } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import type { SignalHold } from '../use-signal';
import { WriteRow } from '../write-row';
import type { Place } from './note-desk';

interface ChapterCardProps {
  readonly place: Place;
  readonly mediaMs: () => number;
  readonly teaching: Teaching | null;
  readonly say: SignalHold['say'];
}

const kLongest = 60;

/** The lead marks where a part of the lesson begins: what pupils jump to in the replay. */
export function ChapterCard({ place, mediaMs, teaching, say }: ChapterCardProps): JSX.Element {
  const { t } = useI18n();
  const chapters = [...(teaching?.chapters ?? [])].reverse();
  return (
    <details class="card checks chapters">
      <summary>
        {t('notes.chapters')} {chapters.length > 0 && <span class="chapters__count">{chapters.length}</span>}
      </summary>
      <p class="chat__hint">{t('notes.chapter_hint')}</p>
      <WriteRow
        label={t('notes.chapter_title')}
        action={t('notes.chapter_do')}
        failed={t('notes.failed')}
        closed={place === 'nowhere'}
        longest={kLongest}
        onSend={(text) => say({ t: 'chapter', media_time: mediaMs(), text })}
      />
      <ol class="sent__list">
        {chapters.map(({ seq, mediaTime, text: words }) => (
          <li key={seq} class="sent__one">
            <p class="sent__text">{words}</p>
            <p class="sent__facts">{clock(mediaTime / 1000)}</p>
          </li>
        ))}
      </ol>
    </details>
  );
}
