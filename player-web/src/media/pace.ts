import { bufferedAhead, hurry, kChosenS } from '../core/hurry';
import type { Timeline } from '../core/state';

/** Holds live playback at its place behind live, for who wants to be there. */
export interface Pace {
  /** The viewer asked for live, or for another place. */
  asked(live: boolean): void;
  /** Where he goes by himself. */
  seek(video: HTMLVideoElement, timeline: Timeline, position: number): void;
  goLive(video: HTMLVideoElement, timeline: Timeline): void;
  /** Again and again while live plays: runs a little faster, or jumps, or does nothing. */
  keep(video: HTMLVideoElement, timeline: Timeline): void;
}

export function createPace(): Pace {
  let following = true;
  let joinedAt: number | null = null; // on the media clock, since he wants live
  const asked = (live: boolean): void => {
    following = live;
    joinedAt = null;
  };
  const goLive = (video: HTMLVideoElement, { target }: Timeline): void => {
    asked(true);
    video.currentTime = target;
  };
  return {
    asked,
    goLive,
    seek(video, { start, target }, position) {
      asked(target - position < kChosenS);
      video.currentTime = Math.min(Math.max(position, start), target);
    },
    keep(video, timeline) {
      const { target, position } = timeline;
      joinedAt ??= position;
      const rate = hurry({
        behind: target - position,
        ahead: bufferedAhead(video.buffered, position),
        heard: position - joinedAt,
        following,
        hurrying: video.playbackRate !== 1,
      });
      if (rate === 'jump') goLive(video, timeline);
      else if (video.playbackRate !== rate) video.playbackRate = rate;
    },
  };
}
