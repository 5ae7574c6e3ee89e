import type { JSX } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';

import { clock } from '../../core/format';
import { elapsed, type Teaching } from '../../core/studio/state';
import { type Key, useI18n } from '../../i18n/i18n';

/** Draws anew every second while `on`. */
export function useSeconds(on: boolean): void {
  const [, redraw] = useReducer((n: number) => n + 1, 0);
  useEffect(() => {
    if (!on) return undefined;
    const timer = setInterval(() => redraw(undefined), 1000);
    return () => clearInterval(timer);
  }, [on]);
}

function words({ phase, studio }: Teaching): Key {
  switch (phase.kind) {
    case 'before':
      return studio.publisher === null ? 'studio.light_before' : 'studio.light_elsewhere';
    case 'starting':
      return 'studio.light_starting';
    case 'live':
      return 'studio.light_live';
    case 'reconnecting':
      return 'studio.light_reconnecting';
    case 'superseded':
      return 'studio.light_superseded';
    case 'ended':
      return 'studio.light_ended';
  }
}

/** On air or not: the one thing a teacher must never be in doubt about. */
export function Light({ state }: { state: Teaching }): JSX.Element {
  const { t } = useI18n();
  const { phase, capture } = state;
  const counting = phase.kind === 'live' || phase.kind === 'reconnecting';
  useSeconds(counting);
  return (
    <div class={`light light--${phase.kind}`} data-phase={phase.kind}>
      <span class="light__lamp" />
      <p class="light__words" role="status">
        <strong>{t(words(state))}</strong>
        {phase.kind === 'live' && <span>{capture.muted ? t('studio.light_muted_hint') : t('studio.light_live_hint')}</span>}
      </p>
      {counting && <span class="light__time">{clock(elapsed(state, Date.now()))}</span>}
    </div>
  );
}
