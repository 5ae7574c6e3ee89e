import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Event, Watching } from '../../core/state';
import { useI18n } from '../../i18n/i18n';
import { useFullscreen } from '../hooks';
import { useKeys } from '../keys';
import { LiveState } from '../live-state';
import { Overlay } from '../overlay';
import { Tool } from '../tool';
import { usePlayer } from '../use-player';

interface PictureProps {
  readonly state: Watching;
  readonly token: string;
  readonly dispatch: (event: Event) => void;
}

/** The teacher's picture. It begins by itself: the tap that opened the lesson was the one. */
export function Picture({ state, token, dispatch }: PictureProps): JSX.Element {
  const { t } = useI18n();
  const frame = useRef<HTMLElement>(null);
  const { host, player } = usePlayer(state, token, dispatch);
  const fullscreen = useFullscreen(frame, () => player.current?.video() ?? null);
  const { step, mode, watch, choices } = state;
  const start = (): void => {
    dispatch({ type: 'start' });
    if (step === 'finished') player.current?.again(watch.hls.master);
    else player.current?.start(watch.hls.master, mode === 'live' ? 'live' : 'start', false);
  };
  useEffect(start, []);
  const paused = step === 'idle' || step === 'finished' || step === 'paused';
  const toggle = (): void => (step === 'idle' || step === 'finished' ? start() : player.current?.toggle());
  const mute = (): void => dispatch({ type: 'choose', choices: { muted: !choices.muted } });
  const seekBy = (seconds: number): void => {
    if (state.timeline !== null) player.current?.seek(state.timeline.position + seconds);
  };
  useKeys({ toggle, seekBy, goLive: () => player.current?.goLive(), mute, fullscreen: fullscreen.toggle });
  const sound = choices.muted ? t('watch.unmute') : t('watch.mute');
  return (
    <section ref={frame} class="inspect__picture" data-step={step} aria-label={t('inspect.item_picture')}>
      <div class="stage">
        <div ref={host} class="stage__videos" />
        <Overlay state={state} startText={t('inspect.look')} onStart={start} onShow={() => undefined} />
      </div>
      <div class="inspect__tools">
        <Tool icon={paused ? 'play' : 'pause'} label={paused ? t('watch.play') : t('watch.pause')} text={paused ? t('watch.play') : t('watch.pause')} onClick={toggle} />
        <Tool icon={choices.muted ? 'muted' : 'sound'} label={sound} text={sound} onClick={mute} />
        <Tool icon="full" label={t('watch.fullscreen')} text={t('watch.fullscreen')} onClick={fullscreen.toggle} />
        <div class="inspect__live">
          <LiveState state={state} onGoLive={() => player.current?.goLive()} />
        </div>
      </div>
    </section>
  );
}
