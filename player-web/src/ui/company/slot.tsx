import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { afterPlayer } from '../../media/hls-loader';
import { useLater } from '../use-later';
import type { CompanyBarProps } from './bar';

/** A lesson that does not begin to play is no reason to be without the buttons. */
const kPatienceMs = 10_000;

function Bar(props: CompanyBarProps): JSX.Element | null {
  const bar = useLater(() => import('./bar'));
  return bar && <bar.CompanyBar {...props} />;
}

/** The place of the buttons below the picture; they come after the player and what it plays first, and nothing moves when they
 *  do. */
export function CompanySlot(props: CompanyBarProps): JSX.Element {
  const { step, mode } = props.state;
  const [due, setDue] = useState(false);
  const isBusy = step === 'starting';
  useEffect(() => {
    if (due) return undefined;
    let here = true;
    const come = (): void => {
      if (here) setDue(true);
    };
    if (!isBusy) void afterPlayer().then(come);
    const patience = setTimeout(come, kPatienceMs);
    return () => {
      here = false;
      clearTimeout(patience);
    };
  }, [isBusy, due]);
  return <div class={mode === 'replay' ? 'company company--replay' : 'company'}>{due && <Bar {...props} />}</div>;
}
