/** How live playback comes back to its place behind live. */

/** Nobody hears speech that is 8 % faster. */
const kHurry = 1.08;
/** Hurrying begins this far behind, and ends this near. */
const kBeginS = 0.2;
const kEndS = 0.05;
/** Whoever went further back than this did so on purpose. */
export const kChosenS = 3;
/** Less than this in the buffer is not played up any faster. */
const kReserveS = 0.45;
/** Who has heard no more of the lesson than this misses nothing by a jump to live. */
const kBarelyHeardS = 5;

export interface Lag {
  /** Seconds from the position to where live is shown. */
  readonly behind: number;
  /** Seconds in the buffer from the position on. */
  readonly ahead: number;
  /** Seconds played since live was asked for. */
  readonly heard: number;
  /** Live is what the viewer asked for last: he did not go back, or pause. */
  readonly following: boolean;
  readonly hurrying: boolean;
}

/** The playback rate, or 'jump' for going to live at once: a picture that is being made for the
 *  first time comes seconds late, and nobody shall stay behind the class for that. */
export function hurry({ behind, ahead, heard, following, hurrying }: Lag): number | 'jump' {
  const far = behind >= kChosenS;
  if (far && !following) return 1;
  if (far && heard < kBarelyHeardS && ahead > behind + kReserveS) return 'jump';
  return behind > (hurrying ? kEndS : kBeginS) && ahead > kReserveS ? kHurry : 1;
}

/** Seconds that can be played from `position` on without another byte. */
export function bufferedAhead(buffered: TimeRanges, position: number): number {
  for (let at = 0; at < buffered.length; at += 1) {
    if (buffered.start(at) <= position && position < buffered.end(at)) return buffered.end(at) - position;
  }
  return 0;
}
