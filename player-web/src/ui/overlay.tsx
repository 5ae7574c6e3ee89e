import type { JSX } from 'preact';

import type { Watching } from '../core/state';
import { type Key, useI18n } from '../i18n/i18n';
import { Icon } from './icons';
import type { SlidesProps } from './slides';
import { useLater } from './use-later';

/** The one sentence the viewer needs now, or null while all is well. */
export function sentence({ step, watch, offline }: Watching): Key | null {
  const away = watch.lesson.state === 'interrupted';
  if (step === 'idle') return away ? 'watch.interrupted_idle' : null;
  if (step === 'finished') return 'watch.finished';
  if (offline && step !== 'playing' && step !== 'paused') return 'watch.reconnecting';
  if (away && step !== 'paused') return 'watch.interrupted';
  if (step === 'starting') return 'watch.starting';
  if (step === 'stalled') return 'watch.stalled';
  return null;
}

interface OverlayProps {
  readonly state: Watching;
  /** Beside the big button, instead of a pupil's words. */
  readonly startText?: string;
  readonly onStart: () => void;
  readonly onShow: () => void;
}

/** Only a line too slow for pictures needs their code. */
export function SlidesLater(props: SlidesProps): JSX.Element {
  const part = useLater(() => import('./slides'));
  return part === null ? props.otherwise : <part.Slides {...props} />;
}

/** What lies over the picture: the big play button, sound-only, and honest words. */
export function Overlay({ state, startText, onStart, onShow }: OverlayProps): JSX.Element {
  const { t } = useI18n();
  const { step, mode, choices } = state;
  const words = sentence(state);
  const covered = step === 'idle' || step === 'finished';
  const back = (
    <button type="button" class="button button--chalk" onClick={onShow}>
      {t('watch.audio_only_back')}
    </button>
  );
  return (
    <>
      {choices.audioOnly && !covered && (
        <SlidesLater
          state={state}
          back={back}
          otherwise={
            <div class="cover cover--sound">
              <Icon name="ear" size={56} />
              <p>{t('watch.audio_only_on')}</p>
              {back}
            </div>
          }
        />
      )}
      {covered && (
        <div class="cover">
          <button type="button" class="start" onClick={onStart}>
            <span class="start__disc">
              <Icon name="play" size={44} />
            </span>
            <span class="start__text">
              {step === 'finished' ? t('watch.start_again') : (startText ?? (mode === 'live' ? t('watch.start_live') : t('watch.start_replay')))}
            </span>
          </button>
        </div>
      )}
      <div role="status" class={words === null ? 'words words--none' : `words words--${step}`}>
        {words !== null && (
          <p>
            {step !== 'finished' && step !== 'idle' && <span class="spinner" />}
            {t(words)}
          </p>
        )}
      </div>
    </>
  );
}
