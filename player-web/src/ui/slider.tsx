import type { JSX } from 'preact';

export interface SliderProps {
  readonly class: string;
  readonly label: string;
  /** What a screen reader says for the value. */
  readonly text: string;
  readonly value: number;
  readonly max: number;
  readonly step: number;
  readonly disabled?: boolean;
  /** Arrow keys move this slider instead of the lesson. */
  readonly ownKeys?: boolean;
  readonly onInput: (value: number) => void;
  readonly onCommit?: (value: number) => void;
}

/** A native range input, painted: the most usable slider for fingers, keys and screen readers. */
export function Slider(props: SliderProps): JSX.Element {
  const { value, max, onInput, onCommit } = props;
  const filled = max > 0 ? Math.min(100, (value / max) * 100) : 0;
  return (
    <input
      type="range"
      class={`slider ${props.class}`}
      min={0}
      max={max}
      step={props.step}
      value={value}
      disabled={props.disabled ?? false}
      aria-label={props.label}
      aria-valuetext={props.text}
      data-keys={props.ownKeys ? 'own' : 'lesson'}
      style={{ '--filled': `${filled}%` }}
      onInput={(event) => onInput(Number(event.currentTarget.value))}
      onChange={(event) => onCommit?.(Number(event.currentTarget.value))}
    />
  );
}
