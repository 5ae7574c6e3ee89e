/** dB under full scale. */
export const decibels = (amplitude: number): number => 20 * Math.log10(Math.max(amplitude, 1e-6));

/** Part of the meter to fill, 0..1: -60 dB is empty, 0 dB full, as ears count. */
export function meter(amplitude: number): number {
  return Math.min(1, Math.max(0, (decibels(amplitude) + 60) / 60));
}
