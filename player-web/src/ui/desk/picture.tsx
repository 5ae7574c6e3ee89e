import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';

import type { Event, Watching } from '../../core/state';
import { useI18n } from '../../i18n/i18n';
import { useFullscreen } from '../hooks';
import { Icon, type IconName } from '../icons';
import { useKeys } from '../keys';
import { LiveState } from '../live-state';
import { Overlay } from '../overlay';
import { Tool } from '../tool';
import { usePlayer } from '../use-player';
import type { LessonOnDesk } from './desk';

interface PictureProps<S> {
  readonly state: S;
  readonly token: string;
  readonly dispatch: (event: Event) => void;
}

/** The lead's picture, small: the watch page's player with the few buttons a teacher needs. */
function Playing({ state, token, dispatch }: PictureProps<Watching>): JSX.Element {
  const { t } = useI18n();
  const frame = useRef<HTMLElement>(null);
  const { host, player } = usePlayer(state, token, dispatch);
  const fullscreen = useFullscreen(frame, () => player.current?.video() ?? null);
  const { step, mode, watch, choices, timeline } = state;
  const idle = step === 'idle' || step === 'finished';
  const ready = timeline !== null && !idle && state.way === 'hls';

  const start = (): void => {
    dispatch({ type: 'start' });
    if (step === 'finished') player.current?.again(watch.hls.master);
    else player.current?.start(watch.hls.master, mode === 'live' ? 'live' : 'start', mode === 'live' && choices.lowDelay);
  };
  const toggle = (): void => (idle ? start() : player.current?.toggle());
  const seekBy = (seconds: number): void => {
    if (timeline !== null) player.current?.seek(timeline.position + seconds);
  };
  const mute = (): void => dispatch({ type: 'choose', choices: { muted: !choices.muted } });
  useKeys({ toggle, seekBy, goLive: () => player.current?.goLive(), mute, fullscreen: fullscreen.toggle });
  const paused = idle || step === 'paused';
  return (
    <section ref={frame} class={`desk__picture${fullscreen.on ? ' desk__picture--full' : ''}`} data-step={step} aria-label={t('desk.picture')}>
      <div class="stage">
        <div ref={host} class="stage__videos" />
        <Overlay state={state} startText={mode === 'live' ? t('desk.start') : t('desk.start_replay')} onStart={start} onShow={() => undefined} />
      </div>
      <div class="desk__tools">
        <Tool icon={paused ? 'play' : 'pause'} label={paused ? t('watch.play') : t('watch.pause')} text={paused ? t('watch.play') : t('watch.pause')} onClick={toggle} />
        <Tool icon="back" label={t('watch.back10')} text="10" disabled={!ready} onClick={() => seekBy(-10)} />
        <Tool
          icon={choices.muted ? 'muted' : 'sound'}
          label={choices.muted ? t('watch.unmute') : t('watch.mute')}
          text={choices.muted ? t('watch.unmute') : t('watch.mute')}
          onClick={mute}
        />
        <div class="desk__live">
          <LiveState state={state} onGoLive={() => player.current?.goLive()} />
        </div>
      </div>
    </section>
  );
}

/** What stands in the picture's place while there is none. */
function Empty({ icon, words, busy }: { icon: IconName; words: string; busy: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="desk__picture" aria-label={t('desk.picture')}>
      <div class="stage">
        <div class="cover">
          <div class={busy ? 'board__icon--busy' : ''}>
            <Icon name={icon} size={44} />
          </div>
          <p class="cover__words" role="status">
            {words}
          </p>
        </div>
      </div>
    </section>
  );
}

export function Picture({ state, token, dispatch }: PictureProps<LessonOnDesk>): JSX.Element {
  const { t } = useI18n();
  switch (state.kind) {
    case 'waiting':
      return <Empty icon="clock" words={t('desk.waiting')} busy />;
    case 'over':
      return <Empty icon="check" words={t('desk.over')} busy={false} />;
    case 'unplayable':
      return <Empty icon="question" words={t('desk.unplayable')} busy={false} />;
    case 'watching':
      return <Playing state={state} token={token} dispatch={dispatch} />;
  }
}
