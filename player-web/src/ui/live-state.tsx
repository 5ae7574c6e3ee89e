import type { JSX } from 'preact';

import { clock } from '../core/format';
import { behind, type Watching } from '../core/state';
import { useI18n } from '../i18n/i18n';
import { Icon } from './icons';

/** "Live", "12 s behind" with the way back, or "Replay". */
export function LiveState({ state, onGoLive }: { state: Watching; onGoLive: () => void }): JSX.Element {
  const { t } = useI18n();
  const { mode, timeline, step, watch } = state;
  if (mode === 'replay' || step === 'finished') return <span class="pill">{t('watch.replay')}</span>;
  const lag = timeline === null ? 0 : behind(timeline);
  if (lag === 0 || step === 'starting') {
    const on = watch.lesson.state === 'live' && step !== 'paused';
    return (
      <span class={on ? 'pill pill--live' : 'pill'} data-live={on}>
        <span class="pill__dot" />
        {state.way === 'whep' ? t('watch.live_low') : t('watch.live')}
      </span>
    );
  }
  const time = lag < 60 ? t('watch.seconds', { n: Math.round(lag) }) : clock(lag);
  return (
    <span class="late">
      <span class="late__text">{t('watch.behind', { time })}</span>
      <button type="button" class="button button--live" aria-label={t('watch.go_live_long')} onClick={onGoLive}>
        <Icon name="live" size={20} />
        {t('watch.go_live')}
      </button>
    </span>
  );
}
