import '../../i18n/absent';

import type { JSX } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';

import { type ClassName, decodeLoop, type Device, decodePupilLine, kInitial, type Need, needOf, type PupilLine, type PupilState, reduce } from '../../core/office/absent';
import { moment, timeOfDay } from '../../core/format';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Back } from './back';
import { className } from './class-name';
import { ContactForm, kReachedTexts, kWayTexts } from './contact-form';
import { useCall, useDesk } from './use-call';

interface AbsentClassProps {
  readonly lesson: { readonly id: string; readonly title: string };
  readonly of: ClassName;
  readonly onBack: () => void;
}

const kStateTexts: Readonly<Record<PupilState, Key>> = {
  live: 'office.pupil_live',
  tv: 'office.pupil_tv',
  late: 'office.pupil_late',
  package: 'office.pupil_package',
  excused: 'office.pupil_excused',
  unresolved: 'office.pupil_unresolved',
};

const kDeviceTexts: Readonly<Record<Device, Key>> = { page: 'absent.device_page', tv: 'absent.device_tv', player: 'absent.device_player' };

interface LineProps {
  readonly line: PupilLine;
  readonly open: boolean;
  readonly marks: boolean;
  readonly busy: boolean;
  readonly failed: boolean;
  readonly onOpen: (open: boolean) => void;
  readonly onNote: Parameters<typeof ContactForm>[0]['onNote'];
}

function Line({ line, open, marks, busy, failed, onOpen, onNote }: LineProps): JSX.Element {
  const { t, language } = useI18n();
  const { name, number, state, overdue, minutes, replayMinutes, lastSeenMs, lastDevice, contact } = line;
  const late = overdue && state === 'unresolved';
  const device = lastDevice === null ? null : t(kDeviceTexts[lastDevice.by], { when: moment(language, lastDevice.atMs) });
  const seen = lastSeenMs === null ? t('office.never_seen') : t('office.last_seen', { n: minutes, time: timeOfDay(language, lastSeenMs) });
  const watched = [...(minutes > 0 && state !== 'unresolved' ? [t('office.minutes_live', { n: minutes })] : []), ...(replayMinutes > 0 ? [t('office.minutes_replay', { n: replayMinutes })] : [])];
  const reached = contact === null ? null : t('office.contacted', { by: t(kReachedTexts[contact.by]), way: t(kWayTexts[contact.way]), time: timeOfDay(language, contact.atMs) });
  return (
    <li class={`find find--${late ? 'late' : needOf(line)}`}>
      <div class="find__head">
        <p class="find__who">
          <b>{name}</b> <span>{number}</span>
        </p>
        {marks && !open && needOf(line) !== 'done' && (
          <button type="button" class="button" aria-label={t('office.contact_of', { name })} onClick={() => onOpen(true)}>
            <Icon name="phone" size={20} />
            {t('office.contact')}
          </button>
        )}
      </div>
      <p class="find__facts">{[state === 'unresolved' ? seen : t(kStateTexts[state]), ...watched, ...(reached === null ? [] : [reached])].join(' · ')}</p>
      {state === 'unresolved' && device !== null && <p class="find__facts">{device}</p>}
      {late && <p class="find__late">{t('absent.overdue')}</p>}
      {open && <ContactForm name={name} busy={busy} failed={failed} onNote={onNote} onClose={() => onOpen(false)} />}
    </li>
  );
}

const kNeeds: readonly (readonly [Need, Key])[] = [
  ['contact', 'office.need_contact'],
  ['wait', 'office.need_wait'],
  ['done', 'office.need_done'],
];

/** One class of a lesson: each pupil who was not seen, until every one has a way to it. */
export function AbsentClass({ lesson, of, onBack }: AbsentClassProps): JSX.Element {
  const i18n = useI18n();
  const { t, language } = i18n;
  const { session } = useDesk();
  const call = useCall();
  const [state, dispatch] = useReducer(reduce, kInitial);
  const [open, setOpen] = useState<string | null>(null);
  const load = (): void => call({ method: 'GET', path: `/api/v1/lessons/${lesson.id}/absent?class=${of.id}`, decode: decodeLoop }, (reply) => dispatch({ type: 'loaded', reply }));
  useEffect(load, [lesson.id, of.id]);
  const marks = session.may.indexOf('mark_contact') >= 0;
  const note = (pupil: string, by: string, way: string): void => {
    dispatch({ type: 'sending', pupil });
    call({ method: 'POST', path: `/api/v1/lessons/${lesson.id}/contacts`, json: { pupil, by, way }, decode: decodePupilLine }, (reply) => {
      dispatch({ type: 'noted', pupil, reply });
      if (reply.kind === 'ok') setOpen(null);
    });
  };
  const sheet = `/api/v1/lessons/${lesson.id}/attendance?class=${of.id}&lang=${language === 'en' ? 'en' : 'zh'}`;
  const pupils = state.kind === 'open' ? state.loop.pupils : [];
  const left = pupils.filter((line) => needOf(line) === 'contact').length;
  return (
    <section aria-label={t('office.absent')}>
      <Back onBack={onBack} />
      <h1 class="office__title">
        {className(i18n, of)} · {lesson.title}
      </h1>
      <p class="office__text">
        {t('office.pupils_logged')} {marks && t('absent.no_phone')}
      </p>
      {state.kind === 'loading' && (
        <p class="list__end" role="status">
          {t('office.loading')}
        </p>
      )}
      {state.kind === 'missing' && <p class="list__end">{t('office.pupils_not_yours')}</p>}
      {state.kind === 'failed' && (
        <p class="list__end" role="alert">
          {t('office.list_failed')}{' '}
          <button type="button" class="link" onClick={load}>
            {t('office.list_again')}
          </button>
        </p>
      )}
      {state.kind === 'open' && (
        <>
          <p class={left > 0 ? 'zero' : 'zero zero--done'} role="status">
            <b>{left}</b> {left > 0 ? t('office.absent_left') : t('office.absent_zero_class')}
          </p>
          {kNeeds.map(([need, key]) => {
            const some = pupils.filter((line) => needOf(line) === need);
            return some.length === 0 ? null : (
              <section key={need} class="finds">
                <h2>{t(key, { n: some.length })}</h2>
                <ul>
                  {some.map((line) => (
                    <Line
                      key={line.id}
                      line={line}
                      open={open === line.id}
                      marks={marks}
                      busy={state.sending === line.id}
                      failed={state.failed === line.id}
                      onOpen={(on) => setOpen(on ? line.id : null)}
                      onNote={(by, way) => note(line.id, by, way)}
                    />
                  ))}
                </ul>
              </section>
            );
          })}
          <p class="office__do">
            <a class="button" href={`${sheet}&format=xlsx`} download>
              <Icon name="download" size={20} />
              {t('office.sheet_xlsx')}
            </a>
            <a class="button" href={`${sheet}&format=csv`} download>
              {t('office.sheet_csv')}
            </a>
          </p>
        </>
      )}
    </section>
  );
}
