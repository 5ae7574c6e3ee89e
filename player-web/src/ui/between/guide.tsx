import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Pause } from '../../core/between';
import { momentOf, type Part } from '../../core/eyes';
import { clock } from '../../core/format';
import { type Key, useI18n } from '../../i18n/i18n';
import { Face } from './face';
import { useHour } from './use-hour';

const kNames: Readonly<Record<Part, Key>> = {
  ready: 'between.ready',
  inner_brow: 'between.inner_brow',
  inner_corner: 'between.inner_corner',
  below_eye: 'between.below_eye',
  temple: 'between.temple',
  nape: 'between.nape',
  ear: 'between.ear',
  far: 'between.far',
};
const kDoings: Readonly<Record<Part, Key>> = {
  ready: 'between.ready_do',
  inner_brow: 'between.inner_brow_do',
  inner_corner: 'between.inner_corner_do',
  below_eye: 'between.below_eye_do',
  temple: 'between.temple_do',
  nape: 'between.nape_do',
  ear: 'between.ear_do',
  far: 'between.far_do',
};

const kTickMs = 200;
const kBeats = [1, 2, 3, 4, 5, 6, 7, 8] as const;

interface GuideProps {
  readonly pause: Pause;
  readonly skewMs: number;
  readonly onAway: () => void;
}

/** Eye exercises on the whole page, counted in time with the slot: nothing is fetched for them. */
export function Guide({ pause, skewMs, onAway }: GuideProps): JSX.Element {
  const { t } = useI18n();
  const hour = useHour();
  const [nowMs, setNowMs] = useState(() => Date.now() + skewMs);
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now() + skewMs), kTickMs);
    return () => clearInterval(timer);
  }, [skewMs]);
  const { part, number, eight, beat, leftS } = momentOf(pause, nowMs);
  const counts = beat > 0;
  return (
    <main class="guide">
      <p class="guide__what">
        {t('between.eye')} · {t('between.until', { time: hour(pause.endsMs) })}
      </p>
      <Face part={part} />
      <div class="guide__words" role="status">
        <h1 class="guide__title">
          {number > 0 && <span class="guide__number">{t('between.part', { n: number })}</span>} {t(kNames[part])}
        </h1>
        <p class="guide__do">{t(kDoings[part])}</p>
      </div>
      <p class="guide__count" role="timer">
        {counts ? beat : clock(leftS)}
      </p>
      <p class="guide__beats" aria-hidden="true">
        {counts && kBeats.map((each) => <span key={each} class={each <= beat ? 'guide__beat guide__beat--done' : 'guide__beat'} />)}
      </p>
      <p class="guide__left">{counts ? `${t('between.eight', { n: eight })} · ${t('between.left', { left: clock(leftS) })}` : ''}</p>
      <button type="button" class="button guide__away" onClick={onAway}>
        {t('between.guide_off')}
      </button>
    </main>
  );
}
