import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Watching } from '../core/state';
import { isHopeless, type Still, stillAt, stillPicture } from '../core/stills';
import { useI18n } from '../i18n/i18n';
import { useStills } from './use-stills';

const kAskEveryMs = 3000;
/** A picture that stands still for less was sought, or begins: no sign of a slow line. */
const kLastingMs = 1000;

interface SlidesProps {
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

/** Calls back once when the line turns out to carry no picture at all; while sound alone is played that cannot be known. */
export function useHopeless(state: Watching, soundOnly: boolean, hopeless: () => void): void {
  const stalls = useRef<readonly number[]>([]);
  const told = useRef(false);
  const { step, mode, way } = state;
  const counts = step === 'stalled' && mode === 'live' && way === 'hls' && !soundOnly && state.watch.lesson.state === 'live';
  useEffect(() => {
    if (!counts || told.current) return undefined;
    const lasting = setTimeout(() => {
      const now = Date.now();
      stalls.current = [...stalls.current, now].slice(-8);
      if (!isHopeless(stalls.current, now)) return;
      told.current = true; // who wants the picture back is not overruled
      hopeless();
    }, kLastingMs);
    return () => clearTimeout(lasting);
  }, [counts]);
}
