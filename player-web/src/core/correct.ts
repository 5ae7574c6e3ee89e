import { DecodeError, object, text } from './json';

/** Putting right what is kept of a child: by its family, its homeroom teacher, or its school's office. */

export const kConditions = ['unknown', 'wifi', 'mobile_only', 'shared_device', 'tv_only', 'none'] as const;
export type Condition = (typeof kConditions)[number];

export interface Row {
  readonly name: string;
  readonly number: string;
  readonly condition: Condition;
  /** Id of the class; null: none. */
  readonly of: string | null;
  readonly left: boolean;
  /** Of the row as it was read: a change by somebody else in between is not written over. */
  readonly tag: string;
}

export type Draft = Pick<Row, 'name' | 'condition' | 'of' | 'left'>;

/** As the server counts: bytes. */
const kLongestName = 60;

export function decodeRow(value: unknown, tag: string | null): Row {
  const row = object(value, 'pupil');
  const of = row['class'] ?? null;
  return {
    name: text(row['name'], 'name'),
    number: text(row['number'], 'number'),
    condition: kConditions.find((known) => known === row['condition']) ?? 'unknown',
    of: of === null ? null : text(object(of, 'class')['id'], 'id'),
    left: row['standing'] === 'left',
    tag: tag ?? '*',
  };
}

/** What is asked of the server; null: nothing is different. */
export function patchOf(row: Row, { name, condition, of, left }: Draft): Readonly<Record<string, string>> | null {
  const patch = {
    ...(name.trim() === row.name ? {} : { name: name.trim() }),
    ...(condition === row.condition ? {} : { condition }),
    ...(of === row.of || of === null ? {} : { class: of }),
    ...(left === row.left ? {} : { standing: left ? 'left' : 'active' }),
  };
  return Object.keys(patch).length === 0 ? null : patch;
}

export function isName(name: string): boolean {
  const bytes = encodeURIComponent(name.trim()).replace(/%../g, '.').length;
  return bytes > 0 && bytes <= kLongestName;
}

/** Somebody looked at the child's data, or changed it. */
export interface Access {
  readonly atMs: number;
  readonly act: string;
  /** null: the family itself, or nobody by name. */
  readonly by: string | null;
  readonly family: boolean;
}

export function decodeAccesses(value: unknown): readonly Access[] {
  const items = object(value, 'accesses')['items'];
  if (!Array.isArray(items)) throw new DecodeError('items is not a list');
  return items.map((item: unknown) => {
    const row = object(item, 'access');
    if (typeof row['at'] !== 'number') throw new DecodeError('at is not a number');
    const staff = row['staff'] ?? null;
    return { atMs: row['at'], act: text(row['act'], 'act'), by: staff === null ? null : text(object(staff, 'staff')['name'], 'name'), family: row['guardian'] === true };
  });
}
