import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { digits, isOnTv, putOnTv, spoken, takeOffTv } from '../../core/tv';
import { useI18n } from '../../i18n/i18n';
import type { Cast } from '../../media/cast';
import { Sheet } from '../sheet';

interface TvSheetProps {
  readonly token: string;
  /** A television that the phone itself can reach. */
  readonly cast: Cast | null;
  /** The lesson plays on the television now: two voices help nobody. */
  readonly onPut: () => void;
  readonly onClose: () => void;
}

/** The lesson on a larger screen: by the phone's own means, or by the six digits that /tv shows. */
export function TvSheet({ token, cast, onPut, onClose }: TvSheetProps): JSX.Element {
  const { t } = useI18n();
  const [typed, setTyped] = useState('');
  const [paired, setPaired] = useState(false);
  const [words, setWords] = useState('');
  const [life] = useState(() => new AbortController());
  useEffect(() => {
    void isOnTv(token, life.signal).then((answer) => answer.kind === 'ok' && setPaired(answer.value));
    return () => life.abort();
  }, []);
  const code = digits(typed);
  const put = (): void => {
    if (code === null) return;
    setWords(t('company.tv_sending'));
    void putOnTv(token, code, life.signal).then((answer) => {
      if (life.signal.aborted) return;
      setTyped('');
      setPaired(answer.kind === 'ok');
      setWords(answer.kind === 'ok' ? '' : answer.kind === 'missing' ? t('company.tv_wrong') : t('company.tv_failed'));
      if (answer.kind === 'ok') onPut();
    });
  };
  const takeOff = (): void => {
    void takeOffTv(token, life.signal).then((answer) => {
      if (life.signal.aborted) return;
      setPaired(answer.kind !== 'ok');
      setWords(answer.kind === 'ok' ? t('company.tv_off') : t('company.tv_failed'));
    });
  };
  return (
    <Sheet title={t('company.tv_title')} onClose={onClose}>
      {cast !== null && (
        <button type="button" class="button sheet__do" onClick={() => cast.prompt()}>
          {t('company.tv_cast')}
        </button>
      )}
      {paired ? (
        <div class="more__part">
          <p>{t('company.tv_on')}</p>
          <button type="button" class="button sheet__do" onClick={takeOff}>
            {t('company.tv_stop')}
          </button>
        </div>
      ) : (
        <div class="more__part">
          <p class="more__text">{t('company.tv_text', { address: `${location.host}/tv` })}</p>
          <div class="more__row">
            <input
              class="field field--code"
              type="text"
              inputMode="numeric"
              autocomplete="off"
              data-keys="own"
              maxLength={9}
              value={typed}
              aria-label={t('company.tv_code')}
              placeholder={spoken('482913')}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
            <button type="button" class="button" disabled={code === null} onClick={put}>
              {t('company.tv_put')}
            </button>
          </div>
        </div>
      )}
      <p class="sheet__text more__text" role="status">
        {words}
      </p>
    </Sheet>
  );
}
