import { useEffect, useState } from 'preact/hooks';

const kHalfMinuteMs = 30_000;

/** The wall clock, renewed often enough to tell whole minutes. */
export function useMinutes(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), kHalfMinuteMs);
    return () => clearInterval(timer);
  }, []);
  return now;
}
