/** Days of a calendar, written as a date field has them: "2026-09-01". */

const kDayMs = 86_400_000;

/** A day by this browser's calendar. */
export function dayOf(atMs: number): string {
  const at = new Date(atMs);
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
}

/** A date some days on. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * kDayMs).toISOString().slice(0, 10);
}

/** The Monday before a day, or that day. */
export function mondayOf(day: string): string {
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  return addDays(day, -((weekday + 6) % 7));
}
