import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { type Condition, decodeClass, decodePupil, named, type Named, page, type SchoolClass } from '../../core/office/decode';
import { type Key, useI18n } from '../../i18n/i18n';
import { Back } from './back';
import { ClassLinks } from './class-links';
import { className } from './class-name';
import { ListEnd } from './list-end';
import { useDesk } from './use-call';
import { usePages } from './use-pages';

const kConditions: Readonly<Record<Condition, Key>> = {
  unknown: 'office.condition_unknown',
  wifi: 'office.condition_wifi',
  mobile_only: 'office.condition_mobile_only',
  shared_device: 'office.condition_shared_device',
  tv_only: 'office.condition_tv_only',
  none: 'office.condition_none',
};

const readSchools = page(named);
const readClasses = page(decodeClass);
const readPupils = page(decodePupil);

/** A class by name; each look is recorded by the server, and the page says so. */
function Roster({ of, onBack }: { of: SchoolClass; onBack: () => void }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const pupils = usePages(`/api/v1/classes/${of.id}/pupils`, readPupils);
  return (
    <section aria-label={t('office.pupils')}>
      <Back onBack={onBack} />
      <h1 class="office__title">{className(i18n, of)}</h1>
      <ClassLinks of={of} />
      <p class="office__text">{t('office.pupils_logged')}</p>
      {pupils.items.length > 0 && (
        <table class="grid">
          <thead>
            <tr>
              <th scope="col">{t('office.pupil_number')}</th>
              <th scope="col">{t('office.pupil_name')}</th>
              <th scope="col">{t('office.pupil_condition')}</th>
            </tr>
          </thead>
          <tbody>
            {pupils.items.map((pupil) => (
              <tr key={pupil.id} class={pupil.left ? 'grid__soft' : ''}>
                <td>{pupil.number}</td>
                <th scope="row">{pupil.name}</th>
                <td>{pupil.left ? t('office.left') : t(kConditions[pupil.condition])}</td>
              </tr>
            ))}
          </tbody>
        </table>
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
  if (open !== null) return <Roster of={open} onBack={() => setOpen(null)} />;
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
