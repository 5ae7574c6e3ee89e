import type { Capture, CaptureTrouble, Device } from '../../core/studio/state';

/** Camera, microphone and screen of this device, and which of them is being shown. */
export interface CaptureDesk {
  /** Asks for camera and microphone; what is missing or refused shows as `trouble`. */
  open(): Promise<void>;
  choose(device: { readonly cameraId?: string; readonly microphoneId?: string }): Promise<void>;
  /** A phone's other camera. */
  turn(): Promise<void>;
  shareScreen(): Promise<void>;
  showCamera(): void;
  mute(muted: boolean): void;
  /** Lets go of every device: their lamps go out. */
  close(): void;
  video(): MediaStreamTrack | null;
  audio(): MediaStreamTrack | null;
  dispose(): void;
}

export interface CaptureReport {
  readonly changed: (capture: Partial<Capture>) => void;
  /** What is sent must change: another picture or another microphone. */
  readonly tracks: (video: MediaStreamTrack | null, audio: MediaStreamTrack | null) => void;
}

const kVideo: MediaTrackConstraints = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30, max: 30 } };
const kAudio: MediaTrackConstraints = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
/** Slides must be readable, movement need not be smooth. */
const kScreen: MediaTrackConstraints = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 15, max: 30 } };

function troubleOf(error: unknown): CaptureTrouble {
  switch (error instanceof DOMException ? error.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'denied';
    case 'NotReadableError':
    case 'AbortError':
      return 'busy';
    default:
      return 'missing';
  }
}

const stopTrack = (track: MediaStreamTrack | null): void => track?.stop();

async function devices(): Promise<{ cameras: Device[]; microphones: Device[] }> {
  const all = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind): Device[] =>
    all.filter((device) => device.kind === kind && device.deviceId !== '').map(({ deviceId, label }) => ({ id: deviceId, name: label }));
  return { cameras: of('videoinput'), microphones: of('audioinput') };
}

export const canCapture = (): boolean => window.isSecureContext && typeof navigator.mediaDevices?.getUserMedia === 'function';
export const canShareScreen = (): boolean => typeof navigator.mediaDevices?.getDisplayMedia === 'function';

export function createCapture({ changed, tracks }: CaptureReport): CaptureDesk {
  let camera: MediaStreamTrack | null = null;
  let microphone: MediaStreamTrack | null = null;
  let screen: MediaStreamTrack | null = null;
  let facing: 'user' | 'environment' = 'user';
  let muted = false;
  let disposed = false;

  const video = (): MediaStreamTrack | null => screen ?? camera;

  const tell = async (trouble: CaptureTrouble | null): Promise<void> => {
    const known = await devices().catch(() => ({ cameras: [], microphones: [] }));
    if (disposed) return;
    changed({
      step: camera !== null || microphone !== null ? 'open' : 'closed',
      trouble,
      source: screen !== null ? 'screen' : camera !== null ? 'camera' : 'none',
      microphone: microphone !== null,
      mirrored: screen === null && (camera?.getSettings().facingMode ?? 'user') === 'user',
      cameraId: camera?.getSettings().deviceId ?? '',
      microphoneId: microphone?.getSettings().deviceId ?? '',
      ...known,
    });
    tracks(video(), microphone);
  };

  /** A device that is pulled out ends its track; a screen that is no longer shared, too. */
  const watch = (track: MediaStreamTrack): void => {
    track.addEventListener('ended', () => {
      if (track === screen) {
        screen = null;
        void tell(null);
      } else if (track === camera || track === microphone) {
        if (track === camera) camera = null;
        else microphone = null;
        void tell('lost');
      }
    });
  };

  const ask = (constraints: MediaStreamConstraints): Promise<MediaStream> => navigator.mediaDevices.getUserMedia(constraints);

  const take = (stream: MediaStream): void => {
    const [newCamera] = stream.getVideoTracks();
    const [newMicrophone] = stream.getAudioTracks();
    if (disposed) {
      stream.getTracks().forEach((track) => track.stop());
      return;
    }
    if (newCamera) {
      stopTrack(camera);
      camera = newCamera;
      camera.contentHint = 'motion';
      watch(camera);
    }
    if (newMicrophone) {
      stopTrack(microphone);
      microphone = newMicrophone;
      microphone.contentHint = 'speech';
      microphone.enabled = !muted;
      watch(microphone);
    }
  };

  /** Phones give one camera at a time: the old one has to go before the new one is asked for. */
  const switchCamera = async (constraints: MediaTrackConstraints): Promise<void> => {
    stopTrack(camera);
    camera = null;
    try {
      take(await ask({ video: { ...kVideo, ...constraints } }));
      await tell(null);
    } catch (error) {
      await tell(troubleOf(error));
    }
  };

  const letGo = (): void => {
    [camera, microphone, screen].forEach(stopTrack);
    camera = null;
    microphone = null;
    screen = null;
  };

  const onDevices = (): void => {
    if (camera !== null || microphone !== null) void devices().then((known) => !disposed && changed(known));
  };
  navigator.mediaDevices?.addEventListener?.('devicechange', onDevices);

  return {
    async open() {
      if (!canCapture()) {
        changed({ trouble: 'insecure' });
        return;
      }
      changed({ step: 'opening', trouble: null });
      try {
        take(await ask({ video: { ...kVideo, facingMode: facing }, audio: kAudio }));
        await tell(null);
      } catch (error) {
        // A lesson without a camera is still a lesson; without a microphone it is none.
        const why = troubleOf(error);
        try {
          take(await ask({ audio: kAudio }));
        } catch {
          // said below
        }
        await tell(why);
      }
    },
    async choose({ cameraId, microphoneId }) {
      if (cameraId !== undefined) await switchCamera({ deviceId: { exact: cameraId } });
      if (microphoneId === undefined) return;
      try {
        take(await ask({ audio: { ...kAudio, deviceId: { exact: microphoneId } } }));
        await tell(null);
      } catch (error) {
        await tell(troubleOf(error));
      }
    },
    async turn() {
      const now = camera?.getSettings();
      if (now?.facingMode === undefined) {
        // A computer's cameras face nowhere: the next one in the list.
        const { cameras } = await devices();
        const at = cameras.findIndex(({ id }) => id === now?.deviceId);
        const next = cameras[(at + 1) % Math.max(1, cameras.length)];
        if (next) await switchCamera({ deviceId: { exact: next.id } });
        return;
      }
      facing = now.facingMode === 'user' ? 'environment' : 'user';
      await switchCamera({ facingMode: { ideal: facing } });
    },
    async shareScreen() {
      try {
        const stream = await navigator.mediaDevices.getDisplayMedia({ video: kScreen, audio: false });
        const [shared] = stream.getVideoTracks();
        if (!shared || disposed) {
          stopTrack(shared ?? null);
          return;
        }
        stopTrack(screen);
        screen = shared;
        screen.contentHint = 'detail';
        watch(screen);
        await tell(null);
      } catch {
        // The teacher closed the picker: nothing changes.
      }
    },
    showCamera() {
      stopTrack(screen);
      screen = null;
      void tell(null);
    },
    mute(quiet) {
      muted = quiet;
      if (microphone) microphone.enabled = !quiet;
      changed({ muted });
    },
    close() {
      letGo();
      if (!disposed) void tell(null);
    },
    video,
    audio: () => microphone,
    dispose() {
      disposed = true;
      navigator.mediaDevices?.removeEventListener?.('devicechange', onDevices);
      letGo();
    },
  };
}
