import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import { useI18n } from '../i18n/i18n';

export interface SheetProps {
  readonly title: string;
  /** Name of the way out; "close" unless told. */
  readonly closeText?: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
}

/** A sheet from below on phones, a panel on larger screens. Arrow keys walk, Escape closes,
 *  focus comes back to where it was. */
export function Sheet({ title, closeText, onClose, children }: SheetProps): JSX.Element {
  const { t } = useI18n();
  const sheet = useRef<HTMLDivElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    const first = sheet.current?.querySelector<HTMLElement>('[aria-checked="true"]') ?? sheet.current?.querySelector<HTMLElement>('button:not(:disabled), input');
    first?.focus();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);

  const onKeyDown = (event: KeyboardEvent): void => {
    const buttons = Array.from(sheet.current?.querySelectorAll<HTMLElement>('button:not(:disabled), input') ?? []);
    const at = buttons.findIndex((button) => button === document.activeElement);
    const move = (to: number): void => {
      buttons[(to + buttons.length) % buttons.length]?.focus();
      event.preventDefault();
    };
    if (event.isComposing) return;
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
        {children}
        <button type="button" class="button sheet__close" onClick={onClose}>
          {closeText ?? t('common.close')}
        </button>
      </div>
    </div>
  );
}
