import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { dayOf, mondayOf } from '../../core/office/days';
import { canCall, decodeDutyWeek, type DutyDay, dutyPath, isNobody, kPosts, type Post, type Turn } from '../../core/office/duty';
import { type Key, useI18n } from '../../i18n/i18n';
import { useCall, useDesk } from './use-call';

export const kPostTexts: Readonly<Record<Post, Key>> = { administrator: 'office.duty_administrator', technician: 'office.duty_technician', contact: 'office.duty_contact' };

function Phone({ of }: { of: string }): JSX.Element {
  return canCall(of) ? (
    <a class="link" href={`tel:${of.replace(/[^+\d]/g, '')}`}>
      {of}
    </a>
  ) : (
    <span>{of}</span>
  );
}

/** One who is on duty, with the way to reach them. */
export function OnTurn({ turn }: { turn: Turn | null }): JSX.Element {
  const { t } = useI18n();
  if (turn === null) return <span class="grid__soft">{t('office.duty_nobody')}</span>;
  return (
    <>
      <b>{turn.staff.name}</b> {turn.phone !== '' && <Phone of={turn.phone} />}
    </>
  );
}

function Today({ school, posts, sets }: { school: string; posts: readonly Post[]; sets: boolean }): JSX.Element | null {
  const { t } = useI18n();
  const call = useCall();
  const today = dayOf(Date.now());
  const [day, setDay] = useState<DutyDay | null>(null);
  useEffect(() => {
    call({ method: 'GET', path: dutyPath(school, mondayOf(today)), decode: decodeDutyWeek }, (reply) => setDay(reply.kind === 'ok' ? (reply.value.days.find(({ date }) => date === today) ?? null) : null));
  }, [school, today]);
  if (day === null) return null;
  if (isNobody(day)) {
    return sets ? (
      <p class="on-duty">
        {t('office.duty_none')}{' '}
        <a class="link" href="#/duty">
          {t('office.duty_do')}
        </a>
      </p>
    ) : null;
  }
  return (
    <div class="on-duty">
      <h2>{t('office.duty_today')}</h2>
      <ul>
        {posts.map((post) => (
          <li key={post}>
            {t(kPostTexts[post])} <OnTurn turn={day.turns[post]} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Who of the school is on duty today, for its own staff. */
export function OnDuty({ posts = kPosts }: { posts?: readonly Post[] }): JSX.Element | null {
  const { school, may } = useDesk().session;
  if (school === null || may.indexOf('see_on_duty') < 0) return null;
  return <Today school={school.id} posts={posts} sets={may.indexOf('set_on_duty') >= 0} />;
}
