/** Media playlists of low-latency HLS, read and judged by the rules of RFC 8216bis
 *  (draft-pantos-hls-rfc8216bis-16) alone: nothing here knows how the server makes them. */

export interface Part {
  readonly uri: string;
  readonly duration: number;
  readonly independent: boolean;
}

export interface Segment {
  readonly msn: number;
  /** Null while the segment is still growing: only its parts are listed. */
  readonly uri: string | null;
  readonly duration: number;
  readonly parts: readonly Part[];
  readonly discontinuity: boolean;
  readonly gap: boolean;
  readonly map: string | null;
  readonly programDateTime: number | null;
}

export interface MediaPlaylist {
  readonly version: number;
  readonly targetDuration: number;
  readonly partTarget: number | null;
  readonly mediaSequence: number;
  readonly skipped: number;
  readonly control: ReadonlyMap<string, string>;
  readonly segments: readonly Segment[];
  readonly hint: ReadonlyMap<string, string> | null;
  readonly reports: readonly ReadonlyMap<string, string>[];
  readonly ended: boolean;
  readonly playlistType: string | null;
}

export function attributes(list: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, plain] of list.matchAll(/([A-Z0-9-]+)=(?:"([^"]*)"|([^,]*))/g)) found.set(name, quoted ?? plain ?? '');
  return found;
}

export function parseMediaPlaylist(text: string): MediaPlaylist {
  const lines = text.split('\n').map((line) => line.replace(/\r$/, '')).filter((line) => line !== '');
  if (lines[0] !== '#EXTM3U') throw new Error('does not begin with #EXTM3U');
  let version = 1;
  let targetDuration = 0;
  let partTarget: number | null = null;
  let mediaSequence = 0;
  let skipped = 0;
  let control = new Map<string, string>();
  let hint: Map<string, string> | null = null;
  let ended = false;
  let playlistType: string | null = null;
  const reports: Map<string, string>[] = [];
  const segments: Segment[] = [];
  let map: string | null = null;
  let next = { duration: NaN, parts: [] as Part[], discontinuity: false, gap: false, programDateTime: null as number | null };
  const fresh = () => ({ duration: NaN, parts: [] as Part[], discontinuity: false, gap: false, programDateTime: null as number | null });
  const close = (uri: string | null): void => {
    segments.push({ ...next, msn: mediaSequence + skipped + segments.length, uri, map });
    next = fresh();
  };
  for (const line of lines.slice(1)) {
    const at = line.indexOf(':');
    const tag = at < 0 ? line : line.slice(0, at);
    const value = at < 0 ? '' : line.slice(at + 1);
    switch (tag) {
      case '#EXT-X-VERSION': version = Number(value); break;
      case '#EXT-X-TARGETDURATION': targetDuration = Number(value); break;
      case '#EXT-X-PART-INF': partTarget = Number(attributes(value).get('PART-TARGET')); break;
      case '#EXT-X-MEDIA-SEQUENCE': mediaSequence = Number(value); break;
      case '#EXT-X-SKIP': skipped = Number(attributes(value).get('SKIPPED-SEGMENTS')); break;
      case '#EXT-X-SERVER-CONTROL': control = attributes(value); break;
      case '#EXT-X-MAP': map = attributes(value).get('URI') ?? null; break;
      case '#EXT-X-PROGRAM-DATE-TIME': next.programDateTime = Date.parse(value); break;
      case '#EXT-X-DISCONTINUITY': next.discontinuity = true; break;
      case '#EXT-X-GAP': next.gap = true; break;
      case '#EXTINF': next.duration = parseFloat(value); break;
      case '#EXT-X-PART': {
        const part = attributes(value);
        next.parts.push({ uri: part.get('URI') ?? '', duration: Number(part.get('DURATION')), independent: part.get('INDEPENDENT') === 'YES' });
        break;
      }
      case '#EXT-X-PRELOAD-HINT': hint = attributes(value); break;
      case '#EXT-X-RENDITION-REPORT': reports.push(attributes(value)); break;
      case '#EXT-X-ENDLIST': ended = true; break;
      case '#EXT-X-PLAYLIST-TYPE': playlistType = value; break;
      default:
        if (!line.startsWith('#')) close(line);
    }
  }
  if (next.parts.length > 0) close(null);
  return { version, targetDuration, partTarget, mediaSequence, skipped, control, segments, hint, reports, ended, playlistType };
}

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** What is wrong with one playlist, a sentence each; `video` when its rendition has pictures. */
export function mediaPlaylistProblems(text: string, { video }: { readonly video: boolean }): string[] {
  const problems: string[] = [];
  const list = parseMediaPlaylist(text);
  const say = (wrong: boolean, what: string): void => {
    if (wrong) problems.push(what);
  };
  const { targetDuration: target, partTarget, control, segments, ended } = list;
  say(!Number.isInteger(target) || target < 1, `4.4.3.1: target duration ${target}`);
  say(list.version < (list.skipped > 0 ? 9 : 6), `8: version ${list.version} is too low for what is used`);
  for (const segment of segments) {
    const name = `segment ${segment.msn}`;
    if (segment.uri !== null) say(Math.round(segment.duration) > target, `4.4.3.1: ${name} lasts ${segment.duration}, over the target ${target}`);
    // In a delta the map of what was skipped goes on (6.2.5.1).
    say(segment.map === null && list.skipped === 0, `4.4.4.5: ${name} has no EXT-X-MAP`);
    if (partTarget !== null) {
      segment.parts.forEach((part, index) => {
        const last = index === segment.parts.length - 1 && segment.uri !== null;
        say(part.duration > partTarget + 1e-6, `4.4.4.9: part ${name}.${index} lasts ${part.duration}, over ${partTarget}`);
        say(!last && !part.independent && part.duration < 0.85 * partTarget - 1e-6, `4.4.4.9: part ${name}.${index} lasts ${part.duration}, under 85% of ${partTarget}`);
      });
      if (segment.uri !== null && segment.parts.length > 0) {
        say(Math.abs(sum(segment.parts.map(({ duration }) => duration)) - segment.duration) > 0.02, `6.2.1: the parts of ${name} are not as long as it`);
      }
    }
    if (video && segment.parts[0]) say(!segment.parts[0].independent && !segment.gap, `first part of ${name} does not begin with a keyframe`);
  }
  say(segments.length > 0 && list.skipped === 0 && segments[0]?.programDateTime === null, 'the first segment has no EXT-X-PROGRAM-DATE-TIME');
  let clock: number | null = null;
  for (const segment of segments) {
    if (segment.programDateTime !== null) {
      say(clock !== null && !segment.discontinuity && Math.abs(segment.programDateTime - clock) > 50, `4.4.4.6: the date of segment ${segment.msn} is off by ${segment.programDateTime - (clock ?? 0)} ms`);
      clock = segment.programDateTime;
    }
    if (clock !== null && segment.uri !== null) clock += segment.duration * 1000;
  }
  if (ended) {
    say(list.hint !== null, '4.4.5.3: a preload hint in a playlist that has ended');
    return problems;
  }
  if (partTarget !== null) {
    const partHold = Number(control.get('PART-HOLD-BACK'));
    say(!(partHold >= 3 * partTarget - 1e-6), `4.4.3.8: PART-HOLD-BACK ${partHold} is under three parts of ${partTarget}`);
    say(control.get('CAN-BLOCK-RELOAD') !== 'YES', '6.2.5.2: no blocking reload');
    say(list.hint?.get('TYPE') !== 'PART', 'B.1: no preload hint of the next part');
    // What is a gap has no parts.
    const withParts = segments.filter(({ uri, parts }) => uri !== null && parts.length > 0).length;
    const tail = segments.filter(({ uri, gap }) => uri !== null && !gap).length;
    say(withParts < Math.min(3, tail), 'B.1: parts of the last three target durations are missing');
  }
  const hold = control.get('HOLD-BACK');
  say(hold !== undefined && !(Number(hold) >= 3 * target - 1e-6), `4.4.3.8: HOLD-BACK ${hold} is under three target durations`);
  const skipUntil = control.get('CAN-SKIP-UNTIL');
  say(skipUntil !== undefined && !(Number(skipUntil) >= 6 * target - 1e-6), `4.4.3.8: CAN-SKIP-UNTIL ${skipUntil} is under six target durations`);
  return problems;
}

/** What a reload may not do to what was already said (6.2.1, 6.2.2). */
export function reloadProblems(before: MediaPlaylist, after: MediaPlaylist): string[] {
  const problems: string[] = [];
  if (after.mediaSequence < before.mediaSequence) problems.push('EXT-X-MEDIA-SEQUENCE went back');
  if (after.targetDuration !== before.targetDuration) problems.push('EXT-X-TARGETDURATION changed');
  const known = new Map(before.segments.map((segment) => [segment.msn, segment]));
  for (const segment of after.segments) {
    const old = known.get(segment.msn);
    if (old === undefined) continue;
    if (old.uri !== null && (old.uri !== segment.uri || old.duration !== segment.duration)) problems.push(`segment ${segment.msn} changed`);
    old.parts.forEach((part, index) => {
      const now = segment.parts[index];
      if (now !== undefined && (now.uri !== part.uri || now.duration !== part.duration)) problems.push(`part ${segment.msn}.${index} changed`);
    });
  }
  return problems;
}
