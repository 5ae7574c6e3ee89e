import type { JSX, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';

import type { Capture, CaptureTrouble, Teaching } from '../../core/studio/state';
import { type Key, useI18n } from '../../i18n/i18n';
import { showTrack } from '../../media/studio/preview';
import { Icon } from '../icons';
import type { Workshop } from './use-studio';

interface StageProps {
  readonly state: Teaching;
  readonly preview: RefObject<HTMLVideoElement>;
  readonly workshop: () => Workshop | null;
}

const kTroubles: Readonly<Record<CaptureTrouble, Key>> = {
  insecure: 'studio.trouble_insecure',
  denied: 'studio.trouble_denied',
  missing: 'studio.trouble_missing',
  busy: 'studio.trouble_busy',
  lost: 'studio.trouble_lost',
};

/** Instead of a picture: how to get one. */
function Door({ capture, onOpen }: { capture: Capture; onOpen: () => void }): JSX.Element {
  const { t } = useI18n();
  const { step, trouble } = capture;
  return (
    <div class="cover">
      <Icon name="camera" size={44} />
      <p class="cover__title">{step === 'opening' ? t('studio.opening') : t('studio.open_title')}</p>
      {step !== 'opening' && <p class="cover__text">{trouble === null ? t('studio.open_text') : t(kTroubles[trouble])}</p>}
      {step === 'closed' && trouble !== 'insecure' && (
        <button type="button" class="button button--chalk" onClick={onOpen}>
          {trouble === null ? t('studio.open') : t('studio.retry_devices')}
        </button>
      )}
    </div>
  );
}

/** What pupils see or will see. */
export function Stage({ state, preview, workshop }: StageProps): JSX.Element {
  const { t } = useI18n();
  const { capture, phase } = state;
  const open = capture.step === 'open';
  const over = phase.kind === 'ended' && capture.step === 'closed' && capture.trouble === null;
  // After every redraw: whichever track is current then.
  useEffect(() => {
    if (preview.current !== null) showTrack(preview.current, workshop()?.capture.video() ?? null);
  });
  const openDevices = (): void => void workshop()?.capture.open();
  return (
    <div class={open ? 'stage' : 'stage stage--door'}>
      <video ref={preview} class={capture.mirrored ? 'stage__mirror' : ''} muted playsInline tabIndex={-1} />
      {over && (
        <div class="cover">
          <Icon name="check" size={44} />
          <p class="cover__title">{t('studio.light_ended')}</p>
        </div>
      )}
      {!open && !over && <Door capture={capture} onOpen={openDevices} />}
      {open && capture.source === 'none' && (
        <div class="cover">
          <Icon name="ear" size={44} />
          <p class="cover__title">{t('studio.no_picture')}</p>
          {capture.trouble !== null && <p class="cover__text">{t(kTroubles[capture.trouble])}</p>}
          <button type="button" class="button button--chalk" onClick={openDevices}>
            {t('studio.retry_devices')}
          </button>
        </div>
      )}
      {open && capture.muted && phase.kind !== 'ended' && (
        <p class="stage__note">
          <Icon name="mic_off" size={20} />
          {t('studio.muted')}
        </p>
      )}
    </div>
  );
}
