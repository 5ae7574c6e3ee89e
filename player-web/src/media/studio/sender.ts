import { preferredVideo, withStartRate } from '../../core/rtc';
import { openSession, type Session, watchConnection } from '../rtc-session';

/** One WHIP session: a connection that sends until it breaks. Never reused. */
export interface Sender {
  readonly peer: RTCPeerConnection;
  readonly session: Session;
  /** Sends other tracks in the same session. */
  replace(video: MediaStreamTrack | null, audio: MediaStreamTrack | null): void;
  dispose(): void;
}

export type Sent = { readonly kind: 'sent'; readonly sender: Sender } | { readonly kind: 'refused'; readonly status: number } | { readonly kind: 'failed' };

export interface SenderRequest {
  readonly whip: string;
  readonly key: string;
  readonly video: MediaStreamTrack | null;
  readonly audio: MediaStreamTrack | null;
  readonly startKbps: number;
  readonly signal: AbortSignal;
  readonly connected: () => void;
  readonly lost: () => void;
}

/** Pupils' phones download what is uploaded here. */
const kMaxVideoBps = 2_500_000;
const kMaxScreenBps = 1_500_000;
const kAudioBps = 48_000;

/** Voice goes first: it is marked for it, and picture gives way before it. */
const kAudioEncoding: RTCRtpEncodingParameters = { maxBitrate: kAudioBps, priority: 'high', networkPriority: 'high' };
const kVideoEncoding: RTCRtpEncodingParameters = { maxBitrate: kMaxVideoBps, maxFramerate: 30, priority: 'low', networkPriority: 'low' };

/** A camera may get softer but must move; slides may be slow but must be readable. */
function suit(sender: RTCRtpSender, track: MediaStreamTrack | null): void {
  const isScreen = track?.contentHint === 'detail';
  const parameters: RTCRtpSendParameters & { degradationPreference?: string } = sender.getParameters();
  parameters.degradationPreference = isScreen ? 'maintain-resolution' : 'maintain-framerate';
  parameters.encodings.forEach((encoding) => {
    encoding.maxBitrate = isScreen ? kMaxScreenBps : kMaxVideoBps;
  });
  sender.setParameters(parameters).catch(() => undefined); // older browsers know fewer of them
}

function addTracks(peer: RTCPeerConnection, { video, audio }: SenderRequest): { video: RTCRtpSender; audio: RTCRtpSender } {
  const sound = peer.addTransceiver(audio ?? 'audio', { direction: 'sendonly', sendEncodings: [kAudioEncoding] });
  const picture = peer.addTransceiver(video ?? 'video', { direction: 'sendonly', sendEncodings: [kVideoEncoding] });
  const codecs = preferredVideo(RTCRtpSender.getCapabilities?.('video')?.codecs ?? []);
  if (codecs.length > 0) picture.setCodecPreferences?.(codecs);
  return { video: picture.sender, audio: sound.sender };
}

export async function startSender(request: SenderRequest): Promise<Sent> {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  try {
    const senders = addTracks(peer, request);
    const opened = await openSession(peer, request.whip, request.key, request.signal);
    if (opened.kind !== 'open') {
      peer.close();
      return opened;
    }
    await peer.setRemoteDescription({ type: 'answer', sdp: withStartRate(opened.answer, request.startKbps) });
    suit(senders.video, request.video);
    const stopWatching = watchConnection(peer, { connected: request.connected, lost: request.lost });
    return {
      kind: 'sent',
      sender: {
        peer,
        session: opened.session,
        replace(video, audio) {
          if (senders.video.track !== video) senders.video.replaceTrack(video).then(() => suit(senders.video, video), () => undefined);
          if (senders.audio.track !== audio) senders.audio.replaceTrack(audio).catch(() => undefined);
        },
        dispose() {
          stopWatching();
          peer.close();
        },
      },
    };
  } catch {
    peer.close();
    return { kind: 'failed' };
  }
}
