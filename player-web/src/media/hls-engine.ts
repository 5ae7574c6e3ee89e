import Hls from 'hls.js';

import { bestUnasked, kSlowBitsPerSecond, kWorthMeasuring } from '../core/line';
import type { Engine, EngineRequest } from './engine';
import { hlsConfig } from './hls-policy';
import { presentLine, rememberSpeed } from './present-line';

/** Sound begins some milliseconds after the picture, and where exactly moves as its timestamps
 *  become known. Sought before that, hls.js would fetch sound at the live edge and the picture
 *  would wait for it for ever; so the beginning is a little inside. */
const kInsideS = 0.1;
const kMediaRepairs = 2;
const kMediaRepairWindowMs = 20_000;
/** After so many stalls it gets whole segments: asking for every part takes 50 kbit/s of the line. */
const kStallsForSegments = 2;
/** Taken off the time of each load: on a busy phone the news of it comes late. */
const kLateMs = 30;

export function startHlsEngine({ video, url, place, report }: EngineRequest): Engine {
  const { Events, ErrorDetails, ErrorTypes } = Hls;
  const line = presentLine();
  const hls = new Hls(hlsConfig(place === 'live' ? -1 : place === 'start' ? 0 : place, line));
  let bytes = 0;
  let fresh = { bytes: 0, ms: 0 }; // not yet made a speed of
  let stalls = 0;
  let repairs: number[] = [];
  let isReady = false;

  hls.on(Events.MANIFEST_PARSED, (_, { levels }) => {
    if (line !== 'free') hls.autoLevelCapping = bestUnasked(levels.map(({ bitrate }) => bitrate), line);
    report.levels(
      levels
        .map(({ height, bitrate }, id) => ({ id, height: height || 0, bitsPerSecond: bitrate }))
        .filter(({ height }) => height > 0),
    );
  });
  hls.on(Events.LEVEL_LOADED, (_, { stats }) => {
    bytes += stats.loaded;
    if (!isReady) {
      isReady = true;
      report.ready();
    }
  });
  hls.on(Events.AUDIO_TRACK_LOADED, (_, { stats }) => {
    bytes += stats.loaded;
  });
  hls.on(Events.FRAG_LOADED, (_, { frag, part }) => {
    const { loaded, loading } = (part ?? frag).stats;
    bytes += loaded;
    // Without the wait for the first byte: a part is asked for before it is made.
    fresh = { bytes: fresh.bytes + loaded, ms: fresh.ms + Math.max(0, loading.end - loading.first - kLateMs) };
    if (fresh.bytes < kWorthMeasuring) return;
    const speed = (fresh.bytes * 8000) / Math.max(1, fresh.ms);
    fresh = { bytes: 0, ms: 0 };
    rememberSpeed(speed);
    if (speed < kSlowBitsPerSecond && hls.lowLatencyMode) report.broken('haste');
  });
  hls.on(Events.ERROR, (_, data) => {
    if (data.details === ErrorDetails.BUFFER_STALLED_ERROR && (stalls += 1) === kStallsForSegments) hls.lowLatencyMode = false;
    if (data.details === ErrorDetails.LEVEL_LOAD_ERROR && data.response?.code === 404 && data.errorAction?.nextAutoLevel === undefined) {
      // Every picture that suits this screen or line is gone, on a machine that is too busy: the teacher's own is left.
      hls.capLevelToPlayerSize = false;
      hls.autoLevelCapping = -1;
    }
    if (!data.fatal) return;
    if (data.type !== ErrorTypes.MEDIA_ERROR) {
      report.broken('network');
      return;
    }
    const now = Date.now();
    repairs = repairs.filter((at) => now - at < kMediaRepairWindowMs);
    if (repairs.length >= kMediaRepairs) {
      report.broken('media');
      return;
    }
    repairs.push(now);
    // Attaching anew leaves the element paused.
    hls.once(Events.MEDIA_ATTACHED, () => report.ready());
    hls.recoverMediaError();
  });

  hls.attachMedia(video);
  hls.loadSource(url);

  return {
    reach() {
      const details = hls.latestLevelDetails;
      if (!details) return null;
      const end = details.edge;
      const sound = hls.audioTracks[hls.audioTrack]?.details?.fragmentStart ?? 0;
      return { start: Math.max(details.fragmentStart, sound) + kInsideS, end, target: details.live ? (hls.liveSyncPosition ?? end) : end };
    },
    date: () => hls.playingDate?.getTime() ?? null,
    bytes: () => bytes,
    chooseLevel(id) {
      // nextLevel switches at the next segment without emptying the buffer. What was chosen may be gone.
      hls.nextLevel = id !== null && id < hls.levels.length ? id : -1;
    },
    dispose: () => hls.destroy(),
  };
}
