import type { JSX } from 'preact';

import { Icon } from './icons';
import { Sheet } from './sheet';

export interface MenuItem {
  readonly id: string;
  readonly text: string;
  readonly hint: string;
}

export interface MenuProps {
  readonly title: string;
  readonly items: readonly MenuItem[];
  readonly chosen: string;
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
}

/** A list to choose one of. */
export function Menu({ title, items, chosen, onPick, onClose }: MenuProps): JSX.Element {
  return (
    <Sheet title={title} onClose={onClose}>
      <div role="radiogroup" aria-label={title}>
        {items.map(({ id, text, hint }) => (
          <button
            key={id}
            type="button"
            class="choice"
            role="radio"
            aria-checked={id === chosen}
            onClick={() => {
              onPick(id);
              onClose();
            }}
          >
            <span class="choice__mark">{id === chosen && <Icon name="check" size={20} />}</span>
            <span class="choice__text">{text}</span>
            <span class="choice__hint">{hint}</span>
          </button>
        ))}
      </div>
    </Sheet>
  );
}
