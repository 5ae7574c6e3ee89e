import { kWorthMeasuring, type Line, lineOf } from '../core/line';

interface Connection {
  readonly type?: string;
  readonly effectiveType?: string;
  readonly saveData?: boolean;
}

const kStored = 'tongke.line';
let seen: number | undefined;

/** How fast media came just now, in bits per second: what the next player goes by, on another day too. */
export function rememberSpeed(speed: number): void {
  seen = speed;
  try {
    localStorage.setItem(kStored, speed.toFixed(0));
  } catch {
    // forgotten
  }
}

function recalledSpeed(): number | undefined {
  try {
    return Number(localStorage.getItem(kStored) ?? undefined) || undefined;
  } catch {
    return undefined; // storage is refused in some private modes
  }
}

/** How fast the largest thing came that this page has fetched: the player's code, on its way to a first picture. */
function speedOfCode(): number | undefined {
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
    bitsPerSecond: seen ?? speedOfCode() ?? recalledSpeed(),
    mobile: /Android|iPhone|iPad|Mobile|HarmonyOS/i.test(userAgent),
  });
}
