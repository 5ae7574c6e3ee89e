import '../../styles/choice.css';

import type { JSX } from 'preact';

import type { Named } from '../../core/office/decode';

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly all: readonly Named[];
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** One of several by name. */
export function Choice({ id, label, all, chosen, onChoose }: ChoiceProps): JSX.Element {
  return (
    <p class="entry entry--inline">
      <label for={id}>{label}</label>
      <select id={id} class="entry__line" value={chosen} onChange={(event) => onChoose(event.currentTarget.value)}>
        {all.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
    </p>
  );
}
