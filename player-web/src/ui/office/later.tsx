import type { FunctionComponent, JSX } from 'preact';

import { useI18n } from '../../i18n/i18n';
import { useLater } from '../use-later';

/** A page of the office that comes after its shell. */
export function later<P extends object>(load: () => Promise<FunctionComponent<P>>): FunctionComponent<P> {
  return function Later(props: P): JSX.Element {
    const { t } = useI18n();
    // A function would be called by the state that it is put in.
    const part = useLater(() => load().then((Page) => ({ Page })));
    return part === null ? (
      <p class="list__end" role="status">
        {t('office.loading')}
      </p>
    ) : (
      <part.Page {...props} />
    );
  };
}
