import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { named, type Named, page } from '../../core/office/decode';
import { useI18n } from '../../i18n/i18n';
import { Choice } from './choice';
import { ListEnd } from './list-end';
import { useDesk } from './use-call';
import { usePages } from './use-pages';

const readSchools = page(named);

interface SchoolProps {
  readonly label: string;
  /** Keyed by the school: what was chosen in one is not for the next. */
  readonly show: (school: Named) => JSX.Element;
}

function Schools({ label, show }: SchoolProps): JSX.Element {
  const { t } = useI18n();
  const schools = usePages('/api/v1/schools', readSchools);
  const [chosen, setChosen] = useState<string | null>(null);
  const school = schools.items.find(({ id }) => id === chosen) ?? schools.items[0];
  return (
    <>
      {school !== undefined && (
        <>
          <Choice id="school" label={label} all={schools.items} chosen={school.id} onChoose={setChosen} />
          {show(school)}
        </>
      )}
      <ListEnd pages={schools} empty={t('office.schools_none')} />
    </>
  );
}

/** What is of one school: the asker's own, or the one that the district chooses. */
export function OneSchool(props: SchoolProps): JSX.Element {
  const { session } = useDesk();
  return session.school === null ? <Schools {...props} /> : props.show(session.school);
}
