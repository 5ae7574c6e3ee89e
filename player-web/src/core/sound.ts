/** Where the sound of a lesson is alone, beside its master playlist. */
export const soundOf = (master: string): string => master.replace(/master\.m3u8$/, 'audio/media.m3u8');

export interface Segment {
  readonly number: number;
  readonly uri: string;
  /** The initialization it needs; empty: the one of the segment before. */
  readonly init: string;
}

export interface SegmentList {
  readonly segments: readonly Segment[];
  /** Number of the segment that comes next. */
  readonly next: number;
  readonly ended: boolean;
}

/** The whole segments of a media playlist or of an update to it. @source RFC 8216bis sections 4.4.3-4.4.5 */
export function readSegments(playlist: string): SegmentList {
  const segments: Segment[] = [];
  let next = 0;
  let init = '';
  let missing = false;
  let ended = false;
  playlist.split(/\r?\n/).forEach((line) => {
    const [, first] = /^#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(line) ?? [];
    const [, skipped] = /^#EXT-X-SKIP:.*SKIPPED-SEGMENTS=(\d+)/.exec(line) ?? [];
    const [, map] = /^#EXT-X-MAP:.*URI="([^"]+)"/.exec(line) ?? [];
    if (first !== undefined) next = Number(first);
    if (skipped !== undefined) next += Number(skipped);
    if (map !== undefined) init = map;
    if (line === '#EXT-X-GAP') missing = true;
    if (line === '#EXT-X-ENDLIST') ended = true;
    if (line === '' || line.charAt(0) === '#') return;
    if (!missing) segments.push({ number: next, uri: line, init });
    missing = false;
    next += 1;
  });
  return { segments, next, ended };
}
