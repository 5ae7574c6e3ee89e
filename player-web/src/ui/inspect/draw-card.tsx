import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { moment } from '../../core/format';
import { type Draw, decodeRecord } from '../../core/inspect/decode';
import { browserSha256, verify } from '../../core/inspect/draw';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { useCall } from '../office/use-call';
import type { LookHold } from './use-look';
import { aboutLesson, titleOf } from './words';

interface Said {
  readonly fine: boolean;
  readonly words: Key;
  /** Lessons on air at the draw, where the words count them. */
  readonly n?: number;
}

/** Does the draw again in this very browser, from what is published of it. */
function Verify({ draw }: { draw: Draw }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [said, setSaid] = useState<Said | null>(null);
  const path = `/api/v1/inspection/draws/${draw.draw}`;
  const run = (): void => {
    const sha256 = browserSha256();
    if (sha256 === null) return setSaid({ fine: false, words: 'inspect.verify_cannot' });
    return call({ method: 'GET', path, decode: decodeRecord }, (reply) => {
      if (reply.kind !== 'ok') return setSaid({ fine: false, words: 'inspect.verify_failed' });
      const record = reply.value;
      // What this page showed must be what is published, and that what it says it is.
      const shown = record.commitment === draw.commitment && record.drawn.join() === draw.lessons.map(({ id }) => id).join();
      return void verify(record, sha256).then(({ bound, same }) =>
        setSaid(bound && same && shown ? { fine: true, words: 'inspect.verified', n: record.onAir.length } : { fine: false, words: 'inspect.verify_bad' }),
      );
    });
  };
  return (
    <>
      <p class="office__do">
        <button type="button" class="link" aria-label={t('inspect.verify_label', { n: draw.number })} onClick={run}>
          {t('inspect.verify')}
        </button>
        <a class="link inspect__file" href={path} download={`tongke-draw-${draw.number}.json`}>
          {t('inspect.record_file')}
        </a>
      </p>
      <p class={said?.fine === true ? 'inspect__said office__fine' : 'inspect__said door__trouble'} role="status">
        {said !== null && (
          <>
            <Icon name={said.fine ? 'check' : 'attention'} size={20} />
            {t(said.words, { n: said.n ?? 0 })}
          </>
        )}
      </p>
    </>
  );
}

/** A draw that was made: who came out, and how to make sure. */
export function DrawCard({ draw, look }: { draw: Draw; look: LookHold }): JSX.Element {
  const { t, language } = useI18n();
  return (
    <li class="card inspect__draw">
      <h3 class="inspect__name">{t('inspect.next', { n: draw.number })}</h3>
      <p class="inspect__soft">{t('inspect.drawn_by', { time: moment(language, draw.drawnMs), name: draw.by ?? '', words: draw.words })}</p>
      <ol class="inspect__lessons">
        {draw.lessons.map((lesson) => (
          <li key={lesson.id}>
            <span class="inspect__lesson">
              <b>{titleOf(t, lesson)}</b>
              <span class="inspect__soft">{aboutLesson(t, lesson)}</span>
            </span>
            {lesson.title !== null && (
              <button type="button" class="button" disabled={look.busy} aria-label={t('inspect.look_label', { title: lesson.title })} onClick={() => look.open(draw.draw, lesson.id)}>
                {t('inspect.look')}
              </button>
            )}
          </li>
        ))}
      </ol>
      <p class="inspect__hash">
        <span>{t('inspect.commitment')}</span> <code>{draw.commitment}</code>
      </p>
      <Verify draw={draw} />
    </li>
  );
}
