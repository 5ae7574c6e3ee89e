import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { rate } from '../../core/format';
import { type Camera, type Echo, kPreflightMs, type Line, type Microphone, type Verdict } from '../../core/studio/preflight';
import type { Preflight } from '../../core/studio/state';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';

const kLines: Readonly<Record<Line, Key>> = {
  good: 'studio.line_good',
  fair: 'studio.line_fair',
  'sound-only': 'studio.line_sound',
  bad: 'studio.line_bad',
};
const kMicrophones: Readonly<Record<Microphone, Key>> = {
  good: 'studio.mic_good',
  quiet: 'studio.mic_quiet',
  silent: 'studio.mic_silent',
  loud: 'studio.mic_loud',
};
const kCameras: Readonly<Record<Camera, Key>> = { good: 'studio.cam_good', slow: 'studio.cam_slow', none: 'studio.cam_none' };
const kEchoes: Readonly<Record<Echo, Key>> = { clean: 'studio.echo_clean', echo: 'studio.echo_echo', unknown: 'studio.echo_unknown' };
const kOverall: Readonly<Record<Verdict['overall'], Key>> = { ready: 'studio.test_ready', usable: 'studio.test_usable', fix: 'studio.test_fix' };

function Findings({ verdict }: { verdict: Verdict }): JSX.Element {
  const { t } = useI18n();
  const { kbps, line, microphone, camera, echo } = verdict;
  const found: readonly (readonly [string, boolean])[] = [
    [t(kLines[line], { rate: rate(kbps) }), line === 'good'],
    [t(kMicrophones[microphone]), microphone === 'good'],
    [t(kCameras[camera]), camera === 'good'],
    [t(kEchoes[echo]), echo !== 'echo'],
  ];
  return (
    <ul class="findings">
      {found.map(([words, fine]) => (
        <li key={words} class={fine ? 'findings__fine' : 'findings__note'}>
          <Icon name={fine ? 'check' : 'attention'} size={20} />
          <span>{words}</span>
        </li>
      ))}
    </ul>
  );
}

interface PreflightCardProps {
  readonly preflight: Preflight;
  readonly onStart: () => void;
  readonly onStop: () => void;
}

export function PreflightCard({ preflight, onStart, onStop }: PreflightCardProps): JSX.Element {
  const { t } = useI18n();
  const card = useRef<HTMLElement>(null);
  // On a phone the card lies below the picture, and what it says must be seen.
  const { kind } = preflight;
  useEffect(() => {
    if (kind !== 'none') card.current?.scrollIntoView({ block: 'nearest' });
  }, [kind]);
  switch (preflight.kind) {
    case 'none':
      return (
        <section class="card preflight">
          <button type="button" class="button preflight__do" onClick={onStart}>
            <Icon name="speed" />
            {t('studio.test')}
          </button>
          <p class="bell__hint">{t('studio.test_hint')}</p>
        </section>
      );
    case 'running':
      return (
        <section ref={card} class="card preflight" data-preflight="running">
          <h2 class="bell__title">{t('studio.test_running', { s: Math.ceil((1 - preflight.done) * (kPreflightMs / 1000)) })}</h2>
          <progress class="preflight__bar" value={preflight.done} max={1} aria-label={t('studio.test_progress')} />
          <p>{t('studio.test_speak')}</p>
          <p class="bell__hint preflight__now">{preflight.kbps > 0 && t('studio.test_line_now', { rate: rate(preflight.kbps) })}</p>
          <button type="button" class="link" onClick={onStop}>
            {t('studio.test_stop')}
          </button>
        </section>
      );
    case 'done':
      return (
        <section ref={card} class="card preflight" data-preflight={preflight.verdict.overall}>
          <div role="status">
            <h2 class="bell__title">{t(kOverall[preflight.verdict.overall])}</h2>
          </div>
          <Findings verdict={preflight.verdict} />
          <button type="button" class="link" onClick={onStart}>
            {t('studio.test_again')}
          </button>
        </section>
      );
  }
}
