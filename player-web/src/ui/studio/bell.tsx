import type { JSX } from 'preact';

import { clock } from '../../core/format';
import type { Phase, Teaching } from '../../core/studio/state';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { HealthLine } from './health-line';
import { useSeconds } from './light';

interface BellProps {
  readonly state: Teaching;
  readonly onStart: () => void;
  readonly onEnd: () => void;
}

function Before({ state, onStart }: { state: Teaching; onStart: () => void }): JSX.Element {
  const { t } = useI18n();
  const { studio, capture, phase } = state;
  const elsewhere = studio.publisher !== null;
  const begun = studio.lesson.startedMs !== null;
  return (
    <>
      <button type="button" class="button button--primary bell__do" disabled={!capture.microphone} onClick={onStart}>
        <Icon name="bell" />
        {elsewhere ? t('studio.take_over') : begun ? t('studio.resume') : t('studio.start')}
      </button>
      <p class="bell__hint">{elsewhere ? t('studio.take_over_hint') : begun ? t('studio.resume_hint') : t('studio.start_hint')}</p>
      {phase.kind === 'before' && phase.refused && (
        <p class="studio__warning" role="alert">
          {t('studio.refused')}
        </p>
      )}
    </>
  );
}

function Reconnecting({ phase }: { phase: Extract<Phase, { kind: 'reconnecting' }> }): JSX.Element {
  const { t } = useI18n();
  useSeconds(phase.retryMs !== null);
  const wait = phase.retryMs === null ? 0 : Math.max(0, Math.ceil((phase.retryMs - Date.now()) / 1000));
  return (
    <>
      <p class="bell__state">
        <span class="spinner" />
        {wait > 0 ? t('studio.retry_in', { s: wait, n: phase.tries + 1 }) : t('studio.retry_now', { n: phase.tries + 1 })}
      </p>
      <p class="bell__hint">{t('studio.retry_calm')}</p>
    </>
  );
}

function Superseded({ by, onStart }: { by: string; onStart: () => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <h2 class="bell__title">{t('studio.superseded_title')}</h2>
      <p class="bell__hint">{by === 'whip' ? t('studio.superseded_text') : t('studio.superseded_obs')}</p>
      <button type="button" class="button button--primary bell__do" onClick={onStart}>
        <Icon name="turn" />
        {t('studio.take_back')}
      </button>
      <p class="bell__hint">{t('studio.take_over_hint')}</p>
    </>
  );
}

function Ended({ state, onStart }: { state: Teaching; onStart: () => void }): JSX.Element {
  const { t } = useI18n();
  const { studio } = state;
  const { lengthMs } = studio.lesson;
  return (
    <>
      <h2 class="bell__title">{t('studio.ended_title')}</h2>
      <p class="bell__hint">
        {lengthMs !== null && `${t('studio.ended_length', { time: clock(lengthMs / 1000) })} `}
        {t('studio.ended_text')}
      </p>
      {studio.lesson.startedMs !== null && (
        <a class="button" href={studio.watch}>
          <Icon name="play" />
          {t('studio.ended_replay')}
        </a>
      )}
      {studio.recording.mp4 !== null && (
        <a class="button" href={studio.recording.mp4} download>
          <Icon name="download" />
          {t('studio.ended_download')}
        </a>
      )}
      <button type="button" class="link" onClick={onStart}>
        {t('studio.reopen')}
      </button>
    </>
  );
}

/** Starting and ending class, and what goes on in between. */
export function Bell({ state, onStart, onEnd }: BellProps): JSX.Element {
  const { t } = useI18n();
  const { phase } = state;
  const teaching = phase.kind === 'starting' || phase.kind === 'live' || phase.kind === 'reconnecting';
  return (
    <section class="card bell">
      {phase.kind === 'before' && <Before state={state} onStart={onStart} />}
      {phase.kind === 'starting' && (
        <p class="bell__state">
          <span class="spinner" />
          {t('studio.light_starting')}
        </p>
      )}
      {phase.kind === 'live' && <HealthLine health={state.health} backfill={state.backfill} />}
      {phase.kind === 'reconnecting' && <Reconnecting phase={phase} />}
      {phase.kind === 'superseded' && <Superseded by={phase.by} onStart={onStart} />}
      {phase.kind === 'ended' && <Ended state={state} onStart={onStart} />}
      {teaching && (
        <button type="button" class="button button--end bell__do" onClick={onEnd}>
          <Icon name="stop" />
          {t('studio.end')}
        </button>
      )}
    </section>
  );
}
