import type { ComponentChildren, JSX } from 'preact';
import { useState } from 'preact/hooks';

import { clock, megabytes, megabytesPerHour } from '../core/format';
import { type Choices, lessonTime, type Timeline, type Watching } from '../core/state';
import { useI18n } from '../i18n/i18n';
import type { Fullscreen } from './hooks';
import { Icon } from './icons';
import { LiveState } from './live-state';
import { Menu, type MenuItem } from './menu';
import { Slider } from './slider';
import { Tool } from './tool';

interface ControlsProps {
  readonly state: Watching;
  readonly fullscreen: Fullscreen;
  /** Low delay is there to be chosen. */
  readonly lowDelay: boolean;
  readonly onToggle: () => void;
  readonly onSeek: (position: number) => void;
  readonly onSeekBy: (seconds: number) => void;
  readonly onGoLive: () => void;
  readonly onChoose: (changed: Partial<Choices>) => void;
}

const kSpeeds = [1, 1.25, 1.5] as const;

interface SeekBarProps {
  readonly timeline: Timeline | null;
  readonly onSeek: (position: number) => void;
  readonly children: ComponentChildren;
}

/** The lesson as a line, in lesson time, with its live state at the end. */
function SeekBar({ timeline, onSeek, children }: SeekBarProps): JSX.Element {
  const { t } = useI18n();
  // While a finger drags, the bar follows the finger and not the player.
  const [held, setHeld] = useState<number | null>(null);
  const total = timeline === null ? 0 : lessonTime(timeline, timeline.target);
  const at = Math.min(held ?? (timeline === null ? 0 : lessonTime(timeline, timeline.position)), total);
  return (
    <div class="seek">
      <span class="seek__time">{timeline && clock(at)}</span>
      <Slider
        class="seek__bar"
        label={t('watch.seek')}
        text={t('watch.seek_text', { at: clock(at), total: clock(total) })}
        value={at}
        max={Math.max(total, 1)}
        step={1}
        disabled={timeline === null}
        onInput={setHeld}
        onCommit={(value) => {
          setHeld(null);
          if (timeline !== null) onSeek(timeline.start + value);
        }}
      />
      <span class="seek__time seek__time--end">{timeline && clock(total)}</span>
      <div class="seek__state">{children}</div>
    </div>
  );
}

export function Controls(props: ControlsProps): JSX.Element {
  const { state, fullscreen, lowDelay, onToggle, onSeek, onSeekBy, onGoLive, onChoose } = props;
  const { t } = useI18n();
  const [open, setOpen] = useState<'quality' | 'speed' | null>(null);
  const { step, timeline, choices, levels, mode } = state;
  // What comes without delay cannot be moved in.
  const ready = timeline !== null && step !== 'idle' && state.way === 'hls';
  const paused = step === 'idle' || step === 'paused' || step === 'finished';
  const silent = choices.muted || choices.volume === 0;

  const quality: MenuItem[] = [
    { id: 'auto', text: t('watch.quality_auto'), hint: t('watch.quality_auto_hint') },
    ...(levels.length > 1 ? [...levels].reverse() : []).map(({ id, height, bitsPerSecond }, place) => ({
      id: `${id}`,
      text: t(place === 0 ? 'watch.quality_source' : 'watch.quality_height', { height }), // the ladder only goes down from the source
      hint: t('watch.quality_cost', { mb: megabytesPerHour(bitsPerSecond) }),
    })),
    ...(lowDelay ? [{ id: 'low', text: t('watch.low_delay'), hint: t('watch.low_delay_hint') }] : []),
    { id: 'audio', text: t('watch.audio_only'), hint: t('watch.audio_only_hint') },
  ];
  const chosen = choices.audioOnly ? 'audio' : choices.lowDelay && lowDelay ? 'low' : choices.level === null ? 'auto' : `${choices.level}`;
  const pickQuality = (id: string): void => {
    if (id === 'audio') onChoose({ audioOnly: true, lowDelay: false });
    else if (id === 'low') onChoose({ audioOnly: false, lowDelay: true, level: null });
    else onChoose({ audioOnly: false, lowDelay: false, level: id === 'auto' ? null : Number(id) });
  };
  const chosenText = quality.find(({ id }) => id === chosen)?.text ?? t('watch.quality');

  return (
    <div class="panel">
      <SeekBar timeline={ready ? timeline : null} onSeek={onSeek}>
        <LiveState state={state} onGoLive={onGoLive} />
      </SeekBar>
      <div class="main">
        <Tool icon="start" label={t('watch.from_start')} text={t('watch.from_start')} disabled={!ready} onClick={() => timeline && onSeek(timeline.start)} />
        <Tool icon="back" label={t('watch.back10')} text="10" disabled={!ready} onClick={() => onSeekBy(-10)} />
        <button type="button" class="play" aria-label={paused ? t('watch.play') : t('watch.pause')} onClick={onToggle}>
          <Icon name={paused ? 'play' : 'pause'} size={32} />
        </button>
        <Tool icon="forward" label={t('watch.forward10')} text="10" disabled={!ready} onClick={() => onSeekBy(10)} />
        <Tool
          icon={silent ? 'muted' : 'sound'}
          label={silent ? t('watch.unmute') : t('watch.mute')}
          text={silent ? t('watch.unmute') : t('watch.mute')}
          onClick={() => onChoose({ muted: !silent, volume: choices.volume === 0 ? 1 : choices.volume })}
        />
      </div>
      <div class="tools">
        <div class="volume">
          <Slider
            class="volume__bar"
            label={t('watch.volume')}
            text={`${Math.round((choices.muted ? 0 : choices.volume) * 100)}%`}
            value={choices.muted ? 0 : choices.volume}
            max={1}
            step={0.05}
            ownKeys
            onInput={(volume) => onChoose({ volume, muted: volume === 0 })}
          />
        </div>
        {mode === 'replay' && (
          <Tool
            icon="speed"
            label={`${t('watch.speed')}: ${t('watch.speed_value', { rate: choices.speed })}`}
            text={t('watch.speed_value', { rate: choices.speed })}
            onClick={() => setOpen('speed')}
          />
        )}
        <Tool icon={choices.audioOnly ? 'ear' : 'quality'} label={`${t('watch.quality')}: ${chosenText}`} text={choices.audioOnly ? chosenText : t('watch.quality')} onClick={() => setOpen('quality')} />
        <Tool
          icon={fullscreen.on ? 'small' : 'full'}
          label={fullscreen.on ? t('watch.exit_fullscreen') : t('watch.fullscreen')}
          text={fullscreen.on ? t('watch.exit_fullscreen') : t('watch.fullscreen')}
          onClick={fullscreen.toggle}
        />
      </div>
      <p class="used" title={t('watch.used_hint')}>
        {timeline?.bytes != null && t('watch.used', { mb: megabytes(timeline.bytes) })}
      </p>
      {open === 'quality' && (
        <Menu title={t('watch.quality')} items={quality} chosen={chosen} onPick={pickQuality} onClose={() => setOpen(null)} />
      )}
      {open === 'speed' && (
        <Menu
          title={t('watch.speed')}
          items={kSpeeds.map((rate) => ({
            id: `${rate}`,
            text: t('watch.speed_value', { rate }),
            hint: rate === 1 ? t('watch.speed_normal') : '',
          }))}
          chosen={`${choices.speed}`}
          onPick={(id) => onChoose({ speed: Number(id) })}
          onClose={() => setOpen(null)}
        />
      )}
    </div>
  );
}
