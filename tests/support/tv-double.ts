import type { IncomingMessage, ServerResponse } from 'node:http';

/** The stand-in's televisions: one that waits, and what it is to show. */
export interface TvDouble {
  code: string;
  link: string | null;
  /** Switched off by the phone: what it asks for next is gone. */
  handle(request: IncomingMessage, response: ServerResponse, path: string): boolean;
}

export function createTvDouble(): TvDouble {
  let key = 0;
  let gone = false;
  const json = (response: ServerResponse, status: number, value: object | null): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(value === null ? '' : JSON.stringify(value));
  };
  const tv: TvDouble = {
    code: '482913',
    link: null,
    handle(request, response, path) {
      const own = /^\/api\/v1\/watch\/([\w-]+)\/tv$/.exec(path);
      if (path === '/api/v1/tvs' && request.method === 'POST') {
        key += 1;
        gone = false;
        json(response, 201, { code: tv.code, key: `key${key}`, lasts: 600 });
      } else if (path.startsWith('/api/v1/tvs/')) {
        if (gone || path !== `/api/v1/tvs/key${key}`) json(response, 404, { error: { code: 'not_found', message: 'no such television' } });
        else json(response, 200, { link: tv.link });
      } else if (own?.[1] !== undefined) {
        const link = own[1];
        if (request.method === 'GET') json(response, 200, { paired: tv.link === link });
        else if (request.method === 'DELETE') {
          tv.link = null;
          gone = true;
          tv.code = '555123';
          json(response, 204, null);
        } else {
          let body = '';
          request.on('data', (piece: Buffer) => (body += piece.toString()));
          request.on('end', () => {
            const { code } = JSON.parse(body) as { code?: string };
            if (code !== tv.code) return json(response, 404, { error: { code: 'not_found', message: 'no television shows these digits' } });
            tv.link = link;
            json(response, 204, null);
          });
        }
      } else {
        return false;
      }
      return true;
    },
  };
  return tv;
}
