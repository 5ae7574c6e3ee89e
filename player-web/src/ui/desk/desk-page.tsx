import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { linkOfPath } from '../../core/api';
import { kInitial, lessonTime, reduce, type State } from '../../core/state';
import type { Staff } from '../../core/staff/state';
import { createStore } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { useStaff } from '../staff/use-staff';
import { presenceOf } from '../use-signal';
import { useWatch } from '../use-watch';
import { Desk } from './desk';

/** Said by the server: this link is nobody's. (docs/protocol.md, close codes) */
const kNotFound = 4404;

/** Milliseconds of the lesson that her player shows; 0 while there is nothing to show. */
function moment(state: State): number {
  if (state.kind !== 'watching' || state.timeline === null) return 0;
  return Math.round(lessonTime(state.timeline, state.timeline.position) * 1000);
}

/** Instead of the desk: why there is none. */
function Closed({ staff, link }: { staff: Staff; link: string }): JSX.Element | null {
  const { t } = useI18n();
  if (staff.line === 'over' && staff.code === kNotFound) {
    return (
      <Notice icon="question" title={t('desk.missing_title')}>
        <p>{t('desk.missing_text')}</p>
      </Notice>
    );
  }
  if (staff.line === 'over') {
    return (
      <Notice icon="offline" title={t('desk.elsewhere_title')}>
        <p>{t('desk.elsewhere_text')}</p>
      </Notice>
    );
  }
  if (staff.role !== null && staff.role !== 'teacher' && staff.role !== 'lead') {
    return (
      <Notice icon="question" title={t('desk.not_yours_title')}>
        <p>{t('desk.not_yours_text')}</p>
        <a class="button" href={`/w/${link}`}>
          {t('desk.not_yours_watch')}
        </a>
      </Notice>
    );
  }
  return null;
}

const isClosed = ({ line, role }: Staff): boolean => line === 'over' || (role !== null && role !== 'teacher' && role !== 'lead');

export function DeskPage({ path }: { path: string }): JSX.Element {
  const { t } = useI18n();
  const link = useMemo(() => linkOfPath(path), [path]);
  const lesson = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(lesson);
  useWatch(lesson, link);
  const hold = useStaff('watch' in state ? state.watch.signal : null, link);
  const { staff, signal } = hold;
  useEffect(() => signal.presence(state.kind === 'watching' ? presenceOf(state) : { mediaMs: 0, state: 'paused', rendition: null }));

  const title = 'watch' in state ? state.watch.lesson.title : null;
  useEffect(() => {
    document.title = [title, t('desk.page')].filter((part) => part !== null).join(' · ');
  }, [t, title]);

  if (state.kind === 'loading') {
    return <Notice icon={state.offline ? 'offline' : 'clock'} title={state.offline ? t('desk.loading_offline') : t('desk.loading')} busy />;
  }
  if (state.kind === 'missing') {
    return (
      <Notice icon="question" title={t('desk.missing_title')}>
        <p>{t('desk.missing_text')}</p>
      </Notice>
    );
  }
  if (isClosed(staff)) return <Closed staff={staff} link={link ?? ''} />;
  return <Desk lesson={state} dispatch={lesson.dispatch} hold={hold} token={link ?? ''} mediaMs={() => moment(lesson.state())} />;
}
