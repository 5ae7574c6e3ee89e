import { kDesktop, kPhone, kTelevision, type View } from './browser';

/** Every size, in both languages and both themes: what screenshots are made of. */
export const kViews: Readonly<Record<string, View>> = {
  phone: kPhone,
  'phone-en-dark': { ...kPhone, locale: 'en-US', dark: true },
  desktop: kDesktop,
  'desktop-en-dark': { ...kDesktop, locale: 'en-US', dark: true },
  tv: kTelevision,
  'tv-en-dark': { ...kTelevision, locale: 'en-US', dark: true },
};
