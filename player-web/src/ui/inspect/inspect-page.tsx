import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Look as Begun } from '../../core/inspect/decode';
import { type Key, useI18n } from '../../i18n/i18n';
import { useHash } from '../hooks';
import { type Inside, SignedIn } from '../office/signed-in';
import { useLater } from '../use-later';
import { DrawPage } from './draw-page';
import { RecordPage } from './record-page';
import { RecordsPage } from './records-page';

type Place = 'draw' | 'records';
const kTexts: Readonly<Record<Place, Key>> = { draw: 'inspect.nav_draw', records: 'inspect.nav_records' };

/** Where on the page this is, kept in the address: "#/draw", "#/records", "#/records/<id>". */
function usePlace(places: readonly Place[]): { readonly place: Place; readonly detail: string | null } {
  const hash = useHash();
  const found = /^#\/(\w+)(?:\/(\w+))?$/.exec(hash);
  const place = places.find((one) => one === found?.[1]) ?? places[0] ?? 'records';
  return { place, detail: place === found?.[1] ? (found?.[2] ?? null) : null };
}

/** The lesson that is looked at; its player comes after the page. */
function LookSlot(props: { readonly look: Begun; readonly onBack: () => void; readonly onSigned: (id: string) => void }): JSX.Element {
  const { t } = useI18n();
  const part = useLater(() => import('./look'));
  return part === null ? (
    <p class="list__end" role="status">
      {t('inspect.loading')}
    </p>
  ) : (
    <part.Look {...props} />
  );
}

function Shell({ session, onSignOut }: Inside): JSX.Element {
  const { t } = useI18n();
  const places: readonly Place[] = session.may.indexOf('draw') >= 0 ? ['draw', 'records'] : ['records'];
  const { place, detail } = usePlace(places);
  const [look, setLook] = useState<Begun | null>(null);
  if (look !== null) {
    const signed = (id: string): void => {
      location.hash = `#/records/${id}`;
      setLook(null);
    };
    return <LookSlot look={look} onBack={() => setLook(null)} onSigned={signed} />;
  }
  return (
    <main class="office">
      <div class="office__head">
        <p class="office__who">
          <b>{session.school?.name ?? t('inspect.district')}</b> {session.name}
        </p>
        <button type="button" class="link" onClick={onSignOut}>
          {t('office.sign_out')}
        </button>
      </div>
      <nav class="office__nav" aria-label={t('inspect.nav')}>
        {places.map((one) => (
          <a key={one} href={`#/${one}`} aria-current={one === place ? 'page' : undefined}>
            {t(kTexts[one])}
          </a>
        ))}
      </nav>
      {place === 'draw' && <DrawPage onLook={setLook} />}
      {place === 'records' && (detail === null ? <RecordsPage onLook={setLook} /> : <RecordPage key={detail} id={detail} />)}
    </main>
  );
}

export function InspectPage(): JSX.Element {
  const { t } = useI18n();
  return (
    <SignedIn title={t('inspect.page')} text={t('inspect.sign_in_text')}>
      {(inside) => <Shell {...inside} />}
    </SignedIn>
  );
}
