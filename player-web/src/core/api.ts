import { type Answer, ask } from './ask';
import { type About, decodeAbout, decodeWatch, type Watch } from './decode';

export function fetchWatch(link: string, signal: AbortSignal): Promise<Answer<Watch>> {
  return ask('GET', `/api/v1/watch/${encodeURIComponent(link)}`, decodeWatch, signal);
}

export function fetchAbout(signal: AbortSignal): Promise<Answer<About>> {
  return ask('GET', '/api/v1/about', decodeAbout, signal);
}

/** The link of a page `/w/<link>`, `/studio/<link>`, `/desk/<link>` or `/family/<link>`, or null. */
export function linkOfPath(path: string): string | null {
  const match = /^\/(?:w|studio|desk|family)\/([^/]+)\/?$/.exec(path);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}
