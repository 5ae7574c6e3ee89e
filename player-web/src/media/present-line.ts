import { type Line, lineOf } from '../core/line';

interface Connection {
  readonly type?: string;
  readonly effectiveType?: string;
  readonly saveData?: boolean;
}

/** Less tells more of the way than of its width. */
const kWorthMeasuring = 50_000;

/** How fast the largest thing came that this page has fetched: the player's code, on its way to a first picture. */
function bitsPerSecond(): number | undefined {
  const all = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
  const largest = all.reduce<PerformanceResourceTiming | null>((most, one) => (one.transferSize > (most?.transferSize ?? kWorthMeasuring) ? one : most), null);
  return largest === null ? undefined : (largest.transferSize * 8000) / (largest.responseEnd - largest.requestStart);
}

/** The line of this browser, now. */
export function presentLine(): Line {
  const { connection, userAgent } = navigator as Navigator & { readonly connection?: Connection };
  return lineOf({
    type: connection?.type,
    effectiveType: connection?.effectiveType,
    saveData: connection?.saveData,
    bitsPerSecond: bitsPerSecond(),
    mobile: /Android|iPhone|iPad|Mobile|HarmonyOS/i.test(userAgent),
  });
}
