import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

const file = (path: string): string => readFileSync(fileURLToPath(new URL(`../src/${path}`, import.meta.url)), 'utf8');
const tokens = file('styles/tokens.css');

/** The colours of a theme: dark overrides light. */
function colours(dark: boolean): Map<string, string> {
  const found = new Map<string, string>();
  const split = tokens.indexOf('prefers-color-scheme: dark');
  for (const block of dark ? [tokens.slice(0, split), tokens.slice(split)] : [tokens.slice(0, split)]) {
    for (const match of block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)) found.set(match[1] ?? '', match[2] ?? '');
  }
  return found;
}

/** WCAG 2 relative luminance. */
function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
const contrast = (a: string, b: string): number => {
  const [x, y] = [luminance(a), luminance(b)];
  return (Math.max(x, y) + 0.05) / (Math.min(x, y) + 0.05);
};

const kPairs: readonly (readonly [string, string])[] = [
  ['ink', 'paper'], ['ink', 'card'], ['ink-soft', 'paper'], ['ink-soft', 'card'], ['ink-soft', 'accent-wash'], ['ink', 'accent-wash'],
  ['accent', 'paper'], ['accent', 'card'], ['accent', 'accent-wash'], ['accent-ink', 'accent'],
  ['live', 'paper'], ['live', 'card'], ['live-ink', 'live'], ['on-air-ink', 'on-air'], ['idle-ink', 'idle'], ['amber', 'paper'], ['amber', 'card'], ['amber', 'amber-wash'], ['ink', 'amber-wash'],
  ['chalk', 'board'], ['chalk-soft', 'board'], ['chalk-amber', 'board'],
];

describe.each([['light', false], ['dark', true]] as const)('%s theme', (_, dark) => {
  const colour = colours(dark);
  it.each(kPairs)('%s on %s is readable', (text, ground) => {
    expect(contrast(colour.get(text) ?? '', colour.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });
  it.each(['accent', 'state-tv', 'state-late', 'state-package', 'state-excused', 'live'])('%s is seen as a bar on a card', (bar) => {
    expect(contrast(colour.get(bar) ?? '', colour.get('card') ?? '')).toBeGreaterThanOrEqual(3);
  });
});

describe('style sheets', () => {
  const sheets = readdirSync(fileURLToPath(new URL('../src/styles', import.meta.url))).map((name) => file(`styles/${name}`)).join('\n');
  it('name every colour they use', () => {
    const known = new Set([...tokens.matchAll(/--([\w-]+):/g)].map((match) => match[1]));
    const used = new Set([...sheets.matchAll(/var\(--([\w-]+)/g)].map((match) => match[1] ?? ''));
    expect([...used].filter((name) => !known.has(name) && name !== 'filled')).toEqual([]);
    expect([...known].filter((name) => !used.has(name ?? ''))).toEqual([]);
  });
  it('have no text below 16 px and ask nobody else', () => {
    const sizes = [...sheets.matchAll(/font(?:-size)?:[^;]*?(\d+)px/g)].map((match) => Number(match[1]));
    expect(Math.min(...sizes, 16)).toBe(16);
    expect(sheets).not.toMatch(/https?:|url\(/);
  });
});
