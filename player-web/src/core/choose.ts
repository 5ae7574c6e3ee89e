/** Which player shows the lesson. */

export interface Abilities {
  /** canPlayType('application/vnd.apple.mpegurl') said more than "". */
  readonly nativeHls: boolean;
  /** MediaSource with H.264 + AAC. */
  readonly mse: boolean;
  readonly userAgent: string;
  /** navigator.vendor: "Apple Computer, Inc." on every WebKit browser of Apple. */
  readonly vendor: string;
}

export type Choice = 'native' | 'hlsjs' | 'none';

/** Televisions whose own player is better than their old JavaScript engine. */
const kTelevision = /Tizen|Web0S|webOS|SMART-TV|SmartTV|VIDAA|HbbTV|NetCast/i;

/**
 * Native first where native is the real thing: Safari (its low-latency HLS is Apple's own,
 * and iPhones before iOS 17.1 have nothing else), televisions, and WebViews such as
 * Tencent's X5 whose MSE was removed.
 *
 * `canPlayType` alone does not tell: Chrome on Android has answered "maybe" since 2012, and
 * Chromium on desktop since 142. Both play plain HLS only: no parts (so 6 s and more behind
 * instead of 1 s), no audio-only choice, and from 147 on some streams fail outright
 * (github.com/video-dev/hls.js/issues/7827). So with working MSE a Chromium gets hls.js.
 */
export function choosePlayer(can: Abilities): Choice {
  const chromium = /Chrom(e|ium)\//.test(can.userAgent);
  const apple = can.vendor.indexOf('Apple') === 0 && !chromium;
  if (can.nativeHls && (apple || kTelevision.test(can.userAgent) || !can.mse)) return 'native';
  if (can.mse) return 'hlsjs';
  return can.nativeHls ? 'native' : 'none';
}

export function abilitiesOf(video: HTMLVideoElement): Abilities {
  return {
    nativeHls: video.canPlayType('application/vnd.apple.mpegurl') !== '',
    mse:
      typeof MediaSource !== 'undefined' &&
      MediaSource.isTypeSupported('video/mp4; codecs="avc1.42E01E,mp4a.40.2"'),
    userAgent: navigator.userAgent,
    vendor: navigator.vendor,
  };
}
