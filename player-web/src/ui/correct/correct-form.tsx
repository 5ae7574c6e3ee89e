import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { decodeRow, type Draft, isName, kConditions, patchOf, type Row } from '../../core/correct';
import type { Question, Reply } from '../../core/office/call';
import { type Key, useI18n } from '../../i18n/i18n';
import { Field } from '../office/field';
import { Accesses } from './accesses';
import { kConditionTexts } from './conditions';

export type Ask = <T>(question: Question<T>, answered: (reply: Reply<T>) => void) => void;

interface CorrectFormProps {
  readonly child: string;
  readonly ask: Ask;
  /** What only the school's office changes; null: who asks may not. */
  readonly classes: readonly { readonly id: string; readonly name: string }[] | null;
  /** Who looked at the child's data is shown as well. */
  readonly seesAccesses: boolean;
  readonly onSaved: (row: Row) => void;
  readonly onClose: () => void;
}

type Trouble = 'name' | 'same' | 'changed' | 'failed' | null;
const kTroubles: Readonly<Record<Exclude<Trouble, null>, Key>> = {
  name: 'correct.trouble_name',
  same: 'correct.trouble_same',
  changed: 'correct.trouble_changed',
  failed: 'correct.trouble_failed',
};

interface ChooseProps<T extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: T;
  readonly all: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

function Choose<T extends string>({ id, label, value, all, onChoose }: ChooseProps<T>): JSX.Element {
  return (
    <p class="entry">
      <label for={id}>{label}</label>
      <select id={id} class="entry__line" value={value} onChange={({ currentTarget }) => onChoose(all.find(([one]) => one === currentTarget.value)?.[0] ?? value)}>
        {all.map(([one, words]) => (
          <option key={one} value={one}>
            {words}
          </option>
        ))}
      </select>
    </p>
  );
}

function Fields({ row, draft, classes, onDraft }: { row: Row; draft: Draft; classes: CorrectFormProps['classes']; onDraft: (draft: Draft) => void }): JSX.Element {
  const { t } = useI18n();
  return (
    <>
      <Field id="correct-name" label={t('correct.name')} type="text" autocomplete="off" value={draft.name} onInput={(name) => onDraft({ ...draft, name })} />
      <Choose id="correct-condition" label={t('correct.condition')} value={draft.condition} all={kConditions.map((one) => [one, t(kConditionTexts[one])] as const)} onChoose={(condition) => onDraft({ ...draft, condition })} />
      {classes === null ? (
        <p class="office__text">{t('correct.office_only', { number: row.number })}</p>
      ) : (
        <>
          <Choose id="correct-class" label={t('correct.class')} value={draft.of ?? ''} all={classes.map(({ id, name }) => [id, name] as const)} onChoose={(of) => onDraft({ ...draft, of })} />
          <label class="tick">
            <input type="checkbox" checked={draft.left} onChange={({ currentTarget }) => onDraft({ ...draft, left: currentTarget.checked })} />
            {t('correct.left')}
          </label>
        </>
      )}
    </>
  );
}

/** The child's row to put right, and below it who has looked at it. Every change is in that list, too. */
export function CorrectForm({ child, ask, classes, seesAccesses, onSaved, onClose }: CorrectFormProps): JSX.Element {
  const { t } = useI18n();
  const path = `/api/v1/pupils/${child}`;
  const [row, setRow] = useState<Row | null>(null);
  const [draft, setDraft] = useState<Draft | null>(null);
  const [trouble, setTrouble] = useState<Trouble>(null);
  const [saved, setSaved] = useState(0);
  const [busy, setBusy] = useState(false);
  const show = (now: Row): void => {
    setRow(now);
    setDraft({ name: now.name, condition: now.condition, of: now.of, left: now.left });
  };
  const load = (): void => {
    ask({ method: 'GET', path, decode: decodeRow }, (reply) => {
      if (reply.kind === 'ok') show(reply.value);
      else setTrouble('failed');
    });
  };
  useEffect(load, [path]);
  const save = (event: Event): void => {
    event.preventDefault();
    if (row === null || draft === null || busy) return;
    const patch = patchOf(row, draft);
    if (!isName(draft.name)) return setTrouble('name');
    if (patch === null) return setTrouble('same');
    setBusy(true);
    setTrouble(null);
    setSaved(0);
    ask({ method: 'PATCH', path, json: patch, match: row.tag, decode: decodeRow }, (reply) => {
      setBusy(false);
      if (reply.kind === 'ok') {
        show(reply.value);
        setSaved(saved + 1);
        onSaved(reply.value);
      } else if (reply.kind === 'refused' && reply.code === 'precondition_failed') {
        setTrouble('changed');
        load();
      } else {
        setTrouble(reply.kind === 'refused' && reply.field === 'name' ? 'name' : 'failed');
      }
    });
  };
  return (
    <div class="correct">
      <form noValidate onSubmit={save} aria-label={t('correct.title')}>
        {row === null || draft === null ? (
          trouble === null && (
            <p class="list__end" role="status">
              {t('correct.loading')}
            </p>
          )
        ) : (
          <Fields row={row} draft={draft} classes={classes} onDraft={setDraft} />
        )}
        <p class="door__trouble" role="alert">
          {trouble !== null && t(kTroubles[trouble])}
        </p>
        <p class="office__fine" role="status">
          {saved > 0 && t('correct.saved')}
        </p>
        <p class="office__do">
          <button type="submit" class="button button--primary" disabled={row === null || busy}>
            {t('correct.save')}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {t('correct.close')}
          </button>
        </p>
      </form>
      {seesAccesses && <Accesses key={saved} child={child} ask={ask} />}
    </div>
  );
}
