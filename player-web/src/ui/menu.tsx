import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { useI18n } from '../i18n/i18n';
import { Icon } from './icons';

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

/** A sheet from below on phones, a panel on larger screens. Arrow keys walk, Escape closes,
 *  focus comes back to where it was. */
export function Menu({ title, items, chosen, onPick, onClose }: MenuProps): JSX.Element {
  const { t } = useI18n();
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.querySelector<HTMLElement>('[aria-checked="true"]')?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = Array.from(sheet.current?.querySelectorAll<HTMLElement>('button') ?? []);
    const at = buttons.findIndex((button) => button === document.activeElement);
    const move = (to: number): void => {
      buttons[(to + buttons.length) % buttons.length]?.focus();
      event.preventDefault();
    };
    if (event.key === 'Escape') onClose();
    else if (event.key === 'ArrowDown') move(at + 1);
    else if (event.key === 'ArrowUp') move(at - 1);
    else if (event.key === 'Tab') move(at + (event.shiftKey ? -1 : 1));
  };

  return (
    <div class="veil" onClick={onClose}>
      <div
        ref={sheet}
        class="sheet"
        role="dialog"
        aria-modal="true"
        aria-label={title}
        onClick={(event) => event.stopPropagation()}
        onKeyDown={onKeyDown}
      >
        <p class="sheet__title">{title}</p>
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
        <button type="button" class="button sheet__close" onClick={onClose}>
          {t('watch.close')}
        </button>
      </div>
    </div>
  );
}
