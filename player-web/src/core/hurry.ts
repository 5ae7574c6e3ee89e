/** How fast live playback runs to come back to its place behind live. */

/** Nobody hears speech that is 8 % faster. */
const kHurry = 1.08;
/** Hurrying begins this far behind, and ends this near. */
const kBeginS = 0.2;
const kEndS = 0.05;
/** Whoever is further behind went there on purpose. */
const kChosenS = 3;
/** Less than this in the buffer is not played up any faster. */
const kReserveS = 0.45;

/**
 * @param behind seconds from the position to where live is shown
 * @param ahead seconds in the buffer from the position on
 * @param hurrying whether it runs faster now
 * @returns the playback rate
 */
export function hurry(behind: number, ahead: number, hurrying: boolean): number {
  const needed = behind > (hurrying ? kEndS : kBeginS) && behind < kChosenS;
  return needed && ahead > kReserveS ? kHurry : 1;
}

/** Seconds that can be played from `position` on without another byte. */
export function bufferedAhead(buffered: TimeRanges, position: number): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= position && position < buffered.end(at)) return buffered.end(at) - position;
  }
  return 0;
}
