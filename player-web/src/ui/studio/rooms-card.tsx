import '../../i18n/rooms';
import '../../styles/help.css';
import '../../styles/notes.css';
import '../../styles/chip.css';
import '../../styles/rooms.css';
import '../../styles/rooms-card.css';

import type { JSX } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';

import { addSample, rise, sum, teachersOf, type UnclearSample, type Warning, warnings } from '../../core/staff/overview';
import type { Staff } from '../../core/staff/state';
import { kNothing } from '../../core/teaching';
import { type Translate, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { ChapterCard } from '../staff/chapter-card';
import { ChatCard } from '../staff/chat-card';
import { NoteDesk, type Place, type Target } from '../staff/note-desk';
import { SentNotes } from '../staff/sent-notes';
import { TimeWarning } from '../staff/time-warning';
import { useStaff } from '../staff/use-staff';

export interface RoomsCardProps {
  /** Where the websocket is. */
  readonly where: string;
  readonly link: string;
  readonly place: Place;
  /** Milliseconds of the lesson, now. */
  readonly mediaMs: () => number;
}

function words(t: Translate, warning: Warning): string {
  switch (warning.kind) {
    case 'nobody':
      return t('rooms.warn_nobody');
    case 'stalled':
      return t('rooms.warn_stalled', { n: warning.count });
    case 'unclear':
      return t('rooms.warn_unclear');
    case 'teacher':
      return t('rooms.warn_teacher', { rooms: warning.rooms.join(' ') });
  }
}

/** Numbers of "did not follow" over the last minute. */
function useSamples(staff: Staff): readonly UnclearSample[] {
  const samples = useRef<readonly UnclearSample[]>([]);
  const { unclear } = sum(staff.counts);
  return useMemo(() => {
    samples.current = addSample(samples.current, { atMs: Date.now(), count: unclear });
    return samples.current;
  }, [staff]);
}

/** One class a line: here, lost, stalled, and which subject teacher is with it. */
function Table({ staff, called }: { staff: Staff; called: boolean }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="overview" role="region" aria-label={t('rooms.title')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{t('rooms.room')}</th>
            <th scope="col">{t('rooms.here')}</th>
            {called && <th scope="col">{t('rooms.answered')}</th>}
            <th scope="col">{t('rooms.unclear')}</th>
            <th scope="col">{t('rooms.trouble')}</th>
            <th scope="col">{t('rooms.teacher')}</th>
          </tr>
        </thead>
        <tbody>
          {staff.counts.map((room) => {
            const names = teachersOf(room, staff.teachers, staff.counts.length).map(({ label }) => label ?? t('rooms.teacher'));
            return (
              <tr key={room.room}>
                <th scope="row">{room.label ?? t('rooms.room_one')}</th>
                <td>{room.expected > 0 ? `${room.present}/${room.expected}` : room.present}</td>
                {called && <td>{room.here}</td>}
                <td class={room.unclear > 0 ? 'overview__lost' : ''}>{room.unclear}</td>
                <td>{room.stalled}</td>
                <td class={names.length === 0 ? 'overview__none' : ''}>{names.length === 0 ? t('rooms.teacher_none') : names.join(' ')}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

/** The classes of the lesson while she teaches: numbers by room, and a note to all of them. */
export function RoomsCard({ where, link, place, mediaMs }: RoomsCardProps): JSX.Element {
  const { t } = useI18n();
  const hold = useStaff(where, link);
  const { staff, signal } = hold;
  useEffect(() => signal.presence({ mediaMs: 0, state: 'paused', rendition: null }));
  const samples = useSamples(staff);
  const { here, expected, unclear } = sum(staff.counts);
  const more = rise(samples);
  const { calls } = signal.teaching ?? kNothing;
  const called = calls.length > 0;
  const answered = staff.counts.reduce((all, room) => all + room.here, 0);
  const targets: readonly Target[] = [{ id: null, label: t('rooms.room_one') }];
  return (
    <>
      <section class="card">
        <div class="room__head">
          <h2 class="room__name">{t('rooms.title')}</h2>
          {staff.counts.length > 0 && (
            <p class="room__here" aria-label={t('rooms.total_label', { here, all: expected })}>
              {expected > 0 ? t('rooms.total', { here, all: expected }) : t('rooms.total_open', { here })}
            </p>
          )}
        </div>
        <p class="overview__line" role="status">
          {staff.line === 'connecting' && t('rooms.connecting')}
          {(staff.line === 'down' || staff.line === 'over') && t('rooms.down')}
        </p>
        <p class={unclear > 0 ? 'lost lost--some' : 'lost'} role="status">
          <Icon name="puzzled" />
          <span>
            {unclear > 0 ? t('rooms.unclear_now', { n: unclear }) : t('rooms.unclear_none')}
            {more > 0 && <b> ↑ {t('rooms.unclear_more', { n: more })}</b>}
          </span>
        </p>
        <TimeWarning staff={staff} teaching={signal.teaching} />
        <div role="status">
          {warnings(staff, samples).map((warning) => (
            <p key={warning.kind} class="warning">
              <Icon name="attention" size={20} />
              {words(t, warning)}
            </p>
          ))}
        </div>
        {staff.counts.length > 0 && <Table staff={staff} called={called} />}
        {staff.onAir === 'live' && (
          <div class="roll" role="status">
            {called ? (
              <p>
                <Icon name="check" size={20} />
                {t('rooms.called', { n: answered })}
              </p>
            ) : (
              <>
                <button type="button" class="button" onClick={() => signal.say({ t: 'rollcall' })}>
                  {t('rooms.call')}
                </button>
                <p>{t('rooms.call_text')}</p>
              </>
            )}
          </div>
        )}
      </section>
      {staff.line !== 'connecting' && (
        <>
          <NoteDesk place={place} targets={targets} onSend={(_, text) => hold.sendNote({ room: null, mediaTime: mediaMs(), text })} />
          <ChapterCard place={place} mediaMs={mediaMs} teaching={signal.teaching} say={signal.say} />
          <ChatCard rooms={staff.rooms} teaching={signal.teaching} say={signal.say} />
          {(staff.notes.length > 0 || staff.pending.length > 0) && <SentNotes staff={staff} onAgain={hold.sendAgain} onDrop={hold.dropNote} />}
        </>
      )}
    </>
  );
}
