import type { IncomingMessage, ServerResponse } from 'node:http';

/** The stand-in's lesson and the teachers that it may be handed to. */
export interface HandoverDouble {
  colleagues: readonly { readonly id: string; readonly name: string; readonly rooms: readonly string[] }[];
  /** Who was made the lead; null while it is the studio's own. */
  to: string | null;
  /** While true every change is refused. */
  refuses: boolean;
  lead(): { readonly name: string; readonly yours: boolean };
  handle(request: IncomingMessage, response: ServerResponse): void;
}

export function createHandoverDouble(): HandoverDouble {
  const double: HandoverDouble = {
    colleagues: [
      { id: 'li', name: '李老师', rooms: ['三(2)班', '三(4)班'] },
      { id: 'zhao', name: '赵老师', rooms: ['三(1)班'] },
    ],
    to: null,
    refuses: false,
    lead() {
      const name = double.colleagues.find(({ id }) => id === double.to)?.name;
      return name === undefined ? { name: '王老师', yours: true } : { name, yours: false };
    },
    handle(request, response) {
      let body = '';
      request.on('data', (piece: Buffer) => (body += piece.toString()));
      request.on('end', () => {
        const refused = double.refuses && request.method !== 'GET';
        if (!refused && request.method === 'POST') double.to = (JSON.parse(body) as { lead: string }).lead;
        if (!refused && request.method === 'DELETE') double.to = null;
        response.writeHead(refused ? 503 : 200, { 'content-type': 'application/json' });
        const lead = double.lead();
        response.end(JSON.stringify(refused ? { error: { code: 'busy', message: 'busy' } } : { lead, colleagues: lead.yours ? double.colleagues : [] }));
      });
    },
  };
  return double;
}
