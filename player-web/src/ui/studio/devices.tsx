import type { JSX } from 'preact';

import type { Capture, Device } from '../../core/studio/state';
import { useI18n } from '../../i18n/i18n';
import { Meter } from './meter';

interface PickerProps {
  readonly label: string;
  readonly devices: readonly Device[];
  readonly chosen: string;
  readonly nameless: (n: number) => string;
  readonly onPick: (id: string) => void;
}

function Picker({ label, devices, chosen, nameless, onPick }: PickerProps): JSX.Element {
  return (
    <label class="picker">
      <span class="picker__label">{label}</span>
      <select class="picker__select" value={chosen} onChange={(event) => onPick(event.currentTarget.value)}>
        {devices.map(({ id, name }, at) => (
          <option key={id} value={id} selected={id === chosen}>
            {name || nameless(at + 1)}
          </option>
        ))}
      </select>
    </label>
  );
}

interface DevicesProps {
  readonly capture: Capture;
  readonly track: () => MediaStreamTrack | null;
  readonly onChoose: (chosen: { cameraId?: string; microphoneId?: string }) => void;
}

/** Which camera and microphone, and whether the microphone hears anything. */
export function Devices({ capture, track, onChoose }: DevicesProps): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="card devices">
      {capture.microphone && <Meter track={track()} muted={capture.muted} />}
      <Picker
        label={t('studio.microphone')}
        devices={capture.microphones}
        chosen={capture.microphoneId}
        nameless={(n) => t('studio.microphone_n', { n })}
        onPick={(microphoneId) => onChoose({ microphoneId })}
      />
      <Picker
        label={t('studio.camera')}
        devices={capture.cameras}
        chosen={capture.cameraId}
        nameless={(n) => t('studio.camera_n', { n })}
        onPick={(cameraId) => onChoose({ cameraId })}
      />
    </section>
  );
}
