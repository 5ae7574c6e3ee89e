import type { JSX } from 'preact';

import { useLater } from '../use-later';
import type { RoomsCardProps } from './rooms-card';

/** The place of the classes on the studio page; their code comes after the camera's. */
export function RoomsSlot(props: RoomsCardProps): JSX.Element | null {
  const card = useLater(() => import('./rooms-card'));
  return card === null ? null : <card.RoomsCard {...props} />;
}
