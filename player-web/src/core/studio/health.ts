/** How the upload fares, judged from two readings of getStats a second or two apart. */

export interface Uplink {
  /** performance.now() of the reading. */
  readonly atMs: number;
  readonly bytes: number;
  readonly audioPackets: number;
  /** Frames handed to the network so far. */
  readonly frames: number;
  /** Height that is sent now; null before the first frame. */
  readonly height: number | null;
  /** Why the browser sends less picture than it could. */
  readonly limited: 'none' | 'bandwidth' | 'cpu' | 'other';
  /** Share of packets the server missed lately, 0..1; null until it has told. */
  readonly audioLost: number | null;
  readonly videoLost: number | null;
  readonly roundTripMs: number | null;
}

/** What the teacher wants to send. */
export interface Wanted {
  readonly source: 'camera' | 'screen' | 'none';
  readonly muted: boolean;
  /** Height of the camera's or screen's own picture; null when not known. */
  readonly height: number | null;
}

export type Sound = 'good' | 'rough' | 'none' | 'muted';
export type Picture = 'good' | 'reduced' | 'busy' | 'stopped' | 'off';

export interface Health {
  readonly kbps: number;
  readonly sound: Sound;
  readonly picture: Picture;
  readonly line: 'good' | 'weak' | 'bad';
}

const kRoughSound = 0.08;
const kLossy = 0.03;
const kSlowMs = 400;
const kFewFramesPerSecond = 10;
/** Sent at less than this share of its own height, a picture is visibly softer. */
const kShrunk = 0.7;

function soundOf(before: Uplink, now: Uplink, wanted: Wanted): Sound {
  if (wanted.muted) return 'muted';
  if (now.audioPackets <= before.audioPackets) return 'none';
  return (now.audioLost ?? 0) > kRoughSound ? 'rough' : 'good';
}

function pictureOf(before: Uplink, now: Uplink, wanted: Wanted): Picture {
  if (wanted.source === 'none') return 'off';
  const rate = ((now.frames - before.frames) * 1000) / Math.max(1, now.atMs - before.atMs);
  // A page of slides that nobody turns sends next to nothing, and is fine.
  if (wanted.source === 'camera' && rate <= 0) return 'stopped';
  if (now.limited === 'cpu') return 'busy';
  const shrunk = now.height !== null && wanted.height !== null && now.height < wanted.height * kShrunk;
  const slow = wanted.source === 'camera' && rate < kFewFramesPerSecond;
  return now.limited === 'bandwidth' || shrunk || slow ? 'reduced' : 'good';
}

export function healthOf(before: Uplink, now: Uplink, wanted: Wanted): Health {
  const kbits = ((now.bytes - before.bytes) * 8) / Math.max(1, now.atMs - before.atMs);
  const sound = soundOf(before, now, wanted);
  const picture = pictureOf(before, now, wanted);
  const lossy = Math.max(now.audioLost ?? 0, now.videoLost ?? 0) > kLossy;
  const weak = lossy || (now.roundTripMs ?? 0) > kSlowMs || picture === 'reduced' || picture === 'busy';
  return {
    kbps: Math.max(0, Math.round(kbits / 10) * 10),
    sound,
    picture,
    line: sound === 'rough' || sound === 'none' || picture === 'stopped' ? 'bad' : weak ? 'weak' : 'good',
  };
}

type Entry = Readonly<Record<string, unknown>>;

const numberOf = (entry: Entry | undefined, name: string): number | null => {
  const value = entry?.[name];
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
};

/** Reads what is needed out of a stats report. @source W3C webrtc-stats */
export function readUplink(entries: readonly Entry[], atMs: number): Uplink {
  const of = (type: string, kind: string): readonly Entry[] => entries.filter((entry) => entry['type'] === type && entry['kind'] === kind);
  const sum = (list: readonly Entry[], name: string): number => list.reduce((total, entry) => total + (numberOf(entry, name) ?? 0), 0);
  const audio = of('outbound-rtp', 'audio');
  const video = of('outbound-rtp', 'video');
  const [audioThere] = of('remote-inbound-rtp', 'audio');
  const [videoThere] = of('remote-inbound-rtp', 'video');
  const limited = video[0]?.['qualityLimitationReason'];
  const trip = numberOf(audioThere, 'roundTripTime') ?? numberOf(videoThere, 'roundTripTime');
  return {
    atMs,
    bytes: sum([...audio, ...video], 'bytesSent') + sum([...audio, ...video], 'headerBytesSent'),
    audioPackets: sum(audio, 'packetsSent'),
    frames: sum(video, 'framesSent'),
    height: numberOf(video[0], 'frameHeight'),
    limited: limited === 'bandwidth' || limited === 'cpu' || limited === 'other' ? limited : 'none',
    audioLost: numberOf(audioThere, 'fractionLost'),
    videoLost: numberOf(videoThere, 'fractionLost'),
    roundTripMs: trip === null ? null : trip * 1000,
  };
}
