/** The lesson that this phone watched last, so that a television's code needs one tap only. */

const kStored = 'tongke.link';
const kFamily = 'tongke.family';

function stored(key: string): string | null {
  try {
    const link = localStorage.getItem(key);
    return link !== null && /^[\w-]{8,128}$/.test(link) ? link : null;
  } catch {
    return null; // storage is refused in some private modes
  }
}

function store(key: string, link: string): void {
  try {
    localStorage.setItem(key, link);
  } catch {
    // forgotten
  }
}

export const lastLink = (): string | null => stored(kStored);
export const rememberLink = (link: string): void => store(kStored, link);

/** The family's own page, for the way back to it from the first page. */
export const familyLink = (): string | null => stored(kFamily);
export const rememberFamily = (link: string): void => store(kFamily, link);
