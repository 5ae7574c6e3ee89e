/** Where it is `hour` o'clock: its offset from UTC, and its date. */
export function place(hour: number): { readonly zone: string; readonly date: string } {
  const now = new Date();
  const utc = now.getUTCHours() * 60 + now.getUTCMinutes();
  const offset = ((((hour * 60 - utc + 720) % 1440) + 1440) % 1440) - 720;
  const two = (n: number): string => String(n).padStart(2, '0');
  const zone = `${offset < 0 ? '-' : '+'}${two(Math.floor(Math.abs(offset) / 60))}:${two(Math.abs(offset) % 60)}`;
  return { zone, date: new Date(now.getTime() + offset * 60_000).toISOString().slice(0, 10) };
}
