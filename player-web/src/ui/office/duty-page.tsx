import '../../styles/duty.css';
import '../../i18n/duty';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { calendarDay } from '../../core/format';
import { addDays, dayOf, mondayOf } from '../../core/office/days';
import { named, type Named, page } from '../../core/office/decode';
import { aWeekOn, choices, decodeDutyWeek, dutyBody, type DutyDay, dutyPath, type DutyWeek, isNobody, kPosts, phoneOf, type Post, type Turn, withTurn } from '../../core/office/duty';
import { useI18n } from '../../i18n/i18n';
import { kPostTexts, OnTurn } from './on-duty';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';
import { WeekGo } from './week-go';

const readStaff = page(named);
const kLongestPhone = 20;

interface CellProps {
  readonly id: string;
  /** Whose cell it is, for those who do not see the table. */
  readonly day: string;
  readonly post: Post;
  readonly turn: Turn | null;
  readonly staff: readonly Named[];
  readonly phoneOf: (staff: string) => string;
  readonly onPut: (turn: Turn | null) => void;
}

function Cell({ id, day, post, turn, staff, phoneOf: known, onPut }: CellProps): JSX.Element {
  const { t } = useI18n();
  const what = { day, post: t(kPostTexts[post]) };
  const choose = (chosen: string): void => {
    const one = staff.find((member) => member.id === chosen);
    onPut(one === undefined ? null : { staff: one, phone: known(one.id) });
  };
  return (
    <>
      <label class="duty__post" for={id}>
        {what.post}
      </label>
      <select id={id} class="entry__line" aria-label={t('duty.cell', what)} value={turn?.staff.id ?? ''} onChange={(event) => choose(event.currentTarget.value)}>
        <option value="">{t('duty.nobody')}</option>
        {staff.map((one) => (
          <option key={one.id} value={one.id}>
            {one.name}
          </option>
        ))}
      </select>
      {turn !== null && (
        <input
          class="entry__line duty__phone"
          type="text"
          autocomplete="off"
          maxLength={kLongestPhone}
          aria-label={t('duty.phone_label', what)}
          placeholder={t('duty.phone')}
          value={turn.phone}
          onInput={(event) => onPut({ ...turn, phone: event.currentTarget.value })}
        />
      )}
    </>
  );
}

interface TableProps {
  readonly days: readonly DutyDay[];
  readonly today: string;
  /** Who may be chosen; null: only to be read. */
  readonly staff: readonly Named[] | null;
  readonly onPut: (date: string, post: Post, turn: Turn | null) => void;
}

function Table({ days, today, staff, onPut }: TableProps): JSX.Element {
  const { t, language } = useI18n();
  const all = staff === null ? null : choices(staff, days);
  return (
    <table class="grid duty">
      <thead>
        <tr>
          <th scope="col">{t('duty.day')}</th>
          {kPosts.map((post) => (
            <th key={post} scope="col">
              {t(kPostTexts[post])}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {days.map(({ date, turns }) => {
          const day = calendarDay(language, date, { weekday: 'short' });
          return (
            <tr key={date} class={date === today ? 'duty__today' : ''}>
              <th scope="row">
                {day} {date === today && <span class="grid__under">{t('duty.today')}</span>}
              </th>
              {kPosts.map((post) => (
                <td key={post}>
                  {all === null ? (
                    <p>
                      <span class="duty__post">{t(kPostTexts[post])}</span> <OnTurn turn={turns[post]} />
                    </p>
                  ) : (
                    <Cell id={`${date}-${post}`} day={day} post={post} turn={turns[post]} staff={all} phoneOf={(one) => phoneOf(days, one)} onPut={(put) => onPut(date, post, put)} />
                  )}
                </td>
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** All of a list that comes in pages, for a choice. */
function useStaff(school: string, asks: boolean): readonly Named[] {
  const staff = usePages(asks ? `/api/v1/schools/${school}/staff` : null, readStaff);
  useEffect(() => {
    if (staff.state === 'more') staff.more();
  }, [staff.state, staff.items]);
  return staff.items;
}

/** A week's duty roster of a school: its office fills it in, its staff read it. */
export function DutyPage({ school }: { school: string }): JSX.Element {
  const { t, language } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const today = dayOf(Date.now());
  const [monday, setMonday] = useState(mondayOf(today));
  const [read, setRead] = useState<DutyWeek | 'failed' | null>(null);
  const [draft, setDraft] = useState<readonly DutyDay[] | null>(null);
  const [said, setSaid] = useState({ fine: true, words: '' });
  const [busy, setBusy] = useState(false);
  const sets = session.may.indexOf('set_on_duty') >= 0;
  const staff = useStaff(school, sets);
  const load = (): void => {
    setRead(null);
    call({ method: 'GET', path: dutyPath(school, monday), decode: decodeDutyWeek }, (reply) => setRead(reply.kind === 'ok' ? reply.value : 'failed'));
  };
  useEffect(load, [school, monday]);
  // An answer about a week that was left meanwhile is not shown.
  const week = read !== null && read !== 'failed' && read.days[0]?.date === monday ? read : null;
  const days = draft ?? week?.days ?? [];
  const go = (to: string): void => {
    setSaid({ fine: true, words: '' });
    setMonday(to);
  };
  const edit = (now: readonly DutyDay[] | null, words = ''): void => {
    setDraft(now);
    setSaid({ fine: true, words });
  };
  const copy = (): void =>
    call({ method: 'GET', path: dutyPath(school, addDays(monday, -7)), decode: decodeDutyWeek }, (reply) => {
      if (reply.kind !== 'ok') setSaid({ fine: false, words: t('office.list_failed') });
      else if (reply.value.days.every(isNobody)) setSaid({ fine: false, words: t('duty.last_none') });
      else edit(aWeekOn(reply.value.days), t('duty.copied'));
    });
  const save = (): void => {
    setBusy(true);
    call({ method: 'PUT', path: dutyPath(school, monday), json: dutyBody(days), match: week?.tag ?? '*', decode: decodeDutyWeek }, (reply) => {
      setBusy(false);
      if (reply.kind === 'ok') {
        setRead(reply.value);
        edit(null, t('duty.saved'));
      } else if (reply.kind === 'refused' && reply.code === 'precondition_failed') {
        setDraft(null);
        setSaid({ fine: false, words: t('duty.changed') });
        load();
      } else {
        setSaid({ fine: false, words: reply.kind === 'refused' ? t('duty.refused', { why: reply.message }) : t('duty.failed') });
      }
    });
  };
  return (
    <section aria-label={t('office.nav_duty')}>
      <h1 class="office__title">{t('office.nav_duty')}</h1>
      <p class="office__text">{t('duty.text')}</p>
      <WeekGo shown={draft === null ? monday : null} onNow={() => go(mondayOf(today))} onGo={go} />
      <h2 class="week__title">{t('office.week_of', { date: calendarDay(language, monday) })}</h2>
      {read === 'failed' ? (
        <p class="list__end" role="alert">
          {t('office.list_failed')}{' '}
          <button type="button" class="link" onClick={load}>
            {t('office.list_again')}
          </button>
        </p>
      ) : week === null ? (
        <p class="list__end" role="status">
          {t('office.loading')}
        </p>
      ) : (
        <Table days={days} today={today} staff={sets ? staff : null} onPut={(date, post, turn) => edit(withTurn(days, date, post, turn))} />
      )}
      {sets && week !== null && (
        <p class="office__do duty__do">
          <button type="button" class="button button--primary" disabled={draft === null || busy} onClick={save}>
            {t('duty.save')}
          </button>
          <button type="button" class="button" disabled={busy} onClick={copy}>
            {t('duty.copy')}
          </button>
          {draft !== null && (
            <button type="button" class="button" disabled={busy} onClick={() => edit(null)}>
              {t('duty.discard')}
            </button>
          )}
        </p>
      )}
      <p class={said.fine ? 'office__fine' : 'door__trouble'} role="status">
        {said.words}
      </p>
    </section>
  );
}
