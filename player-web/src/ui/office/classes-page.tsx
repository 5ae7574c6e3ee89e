import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { decodeClass, decodePupil, named, type Named, page, type Pupil, type SchoolClass } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { kConditionTexts } from '../correct/conditions';
import { Back } from './back';
import { ClassLinks } from './class-links';
import { className } from './class-name';
import { later } from './later';
import { ListEnd } from './list-end';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';

const readSchools = page(named);
const readClasses = page(decodeClass);
const readPupils = page(decodePupil);

const CorrectForm = later(() => import('../correct/correct-form').then((part) => part.CorrectForm));

/** One pupil's row, to be put right: by the school's office whole, by its homeroom teacher name and condition. */
function Correction({ pupil, classes, onSaved, onBack }: { pupil: Pupil; classes: readonly SchoolClass[]; onSaved: () => void; onBack: () => void }): JSX.Element {
  const i18n = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const all = classes.map((one) => ({ id: one.id, name: className(i18n, one) }));
  return (
    <section class="card office__card office__narrow">
      <h1 class="office__title">{i18n.t('office.correct_name', { name: pupil.name })}</h1>
      <CorrectForm child={pupil.id} ask={call} classes={session.may.indexOf('change_people') >= 0 ? all : null} seesAccesses={session.may.indexOf('see_access_log') >= 0} onSaved={onSaved} onClose={onBack} />
    </section>
  );
}

/** A class by name; each look is recorded by the server, and the page says so. */
function Roster({ of, classes, onBack }: { of: SchoolClass; classes: readonly SchoolClass[]; onBack: () => void }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { session } = useDesk();
  const pupils = usePages(`/api/v1/classes/${of.id}/pupils`, readPupils);
  const [open, setOpen] = useState<Pupil | null>(null);
  const corrects = session.may.indexOf('correct_pupil') >= 0;
  if (open !== null) return <Correction pupil={open} classes={classes} onSaved={pupils.refresh} onBack={() => setOpen(null)} />;
  return (
    <section aria-label={t('office.pupils')}>
      <Back onBack={onBack} />
      <h1 class="office__title">{className(i18n, of)}</h1>
      <ClassLinks of={of} />
      <p class="office__text">{t('office.pupils_logged')}</p>
      {pupils.items.length > 0 && (
        <div class="grid-scroll" role="region" aria-label={t('office.pupil_name')} tabIndex={0}>
          <table class="grid">
            <thead>
              <tr>
                <th scope="col">{t('office.pupil_number')}</th>
                <th scope="col">{t('office.pupil_name')}</th>
                <th scope="col">{t('office.pupil_condition')}</th>
                {corrects && <td />}
              </tr>
            </thead>
            <tbody>
              {pupils.items.map((pupil) => (
                <tr key={pupil.id} class={pupil.left ? 'grid__soft' : ''}>
                  <td>{pupil.number}</td>
                  <th scope="row">{pupil.name}</th>
                  <td>{pupil.left ? t('office.left') : t(kConditionTexts[pupil.condition])}</td>
                  {corrects && (
                    <td>
                      <button type="button" class="link" aria-label={t('office.correct_name', { name: pupil.name })} onClick={() => setOpen(pupil)}>
                        {t('office.correct')}
                      </button>
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <ListEnd pages={pupils} empty={t('office.pupils_not_yours')} />
    </section>
  );
}

function Classes({ school, onBack }: { school: Named; onBack: (() => void) | null }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { session } = useDesk();
  const [open, setOpen] = useState<SchoolClass | null>(null);
  const classes = usePages(`/api/v1/schools/${school.id}/classes`, readClasses);
  if (open !== null) return <Roster of={open} classes={classes.items} onBack={() => setOpen(null)} />;
  const sorted = [...classes.items].sort((a, b) => a.grade - b.grade || a.number - b.number);
  return (
    <section aria-label={t('office.classes')}>
      {onBack !== null && <Back onBack={onBack} />}
      <h1 class="office__title">{onBack === null ? t('office.classes') : school.name}</h1>
      {session.may.indexOf('make_links') >= 0 && (
        <p class="office__do">
          <a class="button" target="_blank" rel="noopener" href={`/api/v1/schools/${school.id}/links?language=${i18n.language === 'en' ? 'en' : 'zh'}`}>
            {t('office.links_staff')}
          </a>
        </p>
      )}
      <ul class="tiles">
        {sorted.map((one) => (
          <li key={one.id}>
            <button type="button" class="tile" onClick={() => setOpen(one)}>
              <b>{className(i18n, one)}</b>
              <span>{one.pupils !== null && t('office.class_pupils', { n: one.pupils })}</span>
              <span>{one.homeroom === null ? t('office.class_homeroom_none') : t('office.class_homeroom', { name: one.homeroom })}</span>
            </button>
          </li>
        ))}
      </ul>
      <ListEnd pages={classes} empty={t('office.classes_none')} />
    </section>
  );
}

function Schools(): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = useState<Named | null>(null);
  const schools = usePages('/api/v1/schools', readSchools);
  if (open !== null) return <Classes school={open} onBack={() => setOpen(null)} />;
  return (
    <section aria-label={t('office.schools')}>
      <h1 class="office__title">{t('office.schools')}</h1>
      <ul class="tiles">
        {schools.items.map((school) => (
          <li key={school.id}>
            <button type="button" class="tile" onClick={() => setOpen(school)}>
              <b>{school.name}</b>
            </button>
          </li>
        ))}
      </ul>
      <ListEnd pages={schools} empty={t('office.schools_none')} />
    </section>
  );
}

/** The school's classes and who is in them; the district chooses a school first. */
export function ClassesPage(): JSX.Element {
  const { session } = useDesk();
  return session.school === null ? <Schools /> : <Classes school={session.school} onBack={null} />;
}
