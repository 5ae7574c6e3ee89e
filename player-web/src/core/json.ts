/** Taking JSON apart: every reader says what it wants and throws DecodeError otherwise. */

export class DecodeError extends Error {}

export function object(value: unknown, what: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DecodeError(`${what} is not an object`);
  }
  return value as Record<string, unknown>;
}

export function text(value: unknown, what: string): string {
  if (typeof value !== 'string') throw new DecodeError(`${what} is not a string`);
  return value;
}

export function list(value: unknown, what: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new DecodeError(`${what} is not a list`);
  return value;
}

/** Null for what is not there. */
export const optionalText = (value: unknown, what: string): string | null => (value === undefined || value === null || value === '' ? null : text(value, what));

/** Null for what is not there. */
export function optionalNumber(value: unknown, what: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new DecodeError(`${what} is not a number`);
  return value;
}

/** A path on this very server: the page never follows an address that leads elsewhere. */
export function ownPath(value: unknown, what: string): string {
  const path = text(value, what);
  if (!/^\/[^/\\]/.test(path)) throw new DecodeError(`${what} is not a path of this server`);
  return path;
}

/** Null for what is not there. */
export const optionalPath = (value: unknown, what: string): string | null => (optionalText(value, what) === null ? null : ownPath(value, what));
