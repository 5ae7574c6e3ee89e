import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Watching } from '../core/state';
import '../i18n/crowd';
import { useI18n } from '../i18n/i18n';
import { sentence, SlidesLater } from './overlay';

/** Whether the picture has still to wait for its turn. The server says for how long each time it is asked; when it
 *  cannot be asked any more the turn comes all the same. */
export function useSoundFirst({ watch, mode }: Watching): boolean {
  const { soundFirstMs } = watch;
  const [waits, setWaits] = useState(soundFirstMs > 0);
  useEffect(() => {
    setWaits(soundFirstMs > 0);
    const turn = setTimeout(() => setWaits(false), soundFirstMs);
    return () => clearTimeout(turn);
  }, [watch]);
  return waits && mode === 'live';
}

/** Over the lesson that is heard already: stills of the board, and what is going on. */
export function SoundFirst({ state }: { state: Watching }): JSX.Element | null {
  const { t } = useI18n();
  if (state.step === 'idle' || state.step === 'finished') return null;
  return (
    <>
      <SlidesLater state={state} back={null} otherwise={<div class="cover cover--sound" />} />
      {sentence(state) === null && (
        <div role="status" class="words words--playing">
          <p>
            <span class="spinner" />
            {t('crowd.sound_first')}
          </p>
        </div>
      )}
    </>
  );
}
