import type { JSX } from 'preact';

import { Icon, type IconName } from './icons';

export interface ToolProps {
  readonly icon: IconName;
  readonly label: string;
  readonly text: string;
  readonly disabled?: boolean;
  /** A switch that is on. */
  readonly pressed?: boolean;
  readonly onClick: () => void;
}

/** A button with its name written under the icon: nobody has to guess. */
export function Tool({ icon, label, text, disabled = false, pressed = false, onClick }: ToolProps): JSX.Element {
  return (
    <button type="button" class={pressed ? 'tool tool--on' : 'tool'} aria-label={label} disabled={disabled} onClick={onClick}>
      <Icon name={icon} />
      <span class="tool__text">{text}</span>
    </button>
  );
}
