import type { Ask } from '../../signal/teaching';

/** A question on its way to a class. */
export interface Draft {
  readonly kind: Exclude<Ask, 'multi'>;
  readonly text: string;
  readonly options: readonly string[];
  /** What is right: an option's number; null when she does not say. */
  readonly right: number | null;
  /** What is right, of a number. */
  readonly number: string;
}

export const kEmpty: Draft = { kind: 'single', text: '', options: ['', ''], right: null, number: '' };

/** As the protocol has them. */
export const kMostOptions = 6;
const kLongestText = 200;
const kLongestOption = 60;
const kNumber = /^-?\d{1,9}(\.\d{1,6})?$/;

const fits = (text: string, longest: number): boolean => text.trim() !== '' && Array.from(text.trim()).length <= longest;

export function isReady({ kind, text, options, number }: Draft): boolean {
  if (!fits(text, kLongestText)) return false;
  if (kind === 'single') return options.every((option) => fits(option, kLongestOption));
  return kind === 'truth' || number.trim() === '' || kNumber.test(number.trim());
}

export interface Item {
  readonly kind: Ask;
  readonly text: string;
  readonly options?: readonly string[];
  readonly right?: readonly number[] | string;
}

/** The question as it is sent. */
export function itemOf({ kind, text, options, right, number }: Draft): Item {
  const asked = { kind, text: text.trim() };
  if (kind === 'number') return number.trim() === '' ? asked : { ...asked, right: number.trim() };
  return {
    ...asked,
    ...(kind === 'single' ? { options: options.map((option) => option.trim()) } : {}),
    ...(right === null ? {} : { right: [right] }),
  };
}

/** The same question with an option more or less, keeping what is right where it still is. */
export function withOptions(draft: Draft, options: readonly string[]): Draft {
  return { ...draft, options, right: draft.right !== null && draft.right < options.length ? draft.right : null };
}
