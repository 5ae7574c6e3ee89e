/** The lesson on a television that the phone can reach: Remote Playback, or Apple's AirPlay. */

export interface Cast {
  /** Lets the viewer choose a television; only in a tap. */
  prompt(): void;
  stop(): void;
}

interface AppleVideo extends HTMLVideoElement {
  webkitShowPlaybackTargetPicker?(): void;
}

const kAppleEvent = 'webkitplaybacktargetavailabilitychanged';

/** @param changed  whether there is a television just now; not called where there never is one */
export function watchCast(video: HTMLVideoElement, changed: (available: boolean) => void): Cast {
  const apple: AppleVideo = video;
  if (apple.webkitShowPlaybackTargetPicker !== undefined) {
    const onChange = (event: Event & { availability?: string }): void => changed(event.availability === 'available');
    video.addEventListener(kAppleEvent, onChange);
    return {
      prompt: () => apple.webkitShowPlaybackTargetPicker?.(),
      stop: () => video.removeEventListener(kAppleEvent, onChange),
    };
  }
  // Missing in Firefox and old WebViews, whatever the types say.
  const remote: RemotePlayback | undefined = video.remote;
  let stopped = false;
  let watching: number | null = null;
  const cancel = (): void => {
    if (watching !== null) void remote?.cancelWatchAvailability(watching).catch(() => undefined);
  };
  remote
    ?.watchAvailability((available) => stopped || changed(available))
    .then(
      (id) => {
        watching = id;
        if (stopped) cancel();
      },
      () => undefined, // this player's media cannot be sent anywhere
    );
  return {
    prompt: () => void remote?.prompt().catch(() => undefined),
    stop() {
      stopped = true;
      cancel();
    },
  };
}
