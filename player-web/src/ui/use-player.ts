import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { abilitiesOf, choosePlayer } from '../core/choose';
import type { Event, Watching } from '../core/state';
import { loadHls } from '../media/hls-loader';
import { canLowDelay, remembersLowDelay } from '../media/low-delay';
import { createPlayer } from '../media/player';
import type { Player } from '../media/playing';

export interface PlayerHold {
  readonly host: RefObject<HTMLDivElement>;
  readonly player: { readonly current: Player | null };
}

/** The screen and the player behind it, for as long as the lesson is on the page. */
export function usePlayer(state: Watching, token: string, dispatch: (event: Event) => void): PlayerHold {
  const host = useRef<HTMLDivElement>(null);
  const player = useRef<Player | null>(null);
  const { whep } = state.watch;

  useEffect(() => {
    if (host.current === null) return undefined;
    const can = abilitiesOf(document.createElement('video'));
    const choice = choosePlayer(can);
    if (choice === 'none') {
      dispatch({ type: 'unplayable' });
      return undefined;
    }
    // Fetched while the viewer reads the title, so that the tap finds it there.
    if (choice === 'hlsjs') loadHls().catch(() => undefined);
    const door = whep !== null && canLowDelay() ? { path: whep, token } : null;
    if (door !== null && remembersLowDelay()) dispatch({ type: 'choose', choices: { lowDelay: true } });
    const made = createPlayer({ host: host.current, choice, mayFallBack: can.mse, door, dispatch });
    player.current = made;
    return () => {
      player.current = null;
      made.dispose();
    };
  }, [dispatch, token, whep]);

  const { watch } = state;
  useEffect(() => player.current?.setLesson(watch.lesson.state, watch.airedMs), [watch]);

  const { volume, muted } = state.choices;
  useEffect(() => player.current?.setSound(volume, muted), [volume, muted]);

  return { host, player };
}
