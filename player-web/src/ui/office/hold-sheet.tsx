import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { decodeHold, type Hold, isOwnWish, standingOf } from '../../core/office/recordings';
import { useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { useCall, useDesk } from './use-call';

interface HoldSheetProps {
  readonly lesson: { readonly id: string; readonly title: string };
  readonly hold: Hold | undefined;
  readonly onChanged: () => void;
  readonly onClose: () => void;
}

/** Keeping a lesson beyond its term, or letting it go: two persons each. */
export function HoldSheet({ lesson, hold, onChanged, onClose }: HoldSheetProps): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const [reason, setReason] = useState('');
  const [trouble, setTrouble] = useState('');
  const path = `/api/v1/lessons/${lesson.id}/hold`;
  const standing = standingOf(hold);
  const waits = hold !== undefined && isOwnWish(hold, session.id) && (standing === 'asked' || standing === 'leaving');
  const send = (set: boolean, why: string): void =>
    call({ method: set ? 'PUT' : 'DELETE', path, ...(set ? { json: { reason: why } } : {}), decode: decodeHold }, (reply) => {
      if (reply.kind !== 'ok') return setTrouble(reply.kind === 'refused' && reply.code === 'conflict' ? t('office.hold_second') : t('office.lesson_failed'));
      onChanged();
      return onClose();
    });
  return (
    <Sheet title={t('office.hold_of', { title: lesson.title })} closeText={t('office.cancel')} onClose={onClose}>
      <p class="sheet__text">{t('office.hold_text')}</p>
      {hold !== undefined && (
        <p class="sheet__text">
          {t('office.hold_why', { reason: hold.reason })} {hold.askedBy !== null && t('office.hold_by', { name: hold.askedBy.name })} {hold.approvedBy !== null && t('office.hold_agreed', { name: hold.approvedBy.name })}{' '}
          {hold.releaseBy !== null && t('office.hold_release_by', { name: hold.releaseBy.name })}
        </p>
      )}
      {waits && <p class="sheet__text sheet__text--soft">{t('office.hold_second')}</p>}
      {standing === 'free' && (
        <p class="entry">
          <label for="reason">{t('office.hold_reason')}</label>
          <input id="reason" class="entry__line" type="text" maxLength={100} value={reason} onInput={(event) => setReason(event.currentTarget.value)} />
        </p>
      )}
      {standing === 'free' && (
        <button type="button" class="button button--primary sheet__do" disabled={reason.trim() === ''} onClick={() => send(true, reason.trim())}>
          {t('office.hold_ask')}
        </button>
      )}
      {standing === 'asked' && !waits && (
        <button type="button" class="button button--primary sheet__do" onClick={() => send(true, hold?.reason ?? '')}>
          {t('office.hold_agree')}
        </button>
      )}
      {standing !== 'free' && !(standing === 'leaving' && waits) && (
        <button type="button" class="button sheet__do" onClick={() => send(false, '')}>
          {standing === 'leaving' ? t('office.hold_release_agree') : t('office.hold_release')}
        </button>
      )}
      <p class="door__trouble" role="alert">
        {trouble}
      </p>
    </Sheet>
  );
}
