import type { JSX } from 'preact';

import type { Coming, Event, Pause, PauseKind, Show } from '../../core/between';
import { type Key, useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { Notice } from '../notice';
import { LessonCard } from '../waiting';
import { Guide } from './guide';
import { useHour } from './use-hour';

const kTitles: Readonly<Record<PauseKind, Key>> = { break: 'between.break', eye: 'between.eye', exercise: 'between.exercise' };
const kDoings: Readonly<Record<PauseKind, Key>> = { break: 'between.break_do', eye: 'between.eye_do', exercise: 'between.exercise_do' };

function Resting({ pause }: { pause: Pause }): JSX.Element {
  const { t } = useI18n();
  const hour = useHour();
  return (
    <>
      <p class="between__until">{t('between.until', { time: hour(pause.endsMs) })}</p>
      <p>{t(kDoings[pause.kind])}</p>
    </>
  );
}

function Next({ coming, nowMs }: { coming: Coming; nowMs: number }): JSX.Element {
  const { t } = useI18n();
  return (
    <div class="between__next">
      <p>{t('between.coming')}</p>
      <p class="between__subject">{coming.subject ?? coming.title}</p>
      <LessonCard plan={coming.plan} nowMs={nowMs} />
      <p class="between__quiet">{t('between.by_itself')}</p>
    </div>
  );
}

interface CardProps {
  readonly card: Extract<Show, { kind: 'card' }>;
  readonly title: string;
  readonly skewMs: number;
  readonly dispatch: (event: Event) => void;
  readonly onGo: (link: string) => void;
}

/** The blackboard between two lessons: what it is now, until when, and what comes next. */
export function Card({ card, title, skewMs, dispatch, onGo }: CardProps): JSX.Element {
  const { t } = useI18n();
  const { pause, coming, open } = card;
  if (pause !== null && card.guide) return <Guide pause={pause} skewMs={skewMs} onAway={() => dispatch({ type: 'turn-away', pause })} />;
  const nowMs = Date.now() + skewMs;
  return (
    <Notice
      icon={pause !== null ? 'clock' : 'check'}
      title={pause !== null ? t(kTitles[pause.kind]) : card.over ? t('between.over') : t('between.missed')}
      {...(card.over ? { lesson: title } : {})}
    >
      {pause !== null && <Resting pause={pause} />}
      <div class="between__doing">
        {open !== null && (
          <button type="button" class="button" onClick={() => onGo(open.link)}>
            {t('between.go')}
          </button>
        )}
        {pause?.kind === 'eye' && (
          <button type="button" class="button" onClick={() => dispatch({ type: 'take-up' })}>
            {t('between.guide_on')}
          </button>
        )}
        {card.replay && (
          <button type="button" class="button" onClick={() => dispatch({ type: 'look-back' })}>
            <Icon name="start" />
            {t('between.replay')}
          </button>
        )}
      </div>
      {coming !== null ? <Next coming={coming} nowMs={nowMs} /> : card.over && <p>{t('between.no_more')}</p>}
    </Notice>
  );
}
