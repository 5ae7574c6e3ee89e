import { type About, decodeAbout, decodeWatch, type Watch } from './decode';

/** How asking the server can end. `failed` covers everything worth trying again: no
 *  network, a server that restarts, an answer that makes no sense. */
export type Answer<T> = { kind: 'ok'; value: T } | { kind: 'missing' } | { kind: 'failed' };

const kDeadlineMs = 10_000;

async function get<T>(path: string, decode: (value: unknown) => T, signal: AbortSignal): Promise<Answer<T>> {
  // AbortSignal.any is too new for the browsers we mean; a deadline is one timer away.
  const request = new AbortController();
  const abort = (): void => request.abort();
  signal.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kDeadlineMs);
  try {
    const response = await fetch(path, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      credentials: 'same-origin',
      signal: request.signal,
    });
    if (response.status === 404 || response.status === 410) return { kind: 'missing' };
    if (!response.ok) return { kind: 'failed' };
    return { kind: 'ok', value: decode(await response.json()) };
  } catch {
    return { kind: 'failed' };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', abort);
  }
}

export function fetchWatch(link: string, signal: AbortSignal): Promise<Answer<Watch>> {
  return get(`/api/v1/watch/${encodeURIComponent(link)}`, decodeWatch, signal);
}

export function fetchAbout(signal: AbortSignal): Promise<Answer<About>> {
  return get('/api/v1/about', decodeAbout, signal);
}

/** The link of a page `/w/<link>`, or null. */
export function linkOfPath(path: string): string | null {
  const match = /^\/w\/([^/]+)\/?$/.exec(path);
  if (!match?.[1]) return null;
  try {
    return decodeURIComponent(match[1]);
  } catch {
    return null;
  }
}
