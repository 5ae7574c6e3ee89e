/** The inspector's form, "basic-1" (school/inspection/form): a mark for each item, and words. */

export const kForm = [
  ['picture', ['good', 'fair', 'poor']],
  ['sound', ['good', 'fair', 'poor']],
  ['pace', ['fits', 'fast', 'slow']],
  ['taking_part', ['much', 'some', 'none']],
  ['teachers', ['all', 'some', 'none']],
] as const;
export type Item = (typeof kForm)[number][0];
export type Mark = (typeof kForm)[number][1][number];
export type Marks = { readonly [item in Item]?: Mark };

export interface Draft {
  readonly marks: Marks;
  readonly remark: string;
}
export const kEmpty: Draft = { marks: {}, remark: '' };

export const isWhole = ({ marks }: Draft): boolean => kForm.every(([item]) => marks[item] !== undefined);

const keyOf = (check: string): string => `tongke.check.${check}`;

/** What was filled in before the page was loaded again; in this tab only. */
export function recallDraft(check: string): Draft {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(keyOf(check)) ?? 'null');
    if (typeof kept !== 'object' || kept === null) return kEmpty;
    const { marks, remark } = kept as Partial<Draft>;
    return { marks: typeof marks === 'object' && marks !== null ? marks : {}, remark: typeof remark === 'string' ? remark : '' };
  } catch {
    return kEmpty; // storage is switched off
  }
}

export function keepDraft(check: string, draft: Draft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(keyOf(check));
    else sessionStorage.setItem(keyOf(check), JSON.stringify(draft));
  } catch {
    // forgotten with the page
  }
}
