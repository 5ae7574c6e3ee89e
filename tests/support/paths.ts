import { fileURLToPath } from 'node:url';

/** Root of the checkout, with a slash at the end. */
export const kRoot = fileURLToPath(new URL('../../', import.meta.url));
export const kPages = `${kRoot}player-web/dist/`;
export const kScreenshots = `${kRoot}build/screenshots/`;
