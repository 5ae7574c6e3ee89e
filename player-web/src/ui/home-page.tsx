import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { fetchAbout } from '../core/api';
import type { About } from '../core/decode';
import { backOff } from '../core/delay';
import { useI18n } from '../i18n/i18n';
import { HomePicture } from './home-picture';
import { Icon } from './icons';
import { familyLink } from './last-link';

const kMaxTries = 5;

/** The page is whole without this answer: it only adds the demo lesson and the version. */
function useAbout(): About | null {
  const [about, setAbout] = useState<About | null>(null);
  useEffect(() => {
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (tries: number): Promise<void> => {
      const answer = await fetchAbout(life.signal);
      if (life.signal.aborted) return;
      if (answer.kind === 'ok') setAbout(answer.value);
      if (answer.kind === 'failed' && tries < kMaxTries) {
        timer = setTimeout(() => void ask(tries + 1), backOff(tries, Math.random()));
      }
    };
    void ask(1);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, []);
  return about;
}

export function HomePage(): JSX.Element {
  const { t, language } = useI18n();
  const about = useAbout();
  const family = useMemo(familyLink, []);
  useEffect(() => {
    document.title = t('home.title');
  }, [t]);
  return (
    <main class="home">
      <section class="hero">
        <HomePicture />
        <div>
          <h1>{t('home.lead')}</h1>
          <p class="hero__intro">{t('home.intro')}</p>
          {family !== null && (
            <p class="hero__demo">
              <a class="button button--primary" href={`/family/${family}`}>
                <Icon name="people" />
                {t('home.family')}
              </a>
            </p>
          )}
          {about?.demo && (
            <p class="hero__demo">
              <a class="button button--primary" href={about.demo}>
                <Icon name="play" />
                {t('home.demo')}
              </a>
              <span class="hero__hint">{t('home.demo_hint')}</span>
            </p>
          )}
        </div>
      </section>
      <div class="cards">
        <section class="card card--main">
          <h2>{t('home.pupil_title')}</h2>
          <ol>
            <li>{t('home.pupil_1')}</li>
            <li>{t('home.pupil_2')}</li>
            <li>{t('home.pupil_3')}</li>
          </ol>
          <p class="card__note">{t('home.pupil_none')}</p>
        </section>
        <section class="card">
          <h2>{t('home.teacher_title')}</h2>
          <ol>
            <li>{t('home.teacher_1')}</li>
            <li>{t('home.teacher_2')}</li>
            <li>{t('home.teacher_3')}</li>
          </ol>
        </section>
        <section class="card">
          <h2>{t('home.save_title')}</h2>
          <p>{t('home.save')}</p>
        </section>
        <section class="card">
          <h2>{t('home.keeper_title')}</h2>
          <p>{t('home.keeper_1')}</p>
          <pre tabIndex={0}>
            <code>
              {`tongke lesson create --title "${t('home.keeper_example')}"\ntongke link --lesson ID --role pupil --count 42`}
            </code>
          </pre>
          <p>{t('home.keeper_2')}</p>
        </section>
      </div>
      <nav class="doors" aria-label={t('home.doors')}>
        <a class="button" href="/office">
          {t('home.door_office')}
        </a>
        <a class="button" href="/inspect">
          {t('home.door_inspect')}
        </a>
        <a class="button" href="/tv">
          {t('home.door_tv')}
        </a>
      </nav>
      <section class="other" lang={language === 'en' ? 'zh-CN' : 'en'}>
        <h2>{t('home.other_title')}</h2>
        <p>{t('home.other')}</p>
      </section>
      {about && <p class="version">{t('home.version', { version: about.version })}</p>}
    </main>
  );
}
