/** How a question to the office's API can end. */
export type Reply<T> =
  | { readonly kind: 'ok'; readonly value: T }
  /** Nobody is signed in (any more). */
  | { readonly kind: 'signed-out' }
  /** Not there, or not for this account: the server does not tell which. */
  | { readonly kind: 'missing' }
  /** The server says what is wrong; `waitS`: try again after so many seconds. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly field: string | null; readonly waitS: number | null }
  /** No network, a server that restarts, an answer that makes no sense. */
  | { readonly kind: 'failed' };

export interface Question<T> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** @param tag  of what may be changed as long as it is as it was read */
  readonly decode: (value: unknown, tag: string | null) => T;
  /** Of the session; every change needs it. */
  readonly csrf?: string;
  /** A person's own link, in place of a session. */
  readonly bearer?: string;
  /** Sent as JSON. */
  readonly json?: object;
  /** Sent as it is. */
  readonly body?: Blob;
  /** Only of what still has this tag; "*": however it is now. */
  readonly match?: string;
  /** The same for each try of one thing that must not be done twice. */
  readonly once?: string;
}

const kDeadlineMs = 30_000;

function headersOf({ csrf, bearer, json, match, once }: Question<unknown>): Record<string, string> {
  return {
    accept: 'application/json',
    ...(json === undefined ? {} : { 'content-type': 'application/json' }),
    ...(csrf === undefined ? {} : { 'x-csrf-token': csrf }),
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(match === undefined ? {} : { 'if-match': match }),
    ...(once === undefined ? {} : { 'idempotency-key': once }),
  };
}

const record = (value: unknown): Readonly<Record<string, unknown>> => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {});
const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Problem JSON: {"error":{"code","message","field"?}}. */
export function refusal(body: unknown, retryAfter: string | null): Reply<never> {
  const error = record(record(body)['error']);
  const wait = Number(retryAfter ?? '');
  return {
    kind: 'refused',
    code: words(error['code']),
    message: words(error['message']),
    field: words(error['field']) || null,
    waitS: Number.isFinite(wait) && wait > 0 ? wait : null,
  };
}

async function replyOf<T>(response: Response, decode: Question<T>['decode']): Promise<Reply<T>> {
  if (response.status === 204) return { kind: 'ok', value: decode(null, null) };
  if (response.status === 404) return { kind: 'missing' };
  const body: unknown = await response.json();
  if (response.ok) return { kind: 'ok', value: decode(body, response.headers.get('etag')) };
  const refused = refusal(body, response.headers.get('retry-after'));
  // A wrong password is an answer; anything else without a session is the end of it.
  if (response.status === 401 && !(refused.kind === 'refused' && refused.code === 'wrong_password')) return { kind: 'signed-out' };
  return response.status >= 500 ? { kind: 'failed' } : refused;
}

export async function call<T>(question: Question<T>, signal: AbortSignal): Promise<Reply<T>> {
  const request = new AbortController();
  const abort = (): void => request.abort();
  signal.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kDeadlineMs);
  try {
    const { method, path, json, body } = question;
    const response = await fetch(path, {
      method,
      headers: headersOf(question),
      cache: 'no-store',
      credentials: 'same-origin',
      body: json === undefined ? (body ?? null) : JSON.stringify(json),
      signal: request.signal,
    });
    return await replyOf(response, question.decode);
  } catch {
    return { kind: 'failed' };
  } finally {
    clearTimeout(deadline);
    signal.removeEventListener('abort', abort);
  }
}
