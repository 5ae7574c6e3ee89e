import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import type { SchoolClass } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { qrPath, type QrPath } from '../../media/qr';
import { className } from './class-name';

/** One page of A4 for the wall or a group: the way to the home page, from where each phone finds its
 *  own family's page. Links to lessons are one family's each, and are not on it. */
export function ClassPoster({ of, onClose }: { of: SchoolClass; onClose: () => void }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const address = `${location.origin}/`;
  const [code, setCode] = useState<QrPath | null>(null);
  useEffect(() => {
    let here = true;
    document.body.classList.add('prints-poster');
    qrPath(address).then(
      (made) => here && setCode(made),
      () => undefined, // the address below is left
    );
    return () => {
      here = false;
      document.body.classList.remove('prints-poster');
    };
  }, []);
  return (
    <>
      <p class="office__text">{t('group.poster_text')}</p>
      <p class="office__do">
        <button type="button" class="button button--primary" onClick={() => print()}>
          {t('group.poster_print')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t('group.poster_back')}
        </button>
      </p>
      <article class="poster">
        <h2>{className(i18n, of)}</h2>
        <p class="poster__title">{t('group.poster_title')}</p>
        {code !== null && (
          <svg class="poster__code" viewBox={`0 0 ${code.size} ${code.size}`} role="img" aria-label={t('group.poster_code')} shape-rendering="crispEdges">
            <path d={code.path} />
          </svg>
        )}
        <p class="poster__address">{address}</p>
        <ol>
          <li>{t('group.poster_1')}</li>
          <li>{t('group.poster_2')}</li>
          <li>{t('group.poster_3')}</li>
        </ol>
        <p class="poster__free">{t('group.poster_free')}</p>
      </article>
    </>
  );
}
