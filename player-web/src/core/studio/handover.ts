import { type Answer, ask } from '../ask';
import { list, object, text } from '../json';
import { decodeLead, type Lead } from './decode';

export interface Colleague {
  readonly id: string;
  readonly name: string;
  /** The lesson's classes that are theirs. */
  readonly rooms: readonly string[];
}

export interface Handover {
  readonly lead: Lead | null;
  readonly colleagues: readonly Colleague[];
}

export function decodeHandover(value: unknown): Handover {
  const root = object(value, 'answer');
  return {
    lead: decodeLead(root['lead']),
    colleagues: list(root['colleagues'], 'colleagues').map((one) => {
      const colleague = object(one, 'colleague');
      return {
        id: text(colleague['id'], 'colleague.id'),
        name: text(colleague['name'], 'colleague.name'),
        rooms: list(colleague['rooms'], 'colleague.rooms').map((room) => text(room, 'colleague.room')),
      };
    }),
  };
}

const pathOf = (link: string): string => `/api/v1/studio/${encodeURIComponent(link)}/handover`;

/** To whom this page's link may hand the lesson over. */
export function fetchHandover(link: string, signal: AbortSignal): Promise<Answer<Handover>> {
  return ask('GET', pathOf(link), decodeHandover, signal);
}

export function handOver(link: string, lead: string, signal: AbortSignal): Promise<Answer<Handover>> {
  return ask('POST', pathOf(link), decodeHandover, signal, { lead });
}

export function takeBack(link: string, signal: AbortSignal): Promise<Answer<Handover>> {
  return ask('DELETE', pathOf(link), decodeHandover, signal);
}
