import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { meter } from '../../core/studio/loudness';
import { useI18n } from '../../i18n/i18n';
import { listen } from '../../media/studio/level';

/** Falls a tenth of its height a frame, as needles do: words stay readable in it. */
const kFall = 0.03;

/** The microphone's level, moved by the sound itself and not by redraws of the page. */
export function Meter({ track, muted }: { track: MediaStreamTrack | null; muted: boolean }): JSX.Element {
  const { t } = useI18n();
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (track === null || element === null) return undefined;
    const ear = listen(track);
    let shown = 0;
    let frame = 0;
    const draw = (): void => {
      shown = Math.max(meter(ear.peak()), shown - kFall);
      element.style.transform = `scaleX(${shown.toFixed(3)})`;
      element.setAttribute('data-level', shown.toFixed(2));
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      ear.dispose();
    };
  }, [track]);
  return (
    <div class={muted ? 'meter meter--muted' : 'meter'}>
      <div class="meter__head">
        <span>{t('studio.level')}</span>
        <span class="meter__hint">{muted ? t('studio.muted') : t('studio.level_hint')}</span>
      </div>
      <div class="meter__track" aria-hidden="true">
        <div ref={bar} class="meter__bar" />
      </div>
    </div>
  );
}
