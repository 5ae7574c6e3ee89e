import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { CompanyBarProps } from './bar';

type Bar = (props: CompanyBarProps) => JSX.Element;

/** The place of the buttons below the picture; they come after the player, and nothing moves
 *  when they do. */
export function CompanySlot(props: CompanyBarProps): JSX.Element {
  const [bar, setBar] = useState<{ readonly CompanyBar: Bar } | null>(null);
  useEffect(() => {
    let here = true;
    import('./bar').then(
      (made) => here && setBar(made),
      () => undefined, // the lesson goes on without them
    );
    return () => {
      here = false;
    };
  }, []);
  return <div class="company">{bar !== null && <bar.CompanyBar {...props} />}</div>;
}
