import type { JSX } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

import type { Session } from '../../core/office/decode';
import { detailOf, type Place, placeOf, placesOf } from '../../core/office/places';
import { type Key, useI18n } from '../../i18n/i18n';
import { useHash } from '../hooks';
import { AbsentPage } from './absent-page';
import { AccountPage } from './account-page';
import { BoardPage } from './board-page';
import { ClassesPage } from './classes-page';
import { later } from './later';

const AttendancePage = later(() => import('./attendance-page').then((part) => part.AttendancePage));
const ImportPage = later(() => import('./import-page').then((part) => part.ImportPage));
const TimetablePage = later(() => import('./timetable-page').then((part) => part.TimetablePage));
const PlansPage = later(() => import('./plans-page').then((part) => part.PlansPage));
const RecordingsPage = later(() => import('./recordings-page').then((part) => part.RecordingsPage));
const RetentionPage = later(() => import('./retention-page').then((part) => part.RetentionPage));
const OutputsPage = later(() => import('./outputs-page').then((part) => part.OutputsPage));
const ChannelsPage = later(() => import('./channels-page').then((part) => part.ChannelsPage));
const DutyPage = later(() => import('./duty-page').then((part) => part.DutyPage));
const TicketsPage = later(() => import('./tickets-page').then((part) => part.TicketsPage));

interface ShellProps {
  readonly session: Session;
  readonly onSignOut: () => void;
  readonly onSession: (session: Session) => void;
}

const kTexts: Readonly<Record<Place, Key>> = {
  board: 'office.nav_board',
  absent: 'office.nav_absent',
  attendance: 'office.nav_attendance',
  timetable: 'office.nav_timetable',
  plans: 'office.nav_plans',
  recordings: 'office.nav_recordings',
  retention: 'office.nav_retention',
  outputs: 'office.nav_outputs',
  channels: 'office.nav_channels',
  duty: 'office.nav_duty',
  tickets: 'office.nav_tickets',
  classes: 'office.nav_classes',
  import: 'office.nav_import',
  account: 'office.nav_account',
};

/** Where in the office this is, kept in the address. */
function usePlace(session: Session): { readonly place: Place; readonly detail: string | null } {
  const hash = useHash();
  return { place: placeOf(hash, session), detail: detailOf(hash) };
}

/** Around every page of the office: whose it is, and where to go. */
export function Shell({ session, onSignOut, onSession }: ShellProps): JSX.Element {
  const { t, language } = useI18n();
  const { place, detail } = usePlace(session);
  const doors = useRef<HTMLElement>(null);
  // On a phone the doors do not all fit.
  useEffect(() => doors.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'nearest' }), [place, language]);
  return (
    <main class="office">
      <div class="office__head">
        <p class="office__who">
          <b>{session.school?.name ?? t('office.district')}</b> {session.name}
        </p>
        <button type="button" class="link" onClick={onSignOut}>
          {t('office.sign_out')}
        </button>
      </div>
      <nav ref={doors} class="office__nav" aria-label={t('office.nav')}>
        {placesOf(session).map((one) => (
          <a key={one} href={`#/${one}`} aria-current={one === place ? 'page' : undefined}>
            {t(kTexts[one])}
          </a>
        ))}
        {session.may.indexOf('see_inspections') >= 0 && <a href="/inspect">{t('office.nav_inspect')}</a>}
      </nav>
      {place === 'board' && <BoardPage />}
      {place === 'absent' && <AbsentPage key={detail} asked={detail} />}
      {place === 'attendance' && <AttendancePage />}
      {place === 'timetable' && <TimetablePage />}
      {place === 'plans' && <PlansPage />}
      {place === 'recordings' && <RecordingsPage />}
      {place === 'retention' && <RetentionPage />}
      {place === 'outputs' && <OutputsPage asked={detail} />}
      {place === 'channels' && <ChannelsPage />}
      {place === 'duty' && session.school !== null && <DutyPage school={session.school.id} />}
      {place === 'tickets' && <TicketsPage />}
      {place === 'classes' && <ClassesPage />}
      {place === 'import' && <ImportPage />}
      {place === 'account' && <AccountPage onSession={onSession} />}
    </main>
  );
}
