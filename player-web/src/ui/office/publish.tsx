import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { decodeFindings } from '../../core/office/timetable';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { useCall } from './use-call';

interface PublishProps {
  readonly onChanged: () => void;
  /** Rules stand in the way. */
  readonly onRefused: () => void;
}

/** Publishing is all or nothing, asked twice, and can be taken back. */
export function Publish({ onChanged, onRefused }: PublishProps): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [asking, setAsking] = useState<'publish' | 'undo' | null>(null);
  const [said, setSaid] = useState<{ readonly ok: boolean; readonly words: string } | null>(null);
  const publish = (): void => {
    setAsking(null);
    call({ method: 'POST', path: '/api/v1/timetable/publish', decode: decodeFindings }, (reply) => {
      if (reply.kind === 'ok') {
        setSaid({ ok: true, words: reply.value.sheets > 0 ? t('timetable.publish_done', { n: reply.value.sheets }) : t('timetable.publish_same') });
        onChanged();
      } else if (reply.kind === 'refused') {
        setSaid({ ok: false, words: t('timetable.publish_refused') });
        onRefused();
      } else {
        setSaid({ ok: false, words: t('office.lesson_failed') });
      }
    });
  };
  const undo = (): void => {
    setAsking(null);
    call({ method: 'POST', path: '/api/v1/timetable/undo', decode: () => null }, (reply) => {
      const ok = reply.kind === 'ok';
      setSaid({ ok, words: ok ? t('timetable.undo_done') : reply.kind === 'refused' ? t('timetable.undo_none') : t('office.lesson_failed') });
      if (ok) onChanged();
    });
  };
  return (
    <>
      <button type="button" class="button button--primary" onClick={() => setAsking('publish')}>
        {t('timetable.publish')}
      </button>
      <button type="button" class="button" onClick={() => setAsking('undo')}>
        {t('timetable.undo')}
      </button>
      <span class={said?.ok === false ? 'door__trouble' : 'office__fine'} role="status">
        {said?.words}
      </span>
      {asking !== null && (
        <Sheet title={asking === 'publish' ? t('timetable.publish_ask') : t('timetable.undo_ask')} closeText={t('office.cancel')} onClose={() => setAsking(null)}>
          <button type="button" class="button button--primary sheet__do" onClick={asking === 'publish' ? publish : undo}>
            {asking === 'publish' ? t('timetable.publish') : t('timetable.undo')}
          </button>
        </Sheet>
      )}
    </>
  );
}
