/** The lesson that this phone watched last, so that a television's code needs one tap only. */

const kStored = 'tongke.link';

export function lastLink(): string | null {
  try {
    const link = localStorage.getItem(kStored);
    return link !== null && /^[\w-]{8,128}$/.test(link) ? link : null;
  } catch {
    return null; // storage is refused in some private modes
  }
}

export function rememberLink(link: string): void {
  try {
    localStorage.setItem(kStored, link);
  } catch {
    // forgotten
  }
}
