import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { type Draft, isWhole, keepDraft, kForm, recallDraft } from '../../core/inspect/form';
import { type Check, decodeCheck } from '../../core/inspect/decode';
import { useI18n } from '../../i18n/i18n';
import { useCall } from '../office/use-call';
import { kItems, markWords } from './words';

/** Marks and words, and the signature under them. */
export function RecordForm({ check, onSigned }: { check: Check; onSigned: (id: string) => void }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [draft, setDraft] = useState<Draft>(() => recallDraft(check.id));
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const change = (now: Draft): void => {
    setDraft(now);
    keepDraft(check.id, now);
  };
  const sign = (event: Event): void => {
    event.preventDefault();
    if (!isWhole(draft) || busy) return;
    setBusy(true);
    setFailed(false);
    call({ method: 'POST', path: `/api/v1/inspection/checks/${check.id}/sign`, json: draft, decode: decodeCheck }, (reply) => {
      setBusy(false);
      if (reply.kind !== 'ok') return setFailed(true);
      keepDraft(check.id, null);
      return onSigned(check.id);
    });
  };
  return (
    <form class="card office__card" onSubmit={sign}>
      <h2>{t('inspect.form')}</h2>
      {kForm.map(([item, marks]) => (
        <div key={item} class="inspect__choices" role="radiogroup" aria-label={t(kItems[item])}>
          <span aria-hidden="true">{t(kItems[item])}</span>
          {marks.map((mark) => (
            <button key={mark} type="button" class="chip" role="radio" aria-checked={draft.marks[item] === mark} onClick={() => change({ ...draft, marks: { ...draft.marks, [item]: mark } })}>
              {markWords(t, item, mark)}
            </button>
          ))}
        </div>
      ))}
      <p class="entry">
        <label for="remark">{t('inspect.remark')}</label>
        <textarea id="remark" class="entry__line inspect__remark" rows={4} maxLength={600} value={draft.remark} onInput={(event) => change({ ...draft, remark: event.currentTarget.value })} />
      </p>
      <button type="submit" class="button button--primary inspect__do" disabled={!isWhole(draft) || busy}>
        {busy ? t('inspect.signing') : t('inspect.sign')}
      </button>
      <p class="inspect__soft">{t('inspect.sign_text')}</p>
      <p class="door__trouble" role="alert">
        {failed && t('inspect.sign_failed')}
      </p>
    </form>
  );
}
