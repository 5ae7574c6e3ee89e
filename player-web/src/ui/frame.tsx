import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useMemo, useState } from 'preact/hooks';

import {
  firstLanguage,
  I18nContext,
  type I18n,
  type Language,
  rememberLanguage,
  translator,
  useI18n,
} from '../i18n/i18n';
import { Icon, Logo } from './icons';
import { applyTextSize, rememberedTextSize } from './text-size';

function Header(): JSX.Element {
  const { t, language, setLanguage } = useI18n();
  const other: Language = language === 'en' ? 'zh-CN' : 'en';
  return (
    <header class="bar">
      <a class="bar__brand" href="/">
        <Logo />
        <span>{t('common.brand')}</span>
      </a>
      <button type="button" class="bar__language" lang={other} onClick={() => setLanguage(other)}>
        <Icon name="language" size={20} />
        <span>{t('common.other_language')}</span>
      </button>
    </header>
  );
}

function Footer(): JSX.Element {
  const { t } = useI18n();
  return (
    <footer class="foot">
      <p>
        <strong>{t('common.free')}</strong> {t('common.free_more')}
      </p>
    </footer>
  );
}

/** What every page has around it: language, header, footer. */
export function Frame({ children }: { children: ComponentChildren }): JSX.Element {
  const [language, setLanguage] = useState<Language>(firstLanguage);
  const i18n = useMemo<I18n>(
    () => ({
      t: translator(language),
      language,
      setLanguage(next) {
        rememberLanguage(next);
        setLanguage(next);
      },
    }),
    [language],
  );
  useLayoutEffect(() => applyTextSize(rememberedTextSize()), []);
  useLayoutEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  return (
    <I18nContext.Provider value={i18n}>
      <Header />
      {children}
      <Footer />
    </I18nContext.Provider>
  );
}
