import type { JSX } from 'preact';
import { useMemo, useState } from 'preact/hooks';

import { clock } from '../../core/format';
import { type Group, groupsOf, inGroup, minutesSince, tally } from '../../core/staff/roster';
import type { Room } from '../../core/staff/state';
import { type Key, useI18n } from '../../i18n/i18n';
import type { Who } from '../../signal/messages';
import type { Seat, SeatState, Unclear } from '../../signal/staff';
import { Icon, type IconName } from '../icons';

const kGroupTexts: Readonly<Record<Group, Key>> = {
  all: 'desk.group_all',
  unclear: 'desk.group_unclear',
  silent: 'desk.group_silent',
  absent: 'desk.group_absent',
  gone: 'desk.group_gone',
  stalled: 'desk.group_stalled',
  audio: 'desk.group_audio',
  alone: 'desk.group_alone',
};

const kStates: Readonly<Record<SeatState, readonly [Key, IconName]>> = {
  playing: ['desk.state_playing', 'check'],
  media: ['desk.state_media', 'check'],
  stalled: ['desk.state_stalled', 'clock'],
  audio: ['desk.state_audio', 'ear'],
  paused: ['desk.state_paused', 'pause'],
  gone: ['desk.state_gone', 'offline'],
  absent: ['desk.state_absent', 'away'],
};

const kCompanions: Readonly<Record<Exclude<Who, 'none'>, Key>> = {
  mother: 'desk.with_mother',
  father: 'desk.with_father',
  grandparent: 'desk.with_grandparent',
  sibling: 'desk.with_sibling',
  other: 'desk.with_other',
};

interface TileProps {
  readonly seat: Seat;
  readonly unclear: Unclear | undefined;
  readonly minutes: number;
}

/** One pupil. Its place and size never change, whatever the pupil does. */
function Tile({ seat, unclear, minutes }: TileProps): JSX.Element {
  const { t } = useI18n();
  return useMemo(() => {
    const { state, companion } = seat;
    const [words, icon] = kStates[state];
    const gone = state === 'gone' && minutes > 0;
    const extras = [...(seat.handMs === null ? [] : [t('desk.hand')]), ...(seat.tv ? [t('desk.on_tv')] : []), ...(companion === 'none' ? [] : [t(kCompanions[companion])])];
    const what = gone ? t('desk.state_gone_min', { n: minutes }) : t(words);
    const lost = unclear === undefined ? [] : [t('desk.unclear_tag', { time: clock(unclear.mediaTime / 1000) })];
    // There is room for little: that all is well needs no words where there are others.
    const well = state === 'playing' || state === 'media';
    const line = [...lost, ...(well && lost.length + extras.length > 0 ? [] : [what]), ...extras];
    return (
      <li class={`seat seat--${state}${unclear === undefined ? '' : ' seat--unclear'}`} title={[...lost, what, ...extras].join(' · ')}>
        <span class="seat__icon">
          <Icon name={unclear === undefined ? icon : 'puzzled'} size={22} />
        </span>
        <span class="seat__name">{seat.label ?? t('desk.seat_n', { n: seat.seat })}</span>
        <span class="seat__state">{line.join(' · ')}</span>
        {(seat.tv || seat.handMs !== null) && (
          <span class="seat__tv">
            <Icon name={seat.handMs === null ? 'tv' : 'hand'} size={20} />
          </span>
        )}
      </li>
    );
  }, [seat, unclear, minutes, t]);
}

interface RoomCardProps {
  readonly room: Room;
  /** Not shown on a phone, where one class has the screen. */
  readonly hidden: boolean;
  readonly skewMs: number;
  readonly nowMs: number;
  /** The roll-call was made. */
  readonly called: boolean;
  /** Where what became of the missing is written down. */
  readonly contacts: string;
  readonly onFreeze: (room: string, on: boolean) => void;
  readonly onCall: (room: string) => void;
}

/** One class: how many are here, and each of them by name. */
export function RoomCard({ room, hidden, skewMs, nowMs, called, contacts, onFreeze, onCall }: RoomCardProps): JSX.Element {
  const { t } = useI18n();
  const [group, setGroup] = useState<Group>('all');
  const { here, expected, answered, groups } = tally(room);
  const name = room.label ?? t('desk.room_unnamed');
  const unclear = new Map(room.unclear.map((one) => [one.seat, one]));
  const shown = room.seats.filter((seat) => inGroup(seat, group, new Set(unclear.keys())));
  const names = room.teachers.map(({ label, minutes }) => t('desk.cowatch_one', { name: label ?? t('desk.cowatch_unnamed'), n: minutes }));
  return (
    <section class={`room card${hidden ? ' room--hidden' : ''}`} aria-label={name}>
      <div class="room__head">
        <h2 class="room__name">{name}</h2>
        <p class="room__here" aria-label={t('desk.here_label', { here, all: expected })}>
          {t('desk.here', { here, all: expected })}
          {called && (
            <span aria-label={t('desk.called_label', { n: answered })}>
              {' · '}
              {t('desk.called', { n: answered })}
            </span>
          )}
        </p>
        {!called && (
          <button type="button" class="button" aria-label={t('desk.call_label', { room: name })} onClick={() => onCall(room.id)}>
            <Icon name="check" size={20} />
            {t('desk.call')}
          </button>
        )}
        <button
          type="button"
          class={room.frozen ? 'button button--frozen' : 'button'}
          aria-label={room.frozen ? t('desk.thaw_label', { room: name }) : t('desk.freeze_label', { room: name })}
          aria-pressed={room.frozen}
          onClick={() => onFreeze(room.id, !room.frozen)}
        >
          <Icon name="lock" size={20} />
          {room.frozen ? t('desk.thaw') : t('desk.freeze')}
        </button>
      </div>
      <p class="room__facts">{room.frozen ? t('desk.frozen') : names.length > 0 ? t('desk.cowatch', { names: names.join(' ') }) : ''}</p>
      <div class="room__groups" role="group" aria-label={t('desk.groups')}>
        {groupsOf(called).map((one) => (
          <button key={one} type="button" class={`chip chip--${one}${groups[one] > 0 ? '' : ' chip--none'}`} aria-pressed={one === group} onClick={() => setGroup(one)}>
            {t(kGroupTexts[one])} <b>{groups[one]}</b>
          </button>
        ))}
      </div>
      <p class="aside" role="status">
        {groups.unclear > 0 ? t('desk.unclear_news', { n: groups.unclear }) : ''}
      </p>
      {shown.length === 0 && <p class="room__nobody">{room.seats.length === 0 ? t('desk.nobody_yet') : t('desk.nobody')}</p>}
      <ul class="seats">
        {shown.map((seat) => (
          <Tile key={seat.seat} seat={seat} unclear={unclear.get(seat.seat)} minutes={seat.state === 'gone' ? minutesSince(seat, nowMs, skewMs) : 0} />
        ))}
      </ul>
      {group === 'absent' && groups.absent > 0 && (
        <p class="room__contact">
          <a class="link" href={contacts} target="_blank" rel="noopener">
            {t('desk.contact')}
          </a>{' '}
          {t('desk.contact_hint')}
        </p>
      )}
    </section>
  );
}
