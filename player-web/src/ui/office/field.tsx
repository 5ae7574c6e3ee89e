import type { JSX } from 'preact';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly type: 'text' | 'password' | 'tel';
  readonly autocomplete: string;
  readonly value: string;
  readonly optional?: boolean;
  readonly onInput: (value: string) => void;
}

/** A labelled line to write on. */
export function Field({ id, label, type, autocomplete, value, optional = false, onInput }: FieldProps): JSX.Element {
  return (
    <p class="entry">
      <label for={id}>{label}</label>
      <input id={id} class="entry__line" type={type} autocomplete={autocomplete} required={!optional} value={value} onInput={(event) => onInput(event.currentTarget.value)} />
    </p>
  );
}
