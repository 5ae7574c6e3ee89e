import { list, object, text } from '../json';
import { count } from './absent';

/** A day that the district put online: its lessons, rooms and links. */
export interface DayPlan {
  readonly plan: number;
  /** YYYY-MM-DD */
  readonly date: string;
  readonly drill: boolean;
  readonly active: boolean;
  readonly reason: string;
  readonly lessons: number;
  readonly madeMs: number;
}

/** What there is of the day now. */
export interface Made {
  readonly lessons: number;
  readonly rooms: number;
  readonly links: number;
  readonly schools: number;
  readonly failed: readonly { readonly title: string; readonly why: string }[];
}

export interface Day {
  readonly date: string;
  readonly drill: boolean;
}

/** What the page is at. What changes the links of a whole district is asked once more. */
export type Step =
  | { readonly kind: 'rest' }
  | { readonly kind: 'sure' | 'busy'; readonly verb: 'activate' | 'undo'; readonly day: Day }
  | { readonly kind: 'made'; readonly day: Day; readonly made: Made }
  | { readonly kind: 'undone'; readonly day: Day; readonly removed: number }
  /** @param why  the server's words; null: no answer */
  | { readonly kind: 'refused'; readonly why: string | null };

export function decodePlans(value: unknown): readonly DayPlan[] {
  return list(object(value, 'plans')['plans'], 'plans').map((one) => {
    const row = object(one, 'plan');
    return {
      plan: count(row, 'plan'),
      date: text(row['date'], 'date'),
      drill: row['drill'] === true,
      active: text(row['state'], 'state') === 'active',
      reason: text(row['reason'], 'reason'),
      lessons: count(row, 'lessons'),
      madeMs: count(row, 'made_ms'),
    };
  });
}

export function decodeMade(value: unknown): Made {
  const root = object(value, 'made');
  return {
    lessons: count(root, 'lessons'),
    rooms: count(root, 'rooms'),
    links: count(root, 'links'),
    schools: count(root, 'schools'),
    failed: list(root['failed'], 'failed').map((one) => {
      const row = object(one, 'failed');
      return { title: text(row['title'], 'title'), why: text(row['message'], 'message') };
    }),
  };
}

export const decodeRemoved = (value: unknown): number => count(object(value, 'removed'), 'removed');

/** Days to come can be taken back; whether a lesson of today has begun, the server knows. */
export const mayUndo = ({ active, date }: DayPlan, today: string): boolean => active && date >= today;
