import { createInstance } from 'i18next';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

import en from './common.en.json';
import zh from './common.zh-CN.json';
import type home from './home.zh-CN.json';
import type studio from './studio.zh-CN.json';
import type watch from './watch.zh-CN.json';

export type Language = 'zh-CN' | 'en';

type Leaves<T, P extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${P}${K}` : Leaves<T[K], `${P}${K}.`>;
}[keyof T & string];

/** Every text of the pages; a key that is not in the Chinese texts does not compile. */
export type Key = Leaves<typeof zh> | Leaves<typeof home> | Leaves<typeof watch> | Leaves<typeof studio>;
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

const i18n = createInstance();
void i18n.init({
  initImmediate: false,
  fallbackLng: 'zh-CN',
  resources: { 'zh-CN': { translation: zh }, en: { translation: en } },
  interpolation: { escapeValue: false }, // Preact escapes
});

/** A page's own texts, beside those all pages share. */
export function addTexts(texts: Readonly<Record<Language, object>>): void {
  Object.entries(texts).forEach(([language, more]) => i18n.addResourceBundle(language, 'translation', more, true));
}

export function translator(language: Language): Translate {
  const t = i18n.getFixedT(language);
  return (key, values) => t(key, values ?? {});
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
