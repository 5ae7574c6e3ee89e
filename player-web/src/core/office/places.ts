import type { Session } from './decode';

/** The office's pages, in the order of their doors. */
export type Place = 'board' | 'absent' | 'attendance' | 'timetable' | 'plans' | 'recordings' | 'retention' | 'outputs' | 'channels' | 'duty' | 'tickets' | 'classes' | 'import' | 'account';

const kNeeds: readonly (readonly [Place, string | null])[] = [
  ['board', 'see_lessons'],
  ['absent', 'see_counts'],
  ['attendance', 'see_counts'],
  ['timetable', 'see_timetable'],
  ['plans', 'activate'],
  ['recordings', 'watch'],
  ['retention', 'hold'],
  ['outputs', 'manage_lessons'],
  ['channels', 'make_links'],
  ['duty', 'see_on_duty'],
  ['tickets', 'answer_tickets'],
  ['classes', 'see_school'],
  ['import', 'change_people'],
  ['account', null],
];

/** Those that have something for this account. */
export const placesOf = ({ may, school }: Session): readonly Place[] =>
  kNeeds.filter(([place, act]) => (act === null || may.indexOf(act) >= 0) && (place !== 'duty' || school !== null)).map(([place]) => place);

/** The one that an address names, else the first. */
export function placeOf(hash: string, session: Session): Place {
  const places = placesOf(session);
  return places.find((place) => hash === `#/${place}` || hash.indexOf(`#/${place}/`) === 0) ?? places[0] ?? 'account';
}

/** What stands after the place: "#/absent/L1" is about L1. */
export function detailOf(hash: string): string | null {
  const found = /^#\/\w+\/([\w-]+)$/.exec(hash);
  return found?.[1] ?? null;
}
