import { type Answer, ask } from '../ask';
import { decodeStudio, type Studio } from './decode';

const studioPath = (link: string): string => `/api/v1/studio/${encodeURIComponent(link)}`;
const readStudio = (value: unknown): Studio => decodeStudio(value, Date.now());

export function fetchStudio(link: string, signal: AbortSignal): Promise<Answer<Studio>> {
  return ask('GET', studioPath(link), readStudio, signal);
}

/** Opens the lesson for publishing, or ends it for everybody. */
export function changeLesson(link: string, to: 'start' | 'end', signal: AbortSignal): Promise<Answer<Studio>> {
  return ask('POST', `${studioPath(link)}/${to}`, readStudio, signal);
}
