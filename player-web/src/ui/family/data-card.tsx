import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { Child } from '../../core/family/decode';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Sheet } from '../sheet';
import { useAsk } from './use-ask';

/** Hands a file to the browser. */
function keep(data: unknown, name: string): void {
  const address = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  document.body.appendChild(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

interface EraseProps {
  readonly child: Child;
  readonly onKeep: () => void;
  readonly onErased: () => void;
}

/** The second step: what goes and what stays, and that one knows it. */
function EraseSheet({ child, onKeep, onErased }: EraseProps): JSX.Element {
  const { t } = useI18n();
  const ask = useAsk();
  const [sure, setSure] = useState(false);
  const [state, setState] = useState<'open' | 'busy' | 'failed'>('open');
  const erase = (): void => {
    setState('busy');
    ask({ method: 'DELETE', path: `/api/v1/pupils/${child.id}`, decode: () => null }, (reply) => {
      if (reply.kind === 'ok' || reply.kind === 'missing') onErased();
      else setState('failed');
    });
  };
  return (
    <Sheet title={t('family.erase_title', { name: child.name })} closeText={t('family.erase_keep')} onClose={onKeep}>
      <ul class="family__what-goes">
        {(['family.erase_1', 'family.erase_2', 'family.erase_3', 'family.erase_4'] as const).map((key) => (
          <li key={key}>{t(key)}</li>
        ))}
      </ul>
      <label class="tick">
        <input type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />
        {t('family.erase_sure')}
      </label>
      <button type="button" class="button button--live sheet__do" disabled={!sure || state === 'busy'} onClick={erase}>
        {t(state === 'busy' ? 'family.erasing' : 'family.erase_do')}
      </button>
      <p class="door__trouble" role="alert">
        {state === 'failed' && t('family.erase_failed')}
      </p>
    </Sheet>
  );
}

type Take = 'open' | 'busy' | 'done' | 'failed';
const kTakes: Readonly<Record<Take, Key | null>> = { open: null, busy: null, done: 'family.taken', failed: 'family.take_failed' };

/** A family's rights to what is kept of its child. */
export function DataCard({ child, onErased }: { child: Child; onErased: () => void }): JSX.Element {
  const { t } = useI18n();
  const ask = useAsk();
  const [take, setTake] = useState<Take>('open');
  const [erasing, setErasing] = useState(false);
  const fetchAll = (): void => {
    setTake('busy');
    ask({ method: 'GET', path: `/api/v1/pupils/${child.id}/export`, decode: (value) => value }, (reply) => {
      if (reply.kind === 'ok') keep(reply.value, `tongke-${new Date().toISOString().slice(0, 10)}.json`);
      setTake(reply.kind === 'ok' ? 'done' : 'failed');
    });
  };
  const said = kTakes[take];
  return (
    <section class="card family__card" aria-label={t('family.data')}>
      <h2>{t('family.data')}</h2>
      <p class="family__soft">{t('family.data_text')}</p>
      <button type="button" class="button family__do" disabled={take === 'busy'} onClick={fetchAll}>
        <Icon name="download" size={20} />
        {t(take === 'busy' ? 'family.taking' : 'family.take')}
      </button>
      <p class={take === 'failed' ? 'door__trouble' : 'office__fine'} role="status">
        {said !== null && t(said)}
      </p>
      <button type="button" class="link family__erase" onClick={() => setErasing(true)}>
        {t('family.erase')}
      </button>
      {erasing && (
        <EraseSheet
          child={child}
          onKeep={() => setErasing(false)}
          onErased={() => {
            setErasing(false);
            onErased();
          }}
        />
      )}
    </section>
  );
}
