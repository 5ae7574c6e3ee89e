/** Shows a track in a <video>; null takes the picture away. */
export function showTrack(video: HTMLVideoElement, track: MediaStreamTrack | null): void {
  const shown = video.srcObject instanceof MediaStream ? (video.srcObject.getVideoTracks()[0] ?? null) : null;
  if (shown === track) return;
  video.srcObject = track === null ? null : new MediaStream([track]);
  if (track !== null) video.play().catch(() => undefined); // another track came first
}

/** Keeps a phone's screen from sleeping in mid-class; returns the way to let it. */
export function stayAwake(): () => void {
  let lock: WakeLockSentinel | null = null;
  let over = false;
  const take = (): void => {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return;
    navigator.wakeLock.request('screen').then(
      (taken) => {
        lock = taken;
        if (over) void taken.release();
      },
      () => undefined, // refused when the battery is low
    );
  };
  document.addEventListener('visibilitychange', take); // the system takes it back with the page hidden
  take();
  return () => {
    over = true;
    document.removeEventListener('visibilitychange', take);
    void lock?.release();
  };
}
