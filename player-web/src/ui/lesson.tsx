import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Choices, Event, Watching } from '../core/state';
import { restOf } from '../core/teaching';
import { useI18n } from '../i18n/i18n';
import { canLowDelay, rememberLowDelay } from '../media/low-delay';
import { CompanySlot } from './company/slot';
import { Controls } from './controls';
import { Icon } from './icons';
import { useFullscreen, useIdle, useOnItsSide } from './hooks';
import { useKeys } from './keys';
import { Notes } from './notes';
import { presenceOf } from './use-signal';
import { Overlay } from './overlay';
import { Rest } from './rest';
import { SoundFirst, useSoundFirst } from './sound-first';
import type { Company } from './use-company';
import { useHopeless } from './use-hopeless';
import { usePlayer } from './use-player';

interface LessonProps {
  readonly state: Watching;
  /** The viewer's own, of the link. */
  readonly token: string;
  readonly company: Company;
  /** Plays without being asked, where the browser allows it. */
  readonly begin: boolean;
  /** On a television: the phone has all that is not the picture. */
  readonly tv: boolean;
  readonly dispatch: (event: Event) => void;
}

/** Whoever pays by the megabyte, as far as the browser tells. */
function isMetered(): boolean {
  const connection: unknown = 'connection' in navigator ? navigator.connection : null;
  if (typeof connection !== 'object' || connection === null) return false;
  return ('saveData' in connection && connection.saveData === true) || ('type' in connection && connection.type === 'cellular');
}

export function Lesson({ state, token, company, begin, tv, dispatch }: LessonProps): JSX.Element {
  const { t } = useI18n();
  const frame = useRef<HTMLElement>(null);
  const { host, player } = usePlayer(state, token, dispatch);
  const fullscreen = useFullscreen(frame, () => player.current?.video() ?? null);
  const onItsSide = useOnItsSide();
  const { watch, step, mode, choices, timeline } = state;
  const soundFirst = useSoundFirst(state);
  const soundOnly = choices.audioOnly || soundFirst;
  const playlist = soundOnly ? watch.hls.audio : watch.hls.master;
  useEffect(() => {
    if (step !== 'idle') player.current?.show(playlist, mode === 'live' && choices.lowDelay && !soundFirst);
  }, [soundFirst]);
  // Opened again after its end: the finished playlist is no longer the whole truth.
  const modeBefore = useRef(mode);
  useEffect(() => {
    if (modeBefore.current === 'replay' && mode === 'live' && step !== 'idle') {
      player.current?.reload(playlist);
    }
    modeBefore.current = mode;
  }, [mode]);
  const hidden = useIdle(frame, step === 'playing');

  const start = (): void => {
    dispatch({ type: 'start' });
    if (step === 'finished') {
      player.current?.again(playlist);
    } else {
      const live = mode === 'live';
      player.current?.start(playlist, live ? 'live' : 'start', live && choices.lowDelay && !soundFirst);
    }
  };
  const toggle = (): void => {
    if (step === 'idle' || step === 'finished') start();
    else player.current?.toggle();
  };
  const seekBy = (seconds: number): void => {
    if (timeline !== null) player.current?.seek(timeline.position + seconds);
  };
  const choose = (changed: Partial<Choices>): void => {
    dispatch({ type: 'choose', choices: changed });
    if (changed.level !== undefined) player.current?.chooseLevel(changed.level);
    if (changed.speed !== undefined) player.current?.setSpeed(changed.speed);
    const { audioOnly = choices.audioOnly, lowDelay = choices.lowDelay } = changed;
    if (lowDelay !== choices.lowDelay) rememberLowDelay(lowDelay);
    if ((audioOnly !== choices.audioOnly || lowDelay !== choices.lowDelay) && step !== 'idle' && !soundFirst) {
      player.current?.show(audioOnly ? watch.hls.audio : watch.hls.master, mode === 'live' && lowDelay);
    }
  };
  const [saved, setSaved] = useState(false);
  useHopeless(state, soundOnly, () => {
    setSaved(true);
    choose({ audioOnly: true, lowDelay: false });
  });
  useEffect(() => {
    if (begin) start();
  }, []);
  // Refused without a tap: one press of the remote's button is enough.
  useEffect(() => {
    if (begin && step === 'idle') frame.current?.querySelector<HTMLElement>('.start')?.focus();
  }, [begin, step]);
  const goLive = (): void => player.current?.goLive();

  useKeys({
    toggle,
    seekBy,
    goLive: () => mode === 'live' && goLive(),
    mute: () => choose({ muted: !choices.muted }),
    fullscreen: fullscreen.toggle,
  });

  const rest = mode === 'live' && company.teaching !== null ? restOf(company.teaching.rests) : null;
  // A mouse on the picture pauses; a finger only wakes the controls.
  const onPicture = (): void => {
    if (window.matchMedia('(hover: hover)').matches && timeline !== null) toggle();
  };
  return (
    <main class="lesson">
      <h1 class="lesson__title">{watch.lesson.title}</h1>
      <section
        ref={frame}
        class={`player player--${step}${hidden ? ' player--quiet' : ''}${fullscreen.on || onItsSide ? ' player--over' : ''}`}
        data-way={state.way}
        aria-label={t('watch.player')}
      >
        <div class="stage">
          <div ref={host} class="stage__videos" onClick={onPicture} />
          <Overlay state={state} onStart={start} onShow={() => choose({ audioOnly: false })} />
          {soundFirst && !choices.audioOnly && <SoundFirst state={state} />}
          {rest !== null && <Rest why={rest} onBegin={() => player.current?.video().pause()} />}
          <Notes notes={step === 'idle' || rest !== null ? [] : company.notesAt(presenceOf(state).mediaMs)} />
        </div>
        <Controls
          state={state}
          fullscreen={fullscreen}
          lowDelay={mode === 'live' && watch.whep !== null && canLowDelay()}
          onToggle={toggle}
          onSeek={(position) => player.current?.seek(position)}
          onSeekBy={seekBy}
          onGoLive={goLive}
          onChoose={choose}
        />
      </section>
      {!tv && <CompanySlot state={state} token={token} company={company} video={player.current?.video() ?? null} onSeek={(position) => player.current?.seek(position)} />}
      <aside class="facts">
        <p role="status">{state.justEnded ? t('watch.ended_now') : saved && choices.audioOnly ? t('watch.audio_only_saved') : choices.lowDelay && state.lowDelayLost && t('watch.low_delay_lost')}</p>
        {company.crowded && (
          <p role="status">
            {t('watch.crowded')}{' '}
            <button type="button" class="link" onClick={() => location.reload()}>
              {t('watch.crowded_again')}
            </button>
          </p>
        )}
        {isMetered() && !choices.audioOnly && (
          <p>
            {t('watch.save_hint')}{' '}
            <button type="button" class="link" onClick={() => choose({ audioOnly: true, lowDelay: false })}>
              {t('watch.save_do')}
            </button>
          </p>
        )}
        {watch.recording.mp4 !== null && (
          <a class="button" href={watch.recording.mp4} download>
            <Icon name="download" />
            {t('watch.download')}
          </a>
        )}
        {!tv && <p class="facts__keys">{t('watch.keys')}</p>}
      </aside>
    </main>
  );
}
