import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { Watching } from '../core/state';
import { type Still, stillAt, stillPicture } from '../core/stills';
import { useI18n } from '../i18n/i18n';
import { useStills } from './use-stills';

const kAskEveryMs = 3000;

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
  const number = still?.number ?? null;
  // The one before stays until the next has arrived: on such a line that takes seconds.
  useEffect(() => {
    if (still === null || still.number === shown?.number) return undefined;
    const picture = new Image();
    picture.onload = () => setShown(still);
    picture.src = stillPicture(master, still);
    return () => {
      picture.onload = null;
    };
  }, [master, number]);
  if (shown === null || mode !== 'live') return otherwise;
  return (
    <div class="cover cover--slides">
      <img class="still" src={stillPicture(master, shown)} alt={t('watch.still')} />
      {back}
    </div>
  );
}
