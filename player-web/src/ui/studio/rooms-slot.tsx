import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { RoomsCardProps } from './rooms-card';

type Card = (props: RoomsCardProps) => JSX.Element;

/** The place of the classes on the studio page; their code comes after the camera's. */
export function RoomsSlot(props: RoomsCardProps): JSX.Element | null {
  const [card, setCard] = useState<{ readonly RoomsCard: Card } | null>(null);
  useEffect(() => {
    let here = true;
    import('./rooms-card').then(
      (made) => here && setCard(made),
      () => undefined, // class goes on without it
    );
    return () => {
      here = false;
    };
  }, []);
  return card === null ? null : <card.RoomsCard {...props} />;
}
