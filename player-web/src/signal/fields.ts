/** Taking a frame apart: every reader throws BadFrame when it is not what it should be. */

export class BadFrame extends Error {}

export type Fields = Readonly<Record<string, unknown>>;

export function object(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadFrame('not an object');
  return value as Fields;
}
export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') throw new BadFrame(`${name} is not a string`);
  return value;
}
export function count(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw new BadFrame(`${name} is not a count`);
  return value;
}
export function flag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (typeof value !== 'boolean') throw new BadFrame(`${name} is not a boolean`);
  return value;
}
export function list(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (!Array.isArray(value)) throw new BadFrame(`${name} is not a list`);
  return value;
}
/** One of a closed list of words. */
export function oneOf<T extends string>(fields: Fields, name: string, known: readonly T[]): T {
  const word = known.find((one) => one === fields[name]);
  if (word === undefined) throw new BadFrame(`${name} is unknown`);
  return word;
}
export const optionalText = (fields: Fields, name: string): string | null => (fields[name] === undefined ? null : text(fields, name));
export const optionalCount = (fields: Fields, name: string): number | null => (fields[name] === undefined ? null : count(fields, name));
