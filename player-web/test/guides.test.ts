import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

// A guide that names a button names it as the page does: whoever reads it looks for that very word.

const kTexts = fileURLToPath(new URL('../src/i18n', import.meta.url));
const kGuides = fileURLToPath(new URL('../../docs/guide', import.meta.url));

function leaves(value: unknown): string[] {
  return typeof value === 'string' ? [value] : Object.values(value as object).flatMap(leaves);
}
function pageTexts(language: string): string {
  const files = readdirSync(kTexts).filter((name) => name.endsWith(`.${language}.json`));
  return files.flatMap((name) => leaves(JSON.parse(readFileSync(`${kTexts}/${name}`, 'utf8')))).join('\n');
}
/** What stands in quotation marks, but in pictures and commands. */
function quoted(text: string): string[] {
  const plain = text.replace(/<img[^>]*>|```[^]*?```|`[^`]*`/g, '').replace(/\s+/g, ' ');
  return [...plain.matchAll(/“([^”]+)”|"([^"]+)"/g)].map((match) => match[1] ?? match[2] ?? '');
}

describe.each([
  ['zh', 'zh-CN'],
  ['en', 'en'],
])('guides in %s', (folder, language) => {
  const texts = pageTexts(language);
  it.each(readdirSync(`${kGuides}/${folder}`))('%s quotes what the pages say', (name) => {
    const strange = quoted(readFileSync(`${kGuides}/${folder}/${name}`, 'utf8')).filter((words) => !texts.includes(words));
    expect(strange).toEqual([]);
  });
});
