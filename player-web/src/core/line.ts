/** What kind of line a viewer has, as far as the browser tells before anything was fetched. */

export interface LineHints {
  /** Network Information API, where there is one (Chromium, most WebViews). */
  readonly type?: string | undefined;
  readonly effectiveType?: string | undefined;
  readonly saveData?: boolean | undefined;
  /** As it was when something large was fetched. */
  readonly bitsPerSecond?: number | undefined;
  /** A phone or tablet. */
  readonly mobile: boolean;
}

/** 'metered' pays by the megabyte, or may; 'weak' is slow, or asked for little. */
export type Line = 'free' | 'metered' | 'weak';

/** Most that a phone takes unasked: a lesson of 20 minutes is 65 MB. */
export const kMeteredBitsPerSecond = 430_000;

const kSlow: readonly string[] = ['slow-2g', '2g', '3g'];
/** Below this a line has no room for the haste of low latency. */
export const kSlowBitsPerSecond = 350_000;
/** Less than this tells more of the way than of its width. */
export const kWorthMeasuring = 50_000;

/** Where the browser says nothing (iPhones, Firefox), a phone is taken to pay. */
export function lineOf({ type, effectiveType, saveData, bitsPerSecond = kSlowBitsPerSecond, mobile }: LineHints): Line {
  if (saveData === true || bitsPerSecond < kSlowBitsPerSecond || (effectiveType !== undefined && kSlow.includes(effectiveType))) return 'weak';
  if (type === 'cellular') return 'metered';
  if (type === 'wifi' || type === 'ethernet') return 'free';
  return mobile ? 'metered' : 'free';
}

/** The low-delay door of a viewer on this line: the server is told what is too much, if anything is. */
export const doorOn = (path: string, line: Line): string => (line === 'free' ? path : `${path}?limit=${kMeteredBitsPerSecond}`);

/** Index of the best level a line is given unasked; the smallest if all are more. Levels by rising rate. */
export function bestUnasked(bitsPerSecond: readonly number[], line: Line): number {
  const last = bitsPerSecond.length - 1;
  if (line === 'free') return last;
  for (let i = last; i > 0; i -= 1) if ((bitsPerSecond[i] ?? 0) <= kMeteredBitsPerSecond) return i;
  return 0;
}
