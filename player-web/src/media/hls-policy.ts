import type { HlsConfig, LoadPolicy } from 'hls.js';

import type { Line } from '../core/line';

/** hls.js tuned for lessons: phones first, and nothing gives up while the page is open. */

/** A server that restarts is away for seconds, a school's router for minutes. hls.js
 *  doubles the delay up to the maximum; refusals (4xx) still surface at once. */
function patient(firstByteMs: number, loadMs: number): LoadPolicy {
  const retry = { maxNumRetry: 1000, retryDelayMs: 500, maxRetryDelayMs: 8000 };
  return {
    default: {
      maxTimeToFirstByteMs: firstByteMs,
      maxLoadTimeMs: loadMs,
      timeoutRetry: { ...retry },
      errorRetry: { ...retry, backoff: 'exponential' },
    },
  };
}

/** What the first choice of a level goes by. */
const kFirstGuess: Readonly<Record<Line, number>> = { free: 2_500_000, metered: 500_000, weak: 200_000 };

export function hlsConfig(startPosition: number, line: Line): Partial<HlsConfig> {
  return {
    // Parts are fMP4, handed to MSE as they are: a worker would only cost memory, and its
    // blob: address a hole in the content security policy.
    enableWorker: false,
    autoStartLoad: true,
    startPosition,
    // Latency: the stream's own PART-HOLD-BACK is the target (hls.js uses it as long as no
    // liveSyncDuration is set). Small lags are played up by core/hurry: hls.js itself stops
    // at a second of buffer, which with parts of 0.2 s is most of the delay.
    // No liveMaxLatencyDuration: it would drag back to live whoever rewound on purpose.
    // Asking for every part costs 50 kbit/s, of a weak line a quarter: it gets whole segments.
    lowLatencyMode: line !== 'weak',
    maxLiveSyncPlaybackRate: 1,
    // What pays by the megabyte, or is slow, begins small and stays so until somebody taps.
    testBandwidth: false,
    abrEwmaDefaultEstimate: kFirstGuess[line],
    // A cap of its own (bestUnasked) where data costs: hls.js has room for one.
    capLevelToPlayerSize: line === 'free',
    maxDevicePixelRatio: 2,
    // Memory of a 1 GB phone, and no megabytes fetched that are never watched.
    backBufferLength: 20,
    maxBufferLength: 20,
    maxMaxBufferLength: 40,
    maxBufferSize: 15_000_000,
    // Gaps of the media clock (teacher away) are stepped over.
    maxBufferHole: 0.3,
    nudgeMaxRetry: 10,
    manifestLoadPolicy: patient(10_000, 20_000),
    // A blocking reload may be held by the server for three target durations.
    playlistLoadPolicy: patient(15_000, 30_000),
    fragLoadPolicy: patient(15_000, 60_000),
    // A picture that a busy machine had to leave out (404) is there again some time later.
    errorPenaltyExpireMs: 120_000,
  };
}
