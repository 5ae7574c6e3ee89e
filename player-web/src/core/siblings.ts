/** Brothers and sisters at one player: the links of those who are counted with it. */

/** Why a link does not count: the server's word, or what was pasted was no link at all. */
export type Trouble = 'no_link' | 'own' | 'not_found' | 'other_lesson' | 'too_many';

export interface Sibling {
  readonly token: string;
  readonly trouble: Trouble | null;
}

const kTroubles: readonly Trouble[] = ['not_found', 'other_lesson', 'too_many'];

/** The token in a pasted watch link, or in whatever message it came with; null without one. */
export function tokenIn(pasted: string): string | null {
  const link = /\/w\/([\w-]{8,128})/.exec(pasted) ?? /^\s*([\w-]{8,128})\s*$/.exec(pasted);
  return link?.[1] ?? null;
}

/** Those that count, and a new one at the end; failed ones are forgotten. */
export function add(siblings: readonly Sibling[], pasted: string, own: string): readonly Sibling[] {
  const token = tokenIn(pasted);
  const known = siblings.filter(({ trouble }) => trouble === null);
  if (token === null) return [...known, { token: '', trouble: 'no_link' }];
  if (token === own) return [...known, { token, trouble: 'own' }];
  return [...known.filter((one) => one.token !== token), { token, trouble: null }];
}

/** The server refused the one that was said last. */
export function refuse(siblings: readonly Sibling[], code: string): readonly Sibling[] {
  const trouble = kTroubles.find((known) => known === code);
  const last = siblings[siblings.length - 1];
  if (trouble === undefined || last === undefined || last.trouble !== null) return siblings;
  return [...siblings.slice(0, -1), { ...last, trouble }];
}
