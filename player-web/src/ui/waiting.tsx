import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import type { Watch } from '../core/decode';
import { clock, moment, timeOfDay } from '../core/format';
import { type Plan, waitFor } from '../core/plan';
import { useI18n } from '../i18n/i18n';
import { Notice } from './notice';

/** The server's clock, by the second. @param nowMs  what it was when the server last said so */
function useServerClock(nowMs: number | null): number {
  const skewMs = useMemo(() => (nowMs === null ? 0 : nowMs - Date.now()), [nowMs]);
  const [, setTicks] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTicks((n) => n + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  return Date.now() + skewMs;
}

/** When it begins and what it is about, as the timetable has it. */
export function LessonCard({ plan, nowMs }: { plan: Plan; nowMs: number | null }): JSX.Element {
  const { t, language } = useI18n();
  const now = useServerClock(nowMs);
  const sameDay = new Date(plan.startsMs).toDateString() === new Date(now).toDateString();
  const when = sameDay ? timeOfDay(language, plan.startsMs) : moment(language, plan.startsMs);
  const wait = waitFor(plan.startsMs, now);
  return (
    <div class="lesson-card">
      <p class="lesson-card__when">{t('watch.waiting_at', { time: when })}</p>
      <p class="lesson-card__left" role="timer">
        {wait.kind === 'near' ? t('watch.waiting_left', { time: clock(wait.seconds) }) : wait.kind === 'late' ? t('watch.waiting_soon') : ''}
      </p>
      {plan.goal !== null && (
        <p>
          <b>{t('watch.waiting_goal')}</b> {plan.goal}
        </p>
      )}
      {plan.advice !== null && (
        <p>
          <b>{t('watch.waiting_advice')}</b> {plan.advice}
        </p>
      )}
    </div>
  );
}

/** Before the lesson: it changes by itself when the teacher begins. */
export function Waiting({ watch, offline }: { watch: Watch; offline: boolean }): JSX.Element {
  const { t } = useI18n();
  const { lesson, plan, nowMs } = watch;
  return (
    <Notice icon={offline ? 'offline' : 'clock'} lesson={lesson.title} title={t('watch.waiting_title')} busy>
      {plan !== null && <LessonCard plan={plan} nowMs={nowMs} />}
      <p>{offline ? t('watch.waiting_offline') : t('watch.waiting_text')}</p>
    </Notice>
  );
}
