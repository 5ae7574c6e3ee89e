import { useEffect, useState } from 'preact/hooks';

/** Code that comes after the page stands; null until it is here, and for good when it cannot be
 *  fetched: the page goes on without it. */
export function useLater<T extends object>(load: () => Promise<T>): T | null {
  const [made, setMade] = useState<T | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (module) => here && setMade(module),
      () => undefined,
    );
    return () => {
      here = false;
    };
  }, []);
  return made;
}
