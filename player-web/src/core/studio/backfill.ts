/** The teacher's own sound of the last minute, kept on this device alone, for the gap that a
 *  drop of the line leaves in the recording. Pure. */

/** A file of its own; times are of performance.now(). */
export interface Piece {
  readonly beginMs: number;
  readonly endMs: number;
  readonly blob: Blob;
}

export const kKeptMs = 60_000;
/** The server takes no larger body; at 32 kbit/s a minute is a quarter of it. */
export const kKeptBytes = 1_000_000;
/** So long a line may have been dead before the browser says that it is. */
const kBlindMs = 15_000;

/** Adds a piece and lets go of what is older than a minute, or too much. */
export function keep(ring: readonly Piece[], piece: Piece): readonly Piece[] {
  let bytes = 0;
  const newestFirst = [...ring, piece].reverse();
  const kept = newestFirst.filter(({ endMs, blob }) => {
    bytes += blob.size;
    return piece.endMs - endMs < kKeptMs && bytes <= kKeptBytes;
  });
  return kept.reverse();
}

/** What may have been lost between a break that was noticed at `lostMs` and the return.
 *  The server uses only what falls into the gap it knows of. */
export function missed(ring: readonly Piece[], lostMs: number, backMs: number): readonly Piece[] {
  return ring.filter(({ beginMs, endMs }) => endMs > lostMs - kBlindMs && beginMs < backMs);
}

/** Ages instead of times: no two clocks have to agree. */
export function backfillPath(link: string, pieces: readonly Piece[], nowMs: number): string {
  const age = (ms: number): number => Math.max(0, Math.round(nowMs - ms));
  const ages = pieces.map(({ beginMs }) => age(beginMs)).join(',');
  const sizes = pieces.map(({ blob }) => blob.size).join(',');
  return `/api/v1/studio/${encodeURIComponent(link)}/backfill?ages=${ages}&sizes=${sizes}&until=${age(pieces[pieces.length - 1]?.endMs ?? nowMs)}`;
}

/** When to send, after `failures` times in vain: the live sound goes first. Null: no more. */
export function backfillDelay(failures: number): number | null {
  return failures >= 6 ? null : 4000 * 2 ** failures;
}

export type Backfilled = 'filled' | 'nothing' | 'failed';

/** What the server's answer means; null: it is worth trying again. */
export function backfilled(status: number, answer: unknown): Backfilled | null {
  if (status >= 500 || status === 429 || status === 0) return null;
  if (status < 200 || status > 299) return 'failed';
  const seconds = typeof answer === 'object' && answer !== null ? (answer as Record<string, unknown>)['seconds'] : null;
  return typeof seconds === 'number' && seconds > 0 ? 'filled' : 'nothing';
}
