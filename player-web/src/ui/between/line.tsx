import type { JSX } from 'preact';

import type { Event, Show } from '../../core/between';
import { clock } from '../../core/format';
import { useI18n } from '../../i18n/i18n';
import { useHour } from './use-hour';

interface LineProps {
  readonly line: Extract<Show, { kind: 'line' }>;
  readonly nowMs: number;
  readonly dispatch: (event: Event) => void;
  readonly onGo: (link: string) => void;
}

/** Below a picture that runs: the next lesson is about to begin, or has begun. */
export function Line({ line: { next, goesMs }, nowMs, dispatch, onGo }: LineProps): JSX.Element {
  const { t } = useI18n();
  const hour = useHour();
  const lesson = next.subject ?? next.title;
  const begun = next.state === 'live' || nowMs >= next.plan.startsMs;
  return (
    <section class="between-line" aria-label={t('between.coming')}>
      <p role="status">{begun ? t('between.line_begun', { lesson }) : t('between.line_soon', { time: hour(next.plan.startsMs), lesson })}</p>
      {goesMs !== null && (
        <p class="between-line__goes" role="timer">
          {t('between.line_goes', { left: clock(Math.max(0, (goesMs - nowMs) / 1000)) })}
        </p>
      )}
      <div class="between-line__doing">
        <button type="button" class="button" onClick={() => onGo(next.link)}>
          {t('between.go')}
        </button>
        {goesMs !== null && (
          <button type="button" class="button" onClick={() => dispatch({ type: 'stay' })}>
            {t('between.stay')}
          </button>
        )}
      </div>
    </section>
  );
}
