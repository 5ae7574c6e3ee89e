import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import ts from 'typescript';
import { describe, expect, it } from 'vitest';

import en from '../src/i18n/common.en.json';
import { chooseLanguage, translator } from '../src/i18n/i18n';
import '../src/i18n/studio';
import enBetween from '../src/i18n/between.en.json';
import zhBetween from '../src/i18n/between.zh-CN.json';
import enCompany from '../src/i18n/company.en.json';
import zhCompany from '../src/i18n/company.zh-CN.json';
import enCorrect from '../src/i18n/correct.en.json';
import zhCorrect from '../src/i18n/correct.zh-CN.json';
import enCrowd from '../src/i18n/crowd.en.json';
import zhCrowd from '../src/i18n/crowd.zh-CN.json';
import enDesk from '../src/i18n/desk.en.json';
import zhDesk from '../src/i18n/desk.zh-CN.json';
import enDuty from '../src/i18n/duty.en.json';
import zhDuty from '../src/i18n/duty.zh-CN.json';
import enFamily from '../src/i18n/family.en.json';
import zhFamily from '../src/i18n/family.zh-CN.json';
import enAbsent from '../src/i18n/absent.en.json';
import zhAbsent from '../src/i18n/absent.zh-CN.json';
import enGroup from '../src/i18n/group.en.json';
import zhGroup from '../src/i18n/group.zh-CN.json';
import enHome from '../src/i18n/home.en.json';
import enInspect from '../src/i18n/inspect.en.json';
import zhInspect from '../src/i18n/inspect.zh-CN.json';
import enNotes from '../src/i18n/notes.en.json';
import zhNotes from '../src/i18n/notes.zh-CN.json';
import enOffice from '../src/i18n/office.en.json';
import zhOffice from '../src/i18n/office.zh-CN.json';
import enOutputs from '../src/i18n/outputs.en.json';
import zhOutputs from '../src/i18n/outputs.zh-CN.json';
import enPlans from '../src/i18n/plans.en.json';
import enRetention from '../src/i18n/retention.en.json';
import zhRetention from '../src/i18n/retention.zh-CN.json';
import enRooms from '../src/i18n/rooms.en.json';
import zhPlans from '../src/i18n/plans.zh-CN.json';
import zhRooms from '../src/i18n/rooms.zh-CN.json';
import enStudio from '../src/i18n/studio.en.json';
import zhHome from '../src/i18n/home.zh-CN.json';
import zhStudio from '../src/i18n/studio.zh-CN.json';
import enSay from '../src/i18n/say.en.json';
import zhSay from '../src/i18n/say.zh-CN.json';
import enTickets from '../src/i18n/tickets.en.json';
import zhTickets from '../src/i18n/tickets.zh-CN.json';
import enTimetable from '../src/i18n/timetable.en.json';
import zhTimetable from '../src/i18n/timetable.zh-CN.json';
import enTv from '../src/i18n/tv.en.json';
import zhTv from '../src/i18n/tv.zh-CN.json';
import zh from '../src/i18n/common.zh-CN.json';
import '../src/i18n/watch';
import enWatch from '../src/i18n/watch.en.json';
import zhWatch from '../src/i18n/watch.zh-CN.json';

const kSource = fileURLToPath(new URL('../src', import.meta.url));

function flatten(value: object, path = ''): Map<string, string> {
  const flat = new Map<string, string>();
  for (const [name, inner] of Object.entries(value) as [string, unknown][]) {
    if (typeof inner === 'string') flat.set(path + name, inner);
    else if (typeof inner === 'object' && inner !== null) flatten(inner, `${path}${name}.`).forEach((text, key) => flat.set(key, text));
  }
  return flat;
}

function sources(): { name: string; file: ts.SourceFile }[] {
  return readdirSync(kSource, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => ({
      name,
      file: ts.createSourceFile(name, readFileSync(join(kSource, name), 'utf8'), ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX),
    }));
}

function each(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => each(child, visit));
}

describe('house rules', () => {
  it('no any, no "!", no default exports, no innerHTML', () => {
    const broken: string[] = [];
    for (const { name, file } of sources()) {
      each(file, (node) => {
        const wrong =
          node.kind === ts.SyntaxKind.AnyKeyword ||
          ts.isNonNullExpression(node) ||
          node.kind === ts.SyntaxKind.DefaultKeyword && node.parent.kind !== ts.SyntaxKind.DefaultClause ||
          (ts.isIdentifier(node) && /^(innerHTML|outerHTML|dangerouslySetInnerHTML|insertAdjacentHTML)$/.test(node.text));
        if (wrong) broken.push(`${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${node.getText()}`);
      });
    }
    expect(broken).toEqual([]);
  });
});

const chinese = flatten({ ...zh, ...zhAbsent, ...zhGroup, ...zhHome, ...zhWatch, ...zhStudio, ...zhCorrect, ...zhCrowd, ...zhDesk, ...zhDuty, ...zhFamily, ...zhTickets, ...zhBetween, ...zhCompany, ...zhInspect, ...zhNotes, ...zhOffice, ...zhOutputs, ...zhPlans, ...zhRetention, ...zhRooms, ...zhSay, ...zhTimetable, ...zhTv });
const english = flatten({ ...en, ...enAbsent, ...enGroup, ...enHome, ...enWatch, ...enStudio, ...enCorrect, ...enCrowd, ...enDesk, ...enDuty, ...enFamily, ...enTickets, ...enBetween, ...enCompany, ...enInspect, ...enNotes, ...enOffice, ...enOutputs, ...enPlans, ...enRetention, ...enRooms, ...enSay, ...enTimetable, ...enTv });
const variables = (text: string | undefined): string[] => [...(text ?? '').matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();

describe('texts', () => {
  it('has every key in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });
  it('has no empty text and the same variables in both', () => {
    for (const [key, text] of chinese) {
      expect(text, key).not.toBe('');
      expect(english.get(key), key).not.toBe('');
      expect(variables(english.get(key)), key).toEqual(variables(text));
    }
  });
  it('is all used', () => {
    const code = sources().map(({ file }) => file.text).join('\n');
    expect([...chinese.keys()].filter((key) => !code.includes(`'${key}'`))).toEqual([]);
  });
  it('is the only place with words: no raw strings in code', () => {
    const raw: string[] = [];
    for (const { name, file } of sources()) {
      each(file, (node) => {
        const spot = (): string => `${name}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
        if (ts.isJsxText(node) && /[\p{L}]/u.test(node.text)) raw.push(`${spot()} ${node.text.trim()}`);
        if ((ts.isStringLiteralLike(node) || ts.isTemplateHead(node)) && /[\u2e80-\u9fff\uff00-\uffef]/.test(node.text)) {
          raw.push(`${spot()} ${node.text}`);
        }
        if (ts.isJsxAttribute(node) && /^(title|alt|aria-label|placeholder)$/.test(node.name.getText()) && node.initializer && ts.isStringLiteral(node.initializer)) {
          raw.push(`${spot()} ${node.getText()}`);
        }
      });
    }
    expect(raw).toEqual([]);
  });
  it('fills in values', () => {
    expect(translator('zh-CN')('studio.health', { rate: '420 kbps', sound: '声音正常', picture: '画面已降低' })).toBe('上行 420 kbps，声音正常，画面已降低');
    expect(translator('zh-CN')('watch.seconds', { n: 12 })).toBe('12 秒');
    expect(translator('en')('watch.behind', { time: translator('en')('watch.seconds', { n: 12 }) })).toBe('12 s behind');
  });
});

describe('chooseLanguage', () => {
  it.each([
    [null, ['zh-CN', 'en'], 'zh-CN'],
    [null, ['zh-TW'], 'zh-CN'],
    [null, ['en-US', 'zh-CN'], 'en'],
    [null, ['fr-FR', 'zh-Hans'], 'zh-CN'],
    [null, ['fr-FR'], 'en'],
    [null, [], 'zh-CN'],
    ['en', ['zh-CN'], 'en'],
    ['zh-CN', ['en'], 'zh-CN'],
    ['xx', ['en'], 'en'],
  ] as const)('stored %s, browser %s', (stored, wanted, expected) => {
    expect(chooseLanguage(stored, wanted)).toBe(expected);
  });
});
