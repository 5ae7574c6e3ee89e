import { preferredVideo } from '../core/rtc';
import type { Engine, EngineRequest } from './engine';
import { openSession, type Session, watchConnection } from './rtc-session';

const kCountMs = 1000;

/** WebRTC into a <video>: some 0.2 s behind the teacher, without rewinding. `place` means
 *  nothing to it, there is only now.  @source draft-ietf-wish-whep */
export function startWhepEngine({ video, url, report }: EngineRequest, bearer: string): Engine {
  const life = new AbortController();
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  const stream = new MediaStream();
  let session: Session | null = null;
  let stopWatching: (() => void) | null = null;
  let bytes = 0;
  let over = false;

  const broken = (why: 'network' | 'media' | 'refused'): void => {
    if (!over) report.broken(why);
  };

  peer.addTransceiver('audio', { direction: 'recvonly' });
  const picture = peer.addTransceiver('video', { direction: 'recvonly' });
  const codecs = preferredVideo(RTCRtpReceiver.getCapabilities?.('video')?.codecs ?? []);
  if (codecs.length > 0) picture.setCodecPreferences?.(codecs);
  peer.addEventListener('track', ({ track }) => stream.addTrack(track));
  video.srcObject = stream;

  const connect = async (): Promise<void> => {
    const opened = await openSession(peer, url, bearer, life.signal);
    if (opened.kind !== 'open') {
      broken(opened.kind === 'refused' ? 'refused' : 'network');
      return;
    }
    session = opened.session;
    if (over) {
      void session.close();
      return;
    }
    await peer.setRemoteDescription({ type: 'answer', sdp: opened.answer });
    stopWatching = watchConnection(peer, { connected: () => undefined, lost: () => broken('network') });
    report.ready();
  };
  connect().catch(() => broken('media'));

  const count = setInterval(() => {
    void peer.getStats().then((stats) => {
      let sum = 0;
      stats.forEach((entry: Record<string, unknown>) => {
        if (entry['type'] === 'inbound-rtp') sum += Number(entry['bytesReceived'] ?? 0) + Number(entry['headerBytesReceived'] ?? 0);
      });
      bytes = sum;
    });
  }, kCountMs);
  // A closed tab must not go on costing the server a viewer.
  const leave = (): void => void session?.close(true);
  window.addEventListener('pagehide', leave);

  report.levels([]);

  return {
    reach() {
      const now = video.currentTime;
      return { start: now, end: now, target: now };
    },
    date: () => null,
    bytes: () => bytes,
    chooseLevel: () => undefined,
    dispose() {
      over = true;
      life.abort();
      clearInterval(count);
      window.removeEventListener('pagehide', leave);
      stopWatching?.();
      void session?.close();
      peer.close();
    },
  };
}
