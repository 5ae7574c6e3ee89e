import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import type { Answer } from '../../core/ask';
import { fetchHandover, type Handover, handOver, takeBack } from '../../core/studio/handover';
import type { Phase } from '../../core/studio/state';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Sheet } from '../sheet';

interface Door {
  readonly link: string;
  /** The lead is another one now. */
  readonly onDone: () => void;
}

interface Change {
  readonly busy: boolean;
  readonly failed: boolean;
  readonly run: (ask: (life: AbortSignal) => Promise<Answer<Handover>>) => void;
}

/** Changes who leads; what is asked ends with the page's part that asked. */
function useChange(onDone: () => void): Change {
  const [step, setStep] = useState<'idle' | 'busy' | 'failed'>('idle');
  const life = useRef(new AbortController());
  useEffect(() => () => life.current.abort(), []);
  const run: Change['run'] = (ask) => {
    setStep('busy');
    void ask(life.current.signal).then((answer) => {
      if (life.current.signal.aborted) return;
      setStep(answer.kind === 'ok' ? 'idle' : 'failed');
      if (answer.kind === 'ok') onDone();
    });
  };
  return { busy: step === 'busy', failed: step === 'failed', run };
}

/** Whom to give the lesson to. */
export function HandoverSheet({ link, onDone, onClose }: Door & { readonly onClose: () => void }): JSX.Element {
  const { t } = useI18n();
  const { busy, failed, run } = useChange(onDone);
  const [asked, setAsked] = useState(0);
  const [found, setFound] = useState<Handover | 'loading' | 'offline'>('loading');
  useEffect(() => {
    const life = new AbortController();
    setFound('loading');
    void fetchHandover(link, life.signal).then((answer) => !life.signal.aborted && setFound(answer.kind === 'ok' ? answer.value : 'offline'));
    return () => life.abort();
  }, [link, asked]);
  return (
    <Sheet title={t('studio.handover_title')} onClose={onClose}>
      <div role="status">
        {found === 'loading' && (
          <p class="sheet__text">
            <span class="spinner" /> {t('studio.handover_loading')}
          </p>
        )}
        {found === 'offline' && <p class="sheet__text">{t('studio.handover_offline')}</p>}
      </div>
      {found === 'offline' && (
        <button type="button" class="button sheet__do" onClick={() => setAsked(asked + 1)}>
          {t('studio.handover_retry')}
        </button>
      )}
      {typeof found === 'object' && (
        <>
          <p class="sheet__text">{found.colleagues.length > 0 ? t('studio.handover_text') : t('studio.handover_none')}</p>
          {found.colleagues.map(({ id, name, rooms }) => (
            <button key={id} type="button" class="button sheet__do colleague" disabled={busy} onClick={() => run((life) => handOver(link, id, life))}>
              <Icon name="people" size={20} />
              <span>
                {t('studio.handover_to', { name })}
                {rooms.length > 0 && <small class="colleague__rooms">{rooms.join(' ')}</small>}
              </span>
            </button>
          ))}
        </>
      )}
      <p class="studio__warning" role="alert">
        {failed && t('studio.handover_failed')}
      </p>
    </Sheet>
  );
}

/** The lesson is another teacher's: whether she has begun, and the way to take it back. */
export function HandedOver({ link, name, phase, onDone }: Door & { readonly name: string; readonly phase: Phase }): JSX.Element {
  const { t } = useI18n();
  const { busy, failed, run } = useChange(onDone);
  const words = phase.kind === 'superseded' ? 'studio.handed_teaches' : phase.kind === 'before' ? 'studio.handed_before' : 'studio.handed_waiting';
  return (
    <section class="card handed" role="status">
      <h2 class="bell__title">{t('studio.handed_title', { name })}</h2>
      <p class="bell__hint">{t(words, { name })}</p>
      {failed && <p class="studio__warning">{t('studio.handover_failed')}</p>}
      <button type="button" class="button" disabled={busy} onClick={() => run((life) => takeBack(link, life))}>
        <Icon name="turn" size={20} />
        {t('studio.handed_back')}
      </button>
    </section>
  );
}
