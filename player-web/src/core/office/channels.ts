import { list, object, text } from '../json';
import type { SchoolClass } from './decode';

/** Addresses of a school's screens, as the office's API makes them. */

export interface Channel {
  readonly title: string;
  readonly url: string;
}
export interface Channels {
  /** With which they are withdrawn. */
  readonly link: string;
  readonly playlist: string;
  /** Of what is on when (XMLTV). */
  readonly guide: string;
  readonly channels: readonly Channel[];
}

export function decodeChannels(value: unknown): Channels {
  const row = object(value, 'channels');
  const playlist = text(row['playlist'], 'playlist');
  return {
    link: text(row['link'], 'link'),
    playlist,
    guide: playlist.replace(/playlist\.m3u$/, 'guide.xml'),
    channels: list(row['channels'], 'channels').map((one) => {
      const channel = object(one, 'channel');
      return { title: text(channel['title'], 'title'), url: text(channel['url'], 'url') };
    }),
  };
}

/** What a screen shows. */
export type Screen =
  | { readonly kind: 'school' }
  | { readonly kind: 'grade'; readonly grade: number }
  | { readonly kind: 'class'; readonly of: SchoolClass };

/** All that a school can hang up: everything, each of its grades, each of its classes. */
export function screensOf(classes: readonly SchoolClass[]): readonly Screen[] {
  const sorted = [...classes].sort((a, b) => a.grade - b.grade || a.number - b.number);
  const grades = sorted.map(({ grade }) => grade).filter((grade, i, all) => grade !== all[i - 1]);
  if (sorted.length === 0) return [];
  return [{ kind: 'school' }, ...grades.map((grade): Screen => ({ kind: 'grade', grade })), ...sorted.map((of): Screen => ({ kind: 'class', of }))];
}

/** How the API is asked for it. */
export function wishFor(screen: Screen, school: string): object {
  if (screen.kind === 'class') return { class: screen.of.id };
  return screen.kind === 'grade' ? { school, grade: screen.grade } : { school };
}
