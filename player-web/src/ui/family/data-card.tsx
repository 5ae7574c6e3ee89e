import type { JSX } from 'preact';
import { useContext, useState } from 'preact/hooks';

import type { Child } from '../../core/family/decode';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { later } from '../office/later';
import { Sheet } from '../sheet';
import { LinkContext, useAsk } from './use-ask';

const CorrectForm = later(() => import('../correct/correct-form').then((part) => part.CorrectForm));

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

interface DataCardProps {
  readonly child: Child;
  readonly onCorrected: (name: string) => void;
  readonly onErased: () => void;
}

/** A family's rights to what is kept of its child: to put it right, to take it along, to have it deleted. */
export function DataCard({ child, onCorrected, onErased }: DataCardProps): JSX.Element {
  const { t } = useI18n();
  const ask = useAsk();
  const link = useContext(LinkContext);
  const [doing, setDoing] = useState<'correct' | 'erase' | null>(null);
  const close = (): void => setDoing(null);
  return (
    <section class="card family__card" aria-label={t('family.data')}>
      <h2>{t('family.data')}</h2>
      <p class="family__soft">{t('family.data_text')}</p>
      {doing === 'correct' ? (
        <CorrectForm child={child.id} ask={ask} classes={null} seesAccesses onSaved={({ name }) => onCorrected(name)} onClose={close} />
      ) : (
        <button type="button" class="button family__do" onClick={() => setDoing('correct')}>
          <Icon name="note" size={20} />
          {t('family.correct')}
        </button>
      )}
      {/* An address, not a file made here: WeChat's browser saves only what a server answers. */}
      <a class="button family__do" href={`/api/v1/links/${encodeURIComponent(link)}/pupils/${child.id}/export`} download>
        <Icon name="download" size={20} />
        {t('family.take')}
      </a>
      <p class="family__soft">{t('family.taken')}</p>
      <button type="button" class="link family__erase" onClick={() => setDoing('erase')}>
        {t('family.erase')}
      </button>
      {doing === 'erase' && (
        <EraseSheet
          child={child}
          onKeep={close}
          onErased={() => {
            close();
            onErased();
          }}
        />
      )}
    </section>
  );
}
