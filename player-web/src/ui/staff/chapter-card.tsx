import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { clock } from '../../core/format';
import type { Teaching } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import type { SignalHold } from '../use-signal';
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
  const [text, setText] = useState('');
  const [failed, setFailed] = useState(false);
  const chapters = [...(teaching?.chapters ?? [])].reverse();
  const ready = place !== 'nowhere' && text.trim() !== '';
  const mark = (): void => {
    if (!ready) return;
    const sent = say({ t: 'chapter', media_time: mediaMs(), text: text.trim() });
    setFailed(!sent);
    if (sent) setText('');
  };
  return (
    <details class="card checks chapters">
      <summary>
        {t('notes.chapters')} {chapters.length > 0 && <span class="chapters__count">{chapters.length}</span>}
      </summary>
      <p class="chat__hint">{t('notes.chapter_hint')}</p>
      <div class="help__row">
        <input
          class="field help__text"
          type="text"
          data-keys="own"
          maxLength={kLongest}
          value={text}
          aria-label={t('notes.chapter_title')}
          placeholder={t('notes.chapter_title')}
          onInput={(event) => setText(event.currentTarget.value)}
          onKeyDown={(event) => event.key === 'Enter' && !event.isComposing && mark()}
        />
        <button type="button" class="button" disabled={!ready} onClick={mark}>
          {t('notes.chapter_do')}
        </button>
      </div>
      <p class="help__failed" role="status">
        {failed && t('notes.failed')}
      </p>
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
