/** When to try again after the stream broke, in ms. The first try is at once; then between
 *  1 s and a bound that doubles up to 10 s, anywhere in between, so that a school whose line
 *  comes back does not knock in step. @param random in [0, 1) */
export function republishDelay(failures: number, random: number): number {
  if (failures <= 0) return 0;
  const bound = Math.min(10_000, 1000 * 2 ** Math.min(failures, 10));
  return Math.round(1000 + (bound - 1000) * random);
}
