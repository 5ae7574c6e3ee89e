import { playsH264 } from '../core/rtc';

/** Whether this browser can take a lesson by WebRTC at all. */
export function canLowDelay(): boolean {
  if (typeof RTCPeerConnection === 'undefined' || typeof RTCRtpReceiver === 'undefined') return false;
  return playsH264(RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? []);
}

const kStored = 'tongke.delay';

/** What this viewer chose last time. */
export function remembersLowDelay(): boolean {
  try {
    return localStorage.getItem(kStored) === 'low';
  } catch {
    return false; // storage is refused in some private modes
  }
}

export function rememberLowDelay(low: boolean): void {
  try {
    if (low) localStorage.setItem(kStored, 'low');
    else localStorage.removeItem(kStored);
  } catch {
    // forgotten
  }
}
