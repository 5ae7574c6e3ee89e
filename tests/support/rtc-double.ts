import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Answerer } from './answerer';

/** A stand-in for the server's WHIP and WHEP doors: sessions by address, one publisher a
 *  lesson, the newest wins. Media goes to and from an Answerer. */
export interface RtcDouble {
  answerer: Answerer | null;
  /** What a door answers instead of opening; 201 opens. */
  status: { whip: number; whep: number };
  /** Session that publishes now, or null; a test may put another name here. */
  publisher: string | null;
  /** Sessions opened so far, in order. */
  readonly opened: string[];
  /** Sessions ended by DELETE. */
  readonly closed: string[];
  /** True when the request was for a door here. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean;
}

const kKey = 'PUBLISH-KEY';
const kToken = 'XIAOMING';

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

export function createRtcDouble(): RtcDouble {
  const open = async (request: IncomingMessage, response: ServerResponse, kind: 'whip' | 'whep'): Promise<void> => {
    const offer = await bodyOf(request);
    const authorised = request.headers.authorization === `Bearer ${kind === 'whip' ? kKey : kToken}`;
    const status = authorised && request.headers['content-type'] === 'application/sdp' ? double.status[kind] : 404;
    if (status !== 201 || double.answerer === null) {
      response.writeHead(status === 201 ? 503 : status).end();
      return;
    }
    const id = `${kind}-${double.opened.length + 1}`;
    const before = double.publisher;
    if (kind === 'whip') double.publisher = id;
    double.opened.push(id);
    const answer = kind === 'whip' ? await double.answerer.receive(id, offer) : await double.answerer.send(id, offer);
    if (kind === 'whip' && before !== null) await double.answerer.hangUp(before);
    response.writeHead(201, { 'content-type': 'application/sdp', location: `/${kind}/L1/${id}`, etag: '"1"' }).end(answer);
  };

  const double: RtcDouble = {
    answerer: null,
    status: { whip: 201, whep: 201 },
    publisher: null,
    opened: [],
    closed: [],
    handle(request, response, path) {
      const match = /^\/(whip|whep)\/L1(?:\/([\w-]+))?$/.exec(path);
      if (!match) return false;
      const id = match[2];
      if (request.method === 'POST' && id === undefined) {
        void open(request, response, match[1] === 'whip' ? 'whip' : 'whep');
      } else if (request.method === 'DELETE' && id !== undefined) {
        double.closed.push(id);
        if (double.publisher === id) double.publisher = null;
        // A page that is closed at a test's end still says goodbye, when nobody listens any more.
        double.answerer?.hangUp(id).catch(() => undefined);
        response.writeHead(200).end();
      } else {
        response.writeHead(405).end();
      }
      return true;
    },
  };
  return double;
}
