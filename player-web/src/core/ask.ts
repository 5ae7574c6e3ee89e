/** How asking the server can end. `failed` covers everything worth trying again: no
 *  network, a server that restarts, an answer that makes no sense. */
export type Answer<T> = { kind: 'ok'; value: T } | { kind: 'missing' } | { kind: 'failed' };

const kDeadlineMs = 10_000;

/** One question to the server's API, with a deadline. */
export async function ask<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, decode: (value: unknown) => T, signal: AbortSignal, body?: object): Promise<Answer<T>> {
  // AbortSignal.any is too new for the browsers we mean; a deadline is one timer away.
  const request = new AbortController();
  const abort = (): void => request.abort();
  signal.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kDeadlineMs);
  try {
    const response = await fetch(path, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: request.signal,
    });
    if (response.status === 404 || response.status === 410) return { kind: 'missing' };
    if (!response.ok) return { kind: 'failed' };
    return { kind: 'ok', value: decode(response.status === 204 ? null : await response.json()) };
  } catch {
    return { kind: 'failed' };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', abort);
  }
}
