import type { Engine, EngineRequest } from './engine';

/** The browser's own HLS: Safari, televisions, WebViews without MSE. It chooses quality by
 *  itself and keeps its own distance from the edge. */
export function startNativeEngine({ video, url, place, report }: EngineRequest): Engine {
  const life = new AbortController();
  const { signal } = life;
  let bytes: number | null = null;

  const onMetadata = (): void => {
    // A live playlist starts at its edge by itself; anything else has to be asked for.
    if (place !== 'live' && video.seekable.length > 0) {
      video.currentTime = place === 'start' ? video.seekable.start(0) : place;
    }
    report.ready();
  };
  const onError = (): void => {
    if (video.getAttribute('src') === null) return; // our own dispose
    report.broken(video.error?.code === MediaError.MEDIA_ERR_NETWORK ? 'network' : 'media');
  };
  const on = (type: string, listener: () => void): void => {
    video.addEventListener(type, listener);
    signal.addEventListener('abort', () => video.removeEventListener(type, listener));
  };
  on('loadedmetadata', onMetadata);
  on('error', onError);

  // Where the player's requests show up in Resource Timing (Android WebViews), count them.
  if (typeof PerformanceObserver !== 'undefined') {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry instanceof PerformanceResourceTiming && /\/hls\//.test(entry.name)) {
          bytes = (bytes ?? 0) + (entry.transferSize || entry.encodedBodySize || 0);
        }
      }
    });
    observer.observe({ entryTypes: ['resource'] });
    signal.addEventListener('abort', () => observer.disconnect());
  }

  report.levels([]);
  video.src = url;

  return {
    reach() {
      const { seekable } = video;
      if (seekable.length === 0) return null;
      const end = seekable.end(seekable.length - 1);
      // Its end already keeps the hold-back: players do not offer what they may not fetch.
      return { start: seekable.start(0), end, target: end };
    },
    date() {
      // Apple's; the date of the media element's own zero.
      const { getStartDate } = video as HTMLVideoElement & { getStartDate?: () => Date };
      const zero = getStartDate?.call(video).getTime();
      return zero === undefined || Number.isNaN(zero) ? null : zero + video.currentTime * 1000;
    },
    bytes: () => bytes,
    chooseLevel: () => undefined,
    dispose() {
      life.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
