/** 75 -> "1:15", 3675 -> "1:01:15". */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** As timetables have it, in every language: "08:05", "14:32". */
const kTime = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
export const timeOfDay = (language: string, ms: number, seconds = false): string => new Date(ms).toLocaleTimeString(language, { ...kTime, ...(seconds ? { second: '2-digit' } : {}) });

/** Day and time as the reader's language has them; the year where it could be another one. */
export const moment = (language: string, ms: number, year = false): string =>
  new Date(ms).toLocaleString(language, { month: 'short', day: 'numeric', ...(year ? { year: 'numeric' } : {}), ...kTime });

/** A calendar's date ("2026-11-30"), without the year; it is the same day everywhere. */
export const calendarDay = (language: string, date: string, more: { readonly weekday?: 'short'; readonly year?: 'numeric' } = {}): string =>
  new Date(`${date}T00:00:00Z`).toLocaleDateString(language, { month: 'short', day: 'numeric', timeZone: 'UTC', ...more });

/** Megabytes as mobile tariffs count them (10^6): "0.4", "12". */
export function megabytes(bytes: number): string {
  const mb = bytes / 1e6;
  return mb < 9.95 ? mb.toFixed(1) : Math.round(mb).toString();
}

/** A speed as teachers read it: "420 kbps", "2.5 Mbps". */
export function rate(kbps: number): string {
  return kbps < 1000 ? `${kbps} kbps` : `${(kbps / 1000).toFixed(kbps < 10_000 ? 1 : 0)} Mbps`;
}

/** What an hour at this rate costs, in whole megabytes. */
export function megabytesPerHour(bitsPerSecond: number): string {
  return Math.round((bitsPerSecond / 8) * 3600 / 1e6).toString();
}
