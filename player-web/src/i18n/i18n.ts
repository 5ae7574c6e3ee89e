import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import en from './common.en.json';
import zh from './common.zh-CN.json';
import type absent from './absent.zh-CN.json';
import type between from './between.zh-CN.json';
import type channels from './channels.zh-CN.json';
import type company from './company.zh-CN.json';
import type correct from './correct.zh-CN.json';
import type crowd from './crowd.zh-CN.json';
import type desk from './desk.zh-CN.json';
import type duty from './duty.zh-CN.json';
import type family from './family.zh-CN.json';
import type group from './group.zh-CN.json';
import type home from './home.zh-CN.json';
import type inspect from './inspect.zh-CN.json';
import type notes from './notes.zh-CN.json';
import type office from './office.zh-CN.json';
import type outputs from './outputs.zh-CN.json';
import type plans from './plans.zh-CN.json';
import type retention from './retention.zh-CN.json';
import type rooms from './rooms.zh-CN.json';
import type say from './say.zh-CN.json';
import type studio from './studio.zh-CN.json';
import type tickets from './tickets.zh-CN.json';
import type timetable from './timetable.zh-CN.json';
import type tv from './tv.zh-CN.json';
import type watch from './watch.zh-CN.json';

export type Language = 'zh-CN' | 'en';

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

/** Every text of the pages; a key that is not in the Chinese texts does not compile. */
export type Key = Leaves<typeof zh> | Leaves<typeof absent> | Leaves<typeof between> | Leaves<typeof channels> | Leaves<typeof company> | Leaves<typeof correct> | Leaves<typeof crowd> | Leaves<typeof desk> | Leaves<typeof duty> | Leaves<typeof family> | Leaves<typeof group> | Leaves<typeof home> | Leaves<typeof inspect> | Leaves<typeof notes> | Leaves<typeof office> | Leaves<typeof outputs> | Leaves<typeof plans> | Leaves<typeof retention> | Leaves<typeof rooms> | Leaves<typeof say> | Leaves<typeof tickets> | Leaves<typeof timetable> | Leaves<typeof tv> | Leaves<typeof watch> | Leaves<typeof studio>;
export type Translate = (key: Key, values?: Readonly<Record<string, string | number>>) => string;

const kStored = 'tongke.language';

/** The remembered language, else the browser's: Chinese if it asks for any Chinese. */
export function chooseLanguage(stored: string | null, wanted: readonly string[]): Language {
  if (stored === 'zh-CN' || stored === 'en') return stored;
  const known = wanted.find((tag) => /^(zh|en)\b/i.test(tag));
  if (known === undefined) return wanted.length > 0 ? 'en' : 'zh-CN';
  return /^zh/i.test(known) ? 'zh-CN' : 'en';
}

/** Storage is refused in some private modes and WebViews; the page then just forgets. */
function remembered(): string | null {
  try {
    return localStorage.getItem(kStored);
  } catch {
    return null;
  }
}

export function rememberLanguage(language: Language): void {
  try {
    localStorage.setItem(kStored, language);
  } catch {
    // forgotten
  }
}

export function firstLanguage(): Language {
  return chooseLanguage(remembered(), navigator.languages ?? [navigator.language]);
}

/** By "page.name"; what a page's later parts bring is added. */
const kTexts: Readonly<Record<Language, Map<string, string>>> = { 'zh-CN': new Map(), en: new Map() };

function addAll(to: Map<string, string>, texts: object, path: string): void {
  Object.entries(texts).forEach(([name, text]: [string, unknown]) => {
    if (typeof text === 'string') to.set(path + name, text);
    else if (typeof text === 'object' && text !== null) addAll(to, text, `${path}${name}.`);
  });
}

/** A page's own texts, beside those all pages share. */
export function addTexts(texts: Readonly<Record<Language, object>>): void {
  addAll(kTexts['zh-CN'], texts['zh-CN'], '');
  addAll(kTexts.en, texts.en, '');
}
addTexts({ 'zh-CN': zh, en });

/** Puts values in the places of "{{name}}"; Preact escapes. */
export function translator(language: Language): Translate {
  return (key, values = {}) => {
    const text = kTexts[language].get(key) ?? kTexts['zh-CN'].get(key) ?? key;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => `${values[name] ?? ''}`);
  };
}

export interface I18n {
  readonly t: Translate;
  readonly language: Language;
  readonly setLanguage: (language: Language) => void;
}

export const I18nContext = createContext<I18n>({
  t: translator('zh-CN'),
  language: 'zh-CN',
  setLanguage: () => undefined,
});

export const useI18n = (): I18n => useContext(I18nContext);
