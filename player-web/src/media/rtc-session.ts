import { sessionAddress } from '../core/rtc';

/** WHIP and WHEP from the browser's side: they are the same few requests.
 *  @source RFC 9725; draft-ietf-wish-whep */

export interface Session {
  /** Ends it on the server; true once the server has answered, whatever it said: from then
   *  on nothing of this session is left there. `leaving`: the page itself is going away. */
  close(leaving?: boolean): Promise<boolean>;
}

export type Opened =
  | { readonly kind: 'open'; readonly session: Session; readonly answer: string }
  /** No use asking again as things stand: key, lesson or media not accepted. */
  | { readonly kind: 'refused'; readonly status: number }
  /** Worth another try. */
  | { readonly kind: 'failed' };

const kDeadlineMs = 10_000;
const kGatherMs = 500;

async function request(address: string, init: RequestInit, signal?: AbortSignal): Promise<Response | null> {
  const life = new AbortController();
  const abort = (): void => life.abort();
  signal?.addEventListener('abort', abort);
  const deadline = setTimeout(abort, kDeadlineMs);
  try {
    return signal?.aborted ? null : await fetch(address, { ...init, cache: 'no-store', credentials: 'same-origin', signal: life.signal });
  } catch {
    return null;
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener('abort', abort);
  }
}

/** The offer with its candidates. The server answers checks from anywhere (it is ICE-lite),
 *  so what has not come within half a second is not waited for. */
async function completeOffer(peer: RTCPeerConnection): Promise<string> {
  await peer.setLocalDescription(await peer.createOffer());
  if (peer.iceGatheringState !== 'complete') {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, kGatherMs);
      peer.addEventListener('icegatheringstatechange', () => {
        if (peer.iceGatheringState !== 'complete') return;
        clearTimeout(timer);
        resolve();
      });
    });
  }
  return peer.localDescription?.sdp ?? '';
}

/** Offers what `peer` has been given. The caller applies the answer; a session that opens
 *  after `signal` was aborted is closed again. */
export async function openSession(peer: RTCPeerConnection, path: string, bearer: string, signal: AbortSignal): Promise<Opened> {
  const headers = { authorization: `Bearer ${bearer}` };
  const offer = await completeOffer(peer);
  const response = await request(path, { method: 'POST', headers: { ...headers, 'content-type': 'application/sdp' }, body: offer }, signal);
  if (response === null) return { kind: 'failed' };
  if (response.status !== 201) {
    // 409: the lesson is in no state for it just now, which may change.
    const passing = response.status >= 500 || response.status === 408 || response.status === 409 || response.status === 429;
    return passing ? { kind: 'failed' } : { kind: 'refused', status: response.status };
  }
  const address = sessionAddress(response.headers.get('location'), path, location.origin);
  let closing: Promise<boolean> | null = null;
  const session: Session = {
    close(leaving = false) {
      if (address === null) return Promise.resolve(true);
      const ask = (): Promise<boolean> =>
        request(address, { method: 'DELETE', headers, keepalive: leaving }).then((answered) => answered !== null);
      // Asked again only when the one before did not get through.
      closing = (closing ?? Promise.resolve(false)).then((done) => done || ask());
      return closing;
    },
  };
  const answer = await response.text().catch(() => null);
  if (answer === null || signal.aborted) {
    void session.close();
    return { kind: 'failed' };
  }
  return { kind: 'open', session, answer };
}

/** Calls `lost` once when the connection is of no use any more. A line that only hiccups gets
 *  a few seconds. Returns the way to stop watching. */
export function watchConnection(peer: RTCPeerConnection, events: { connected(): void; lost(): void }): () => void {
  const kHiccupMs = 4000;
  const kConnectMs = 12_000;
  let over = false;
  let everConnected = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const lose = (): void => {
    if (over) return;
    stop();
    events.lost();
  };
  const look = (): void => {
    if (over) return;
    const transport = peer.getTransceivers()[0]?.sender.transport;
    const dtls = transport?.state;
    if (transport) transport.onstatechange = look;
    if (peer.connectionState === 'failed' || peer.connectionState === 'closed' || dtls === 'closed' || dtls === 'failed') {
      lose();
    } else if (peer.connectionState === 'connected') {
      clearTimeout(timer);
      timer = undefined;
      if (!everConnected) {
        everConnected = true;
        events.connected();
      }
    } else if (peer.connectionState === 'disconnected') {
      timer ??= setTimeout(lose, kHiccupMs);
    }
  };
  const stop = (): void => {
    over = true;
    clearTimeout(timer);
    peer.removeEventListener('connectionstatechange', look);
  };
  peer.addEventListener('connectionstatechange', look);
  timer = setTimeout(lose, kConnectMs);
  look();
  return stop;
}
