/** The little about SDP and codecs that both directions of WebRTC need; no browser objects. */

export interface Codec {
  readonly mimeType: string;
  readonly sdpFmtpLine?: string | undefined;
}

/** Everything a server that prefers H.264 can take, best first: H.264 in the profile every
 *  phone decodes, its other profiles, then VP8; with the helpers (rtx) that repair losses. */
export function preferredVideo<T extends Codec>(codecs: readonly T[]): T[] {
  const rank = ({ mimeType, sdpFmtpLine = '' }: T): number => {
    switch (mimeType.toLowerCase()) {
      case 'video/h264':
        // Whole frames cut to packets (mode 1); single-packet frames (mode 0) only waste.
        if (!/packetization-mode=1/.test(sdpFmtpLine)) return -1;
        return /profile-level-id=42e0/i.test(sdpFmtpLine) ? 0 : 1;
      case 'video/vp8':
        return 2;
      case 'video/rtx':
        return 3;
      default:
        return -1;
    }
  };
  return codecs
    .map((codec, at) => ({ codec, at, rank: rank(codec) }))
    .filter((entry) => entry.rank >= 0)
    .sort((a, b) => a.rank - b.rank || a.at - b.at)
    .map((entry) => entry.codec);
}

export const playsH264 = (codecs: readonly Codec[]): boolean => codecs.some(({ mimeType }) => mimeType.toLowerCase() === 'video/h264');

/** Tells a Chromium sender in the server's answer to begin at this rate instead of 300 kbit/s;
 *  other browsers ignore it. */
export function withStartRate(sdp: string, kbps: number): string {
  let video = false;
  return sdp
    .split('\r\n')
    .map((line) => {
      if (line.indexOf('m=') === 0) video = line.indexOf('m=video') === 0;
      if (!video || !/^a=fmtp:\d+ /.test(line) || /apt=/.test(line)) return line;
      return `${line};x-google-start-bitrate=${kbps}`;
    })
    .join('\r\n');
}

/** The session's own address out of a Location header; null when it leads to another server,
 *  which must not see the bearer. */
export function sessionAddress(location: string | null, endpoint: string, origin: string): string | null {
  if (location === null) return null;
  try {
    const address = new URL(location, new URL(endpoint, origin));
    return address.origin === origin ? address.pathname + address.search : null;
  } catch {
    return null;
  }
}
