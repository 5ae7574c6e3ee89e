import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { draftBody, draftTrouble } from '../../core/office/board';
import { decodeClass, decodeLesson, named, page } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { className } from './class-name';
import { Field } from './field';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';

interface LessonFormProps {
  readonly onClose: () => void;
  readonly onMade: (title: string) => void;
}

const readClasses = page(decodeClass);
const readStaff = page(named);
const kOnce = (): string => Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join('');

/** A lesson for one class or several, with or without its lead yet. */
export function LessonForm({ onClose, onMade }: LessonFormProps): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { session } = useDesk();
  const call = useCall();
  const school = session.school === null ? null : `/api/v1/schools/${session.school.id}`;
  const classes = usePages(school === null ? null : `${school}/classes`, readClasses);
  const staff = usePages(school === null ? null : `${school}/staff`, readStaff);
  const [title, setTitle] = useState('');
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [lead, setLead] = useState('');
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const once = useMemo(kOnce, []);

  const submit = (event: Event): void => {
    event.preventDefault();
    const wrong = draftTrouble(title, chosen);
    if (wrong !== null) {
      setTrouble(wrong === 'title' ? t('office.lesson_no_title') : t('office.lesson_no_class'));
      return;
    }
    setBusy(true);
    call({ method: 'POST', path: '/api/v1/lessons', json: draftBody(title, chosen, lead), once, decode: decodeLesson }, (reply) => {
      setBusy(false);
      if (reply.kind === 'ok') onMade(reply.value.title);
      else setTrouble(reply.kind === 'refused' ? t('office.lesson_refused', { why: reply.message }) : t('office.lesson_failed'));
    });
  };
  const sorted = [...classes.items].sort((a, b) => a.grade - b.grade || a.number - b.number);
  return (
    <form class="card office__card" noValidate onSubmit={submit}>
      <h2>{t('office.lesson_new')}</h2>
      <Field id="title" label={t('office.lesson_title')} type="text" autocomplete="off" value={title} onInput={setTitle} />
      <fieldset class="ticks">
        <legend>{t('office.lesson_classes')}</legend>
        {sorted.map((one) => (
          <label key={one.id} class="tick">
            <input
              type="checkbox"
              checked={chosen.indexOf(one.id) >= 0}
              onChange={(event) => setChosen(event.currentTarget.checked ? [...chosen, one.id] : chosen.filter((id) => id !== one.id))}
            />
            {className(i18n, one)}
          </label>
        ))}
      </fieldset>
      <p class="entry">
        <label for="lead">{t('office.lesson_lead_choose')}</label>
        <select id="lead" class="entry__line" value={lead} onChange={(event) => setLead(event.currentTarget.value)}>
          <option value="">{t('office.lesson_lead_later')}</option>
          {staff.items.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </select>
      </p>
      <p class="door__trouble" role="alert">
        {trouble}
      </p>
      <p class="office__do">
        <button type="submit" class="button button--primary" disabled={busy}>
          {t('office.lesson_make')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t('office.cancel')}
        </button>
      </p>
    </form>
  );
}
