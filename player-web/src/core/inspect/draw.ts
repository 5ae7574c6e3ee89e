/** The draw, done again: from the published record alone, as anybody may. The server's own is
 *  school/inspection/draw; both are held against one test vector. */

export interface OnAir {
  readonly lesson: string;
  readonly school: string;
  readonly stage: string;
  readonly subject: string;
}

export interface DrawRecord {
  readonly commitment: string;
  readonly secret: string;
  readonly words: string;
  readonly count: number;
  readonly onAir: readonly OnAir[];
  readonly drawn: readonly string[];
}

/** SHA-256 of a text's UTF-8, in hex. */
export type Sha256 = (text: string) => Promise<string>;

interface Lot {
  readonly lesson: OnAir;
  readonly order: readonly (number | string)[];
}

const times = (drawn: readonly OnAir[], of: (lesson: OnAir) => string, value: string): number => drawn.filter((one) => of(one) === value).length;

function before(a: Lot, b: Lot): boolean {
  for (let i = 0; i < a.order.length; i += 1) {
    const [x, y] = [a.order[i] ?? '', b.order[i] ?? ''];
    if (x !== y) return x < y;
  }
  return false;
}

/** Of those left the lesson whose school was drawn least, then stage, then subject, then the
 *  lowest lot; as often as asked for. */
export async function draw(secret: string, words: string, count: number, onAir: readonly OnAir[], sha256: Sha256): Promise<readonly string[]> {
  const lots = await Promise.all(onAir.map((lesson) => sha256([secret, words, lesson.lesson].join('\n'))));
  let left = onAir.map((lesson, at) => ({ lesson, number: lots[at] ?? '' }));
  const drawn: OnAir[] = [];
  while (drawn.length < count && left.length > 0) {
    const ordered = left.map(({ lesson, number }): Lot => ({
      lesson,
      order: [times(drawn, ({ school }) => school, lesson.school), times(drawn, ({ stage }) => stage, lesson.stage), times(drawn, ({ subject }) => subject, lesson.subject), number],
    }));
    const next = ordered.reduce((best, lot) => (before(lot, best) ? lot : best)).lesson;
    drawn.push(next);
    left = left.filter(({ lesson }) => lesson !== next);
  }
  return drawn.map(({ lesson }) => lesson);
}

export interface Verdict {
  /** The secret is the one that was committed to. */
  readonly bound: boolean;
  /** The same lessons come out, in the same order. */
  readonly same: boolean;
}

export async function verify(record: DrawRecord, sha256: Sha256): Promise<Verdict> {
  const { commitment, secret, words, count, onAir, drawn } = record;
  const again = await draw(secret, words, count, onAir, sha256);
  return { bound: (await sha256(secret)) === commitment, same: again.join('\n') === drawn.join('\n') };
}

/** The browser's own; null where it has none: pages without TLS. */
export function browserSha256(): Sha256 | null {
  const subtle: SubtleCrypto | undefined = window.crypto?.subtle;
  if (subtle === undefined) return null;
  return async (text) => {
    const digest = await subtle.digest('SHA-256', new TextEncoder().encode(text));
    return Array.from(new Uint8Array(digest), (byte) => `0${byte.toString(16)}`.slice(-2)).join('');
  };
}
