import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { type Event, lessonTime, type State } from '../../core/state';
import type { Item } from '../../core/staff/check-draft';
import { isCalled, kNothing } from '../../core/teaching';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { NoteDesk, type Place, type Target } from '../staff/note-desk';
import { SentNotes } from '../staff/sent-notes';
import { TimeWarning } from '../staff/time-warning';
import type { StaffHold } from '../staff/use-staff';
import { useLater } from '../use-later';
import { Picture } from './picture';
import { Refusals } from './refusals';
import { RoomCard } from './room-card';
import { useMinutes } from './use-minutes';

export type LessonOnDesk = Exclude<State, { kind: 'loading' | 'missing' }>;

interface DeskProps {
  readonly lesson: LessonOnDesk;
  readonly dispatch: (event: Event) => void;
  readonly hold: StaffHold;
  readonly token: string;
  /** The moment of the lesson that her player shows. */
  readonly mediaMs: () => number;
}

/** Her classes: all side by side where there is room, one at a time on a phone. */
function Rooms({ staff, signal, lesson }: Pick<StaffHold, 'staff' | 'signal'> & { readonly lesson: string }): JSX.Element {
  const { t } = useI18n();
  const [chosen, setChosen] = useState<string | null>(null);
  const [freezeFailed, setFreezeFailed] = useState(false);
  const now = useMinutes();
  const shown = staff.rooms.find(({ id }) => id === chosen) ?? staff.rooms[0];
  const freeze = (room: string, on: boolean): void => setFreezeFailed(!signal.say({ t: 'freeze', on, room }));
  return (
    <>
      <p class="desk__line" role="status">
        {staff.line !== 'up' && (
          <>
            <Icon name="offline" size={20} />
            {staff.line === 'connecting' ? t('desk.line_connecting') : freezeFailed ? t('desk.freeze_failed') : t('desk.line_down')}
          </>
        )}
      </p>
      {staff.rooms.length > 1 && (
        <div class="tabs" role="group" aria-label={t('desk.rooms')}>
          {staff.rooms.map((room) => (
            <button key={room.id} type="button" class="chip" aria-pressed={room === shown} onClick={() => setChosen(room.id)}>
              {room.label ?? room.id}
              {room.unclear.length > 0 && <span class="chip__news">{room.unclear.length}</span>}
            </button>
          ))}
        </div>
      )}
      <div class={`rooms rooms--${Math.min(staff.rooms.length, 4)}`}>
        {staff.rooms.map((room) => (
          <RoomCard
            key={room.id}
            room={room}
            hidden={room !== shown}
            skewMs={staff.skewMs}
            nowMs={now}
            called={isCalled(signal.teaching ?? kNothing, room.id)}
            contacts={`/office#/absent/${lesson}`}
            onFreeze={freeze}
            onCall={(id) => signal.say({ t: 'rollcall', room: id })}
          />
        ))}
      </div>
    </>
  );
}

/** Where a note would be placed now. */
function placeOf(lesson: LessonOnDesk): Place {
  if (lesson.kind === 'waiting') return 'start';
  if (lesson.kind !== 'watching' || lesson.timeline === null) return 'nowhere';
  return Math.floor(lessonTime(lesson.timeline, lesson.timeline.position));
}

export function Desk({ lesson, dispatch, hold, token, mediaMs }: DeskProps): JSX.Element {
  const { t } = useI18n();
  const { staff, signal } = hold;
  // The picture ticks four times a second; the lists only when something happened in class,
  // and the note's place once a second.
  const { id } = lesson.watch.lesson;
  const calls = signal.teaching?.calls;
  const rooms = useMemo(() => <Rooms staff={staff} signal={signal} lesson={id} />, [staff, calls, id, t]);
  const sent = useMemo(() => <SentNotes staff={staff} onAgain={hold.sendAgain} onDrop={hold.dropNote} />, [staff, t]);
  const refusals = useMemo(() => <Refusals staff={staff} onSeen={hold.seenRefused} />, [staff, t]);
  const cards = useLater(() => import('./cards'));
  const help = useMemo(() => cards && <cards.HelpCard staff={staff} teaching={signal.teaching} say={signal.say} />, [cards, staff, signal.teaching, t]);
  const { chat, chatModes, chapters } = signal.teaching ?? kNothing;
  const talk = useMemo(() => cards && <cards.ChatCard rooms={staff.rooms} teaching={signal.teaching} say={signal.say} />, [cards, staff.rooms, chat, chatModes, t]);
  const place = placeOf(lesson);
  const parts = useMemo(
    () => (cards && staff.role === 'lead' ? <cards.ChapterCard place={place} mediaMs={mediaMs} teaching={signal.teaching} say={signal.say} /> : null),
    [cards, staff.role, place, chapters, t],
  );
  const note = useMemo(() => {
    const own = staff.rooms.map(({ id, label }) => ({ id, label: label ?? id }));
    const targets: readonly Target[] = own.length > 1 ? [{ id: null, label: t('notes.to_all') }, ...own] : own;
    const send = (to: Target, text: string): void => {
      const mediaTime = mediaMs();
      own.filter(({ id }) => to.id === null || id === to.id).forEach(({ id }) => hold.sendNote({ room: id, mediaTime, text }));
    };
    return <NoteDesk place={place} targets={targets} onSend={send} />;
  }, [staff, place, t]);
  const check = useMemo(() => {
    const send = (item: Item): boolean => {
      const mediaTime = mediaMs();
      return staff.rooms.length > 0 && staff.rooms.every(({ id }) => signal.say({ t: 'check', media_time: mediaTime, room: id, items: [item] }));
    };
    return cards && <cards.CheckDesk place={place} teaching={signal.teaching} onSend={send} />;
  }, [cards, staff.rooms, place, signal.teaching, t]);
  return (
    <main class="desk">
      <h1 class="desk__title">{lesson.watch.lesson.title}</h1>
      <div class="desk__lesson">
        {cards && <cards.Handed studio={lesson.watch.lesson.state === 'ended' ? null : lesson.watch.studio} />}
        <Picture state={lesson} token={token} dispatch={dispatch} />
        {note}
        {check}
        {parts}
        {help}
        {talk}
        {sent}
      </div>
      <div class="desk__rooms">
        {refusals}
        <TimeWarning staff={staff} teaching={signal.teaching} />
        {rooms}
      </div>
    </main>
  );
}
