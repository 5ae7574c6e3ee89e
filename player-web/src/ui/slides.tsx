import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Watching } from '../core/state';
import { type Still, stillAt, stillPicture } from '../core/stills';
import { useI18n } from '../i18n/i18n';
import { useStills } from './use-stills';

const kAskEveryMs = 3000;
/** A picture is fetched while so much sound is there: it takes seconds of such a line, and sound does not wait for it. */
const kSoundAheadS = 3;

export interface SlidesProps {
  readonly state: Watching;
  /** Shown while there is no still. */
  readonly otherwise: JSX.Element;
  readonly back: JSX.Element | null;
}

/** What the board shows, as pictures that change with it: sound goes on underneath. */
export function Slides({ state, otherwise, back }: SlidesProps): JSX.Element {
  const { t } = useI18n();
  const { watch, mode, timeline } = state;
  const { master } = watch.hls;
  const stills = useStills(master, mode === 'live', kAskEveryMs);
  const [shown, setShown] = useState<Still | null>(null);
  const still = stillAt(stills, timeline?.date ?? null);
  const tried = useRef<number | null>(null);
  const busy = useRef(false);
  // One at a time, the newest; the one before stays until it has arrived.
  useEffect(() => {
    const roomy = shown === null || (timeline?.ahead ?? kSoundAheadS) >= kSoundAheadS;
    if (still === null || still.number === tried.current || busy.current || !roomy) return;
    tried.current = still.number;
    busy.current = true;
    const picture = new Image();
    picture.onload = () => {
      busy.current = false;
      setShown(still);
    };
    picture.onerror = () => {
      busy.current = false;
    };
    picture.src = stillPicture(master, still);
  });
  if (shown === null || mode !== 'live') return otherwise;
  return (
    <div class="cover cover--slides">
      <img class="still" src={stillPicture(master, shown)} alt={t('watch.still')} />
      {back}
    </div>
  );
}
