import type { JSX } from 'preact';

import { useLater } from '../use-later';
import type { CompanyBarProps } from './bar';

/** The place of the buttons below the picture; they come after the player, and nothing moves
 *  when they do. */
export function CompanySlot(props: CompanyBarProps): JSX.Element {
  const bar = useLater(() => import('./bar'));
  return <div class={props.state.mode === 'replay' ? 'company company--replay' : 'company'}>{bar !== null && <bar.CompanyBar {...props} />}</div>;
}
