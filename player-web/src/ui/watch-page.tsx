import type { JSX } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

import { linkOfPath } from '../core/api';
import { type Event, kInitial, reduce, type State } from '../core/state';
import { createStore } from '../core/store';
import { useI18n } from '../i18n/i18n';
import { useStore } from './hooks';
import { Icon } from './icons';
import { rememberLink } from './last-link';
import { Lesson } from './lesson';
import { Notice } from './notice';
import { AfterSlot } from './say/slot';
import { useBetween } from './use-between';
import { type Company, useCompany } from './use-company';
import { useWatch } from './use-watch';
import { Waiting } from './waiting';

interface WatchPageProps {
  readonly path: string;
  /** On a television: it plays without being asked, where the browser allows it. */
  readonly tv?: boolean;
}

/** One page all morning: from lesson to lesson in the same document, so that a browser that let the
 *  first one sound lets the next ones too. */
export function WatchPage({ path, tv = false }: WatchPageProps): JSX.Element {
  const [at, setAt] = useState({ link: linkOfPath(path), begin: tv });
  const go = (link: string, begin: boolean): void => {
    if (!tv) history.replaceState(null, '', `/w/${link}`);
    window.scrollTo(0, 0);
    setAt({ link, begin });
  };
  return <OneLesson key={at.link ?? ''} link={at.link} begin={at.begin} tv={tv} onGo={go} />;
}

interface OneLessonProps {
  readonly link: string | null;
  readonly begin: boolean;
  readonly tv: boolean;
  readonly onGo: (link: string, begin: boolean) => void;
}

/** Whether the viewer was listening when it ended: then the next one may begin by itself too. */
function useHeard(state: State, begin: boolean): boolean {
  const heard = useRef(begin);
  if (state.kind === 'watching' && state.step === 'playing') heard.current = true;
  if (state.kind === 'watching' && state.step === 'paused') heard.current = false;
  return heard.current;
}

function OneLesson({ link, begin, tv, onGo }: OneLessonProps): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  useWatch(store, link);
  useEffect(() => {
    if (state.kind === 'watching' && link !== null && !tv) rememberLink(link);
  }, [state.kind, link, tv]);
  const company = useCompany(state, link);
  const heard = useHeard(state, begin);
  const go = (to: string): void => onGo(to, tv || heard);
  const { parts, now, dispatch } = useBetween(state, link, go);
  const show = now?.show ?? null;
  const covered = show?.kind === 'card';
  useEffect(() => {
    if (covered) store.dispatch({ type: 'put-away' });
  }, [covered]);

  const title = 'watch' in state ? state.watch.lesson.title : null;
  useEffect(() => {
    document.title = title === null ? t('common.brand') : `${title} · ${t('common.brand')}`;
  }, [t, title]);

  // Once it was watched to its end, and while the blackboard says that it is over.
  const watched = state.kind === 'watching' && state.mode === 'replay' && (state.justEnded || state.step === 'finished');
  const after = !tv && link !== null && (watched || (show?.kind === 'card' && show.over));
  const card = parts !== null && now !== null && show !== null && show.kind === 'card' && (
    <parts.Card card={show} title={title ?? ''} skewMs={now.between.skewMs} dispatch={dispatch} onGo={go} />
  );
  const line = parts !== null && now !== null && show !== null && show.kind === 'line' && (
    <parts.Line line={show} nowMs={Date.now() + now.between.skewMs} dispatch={dispatch} onGo={go} />
  );
  return (
    <>
      {card || <Page state={state} link={link} company={company} begin={heard || now?.between.looking === true} tv={tv} dispatch={store.dispatch} />}
      {line}
      {after && <AfterSlot link={link} />}
    </>
  );
}

interface PageProps {
  readonly state: State;
  readonly link: string | null;
  readonly company: Company;
  readonly begin: boolean;
  readonly tv: boolean;
  readonly dispatch: (event: Event) => void;
}

/** The lesson, or the notice in its place. */
function Page({ state, link, company, begin, tv, dispatch }: PageProps): JSX.Element {
  const { t } = useI18n();
  switch (state.kind) {
    case 'loading':
      return (
        <Notice
          icon={state.offline ? 'offline' : 'clock'}
          title={state.offline ? t('watch.loading_offline') : t('watch.loading')}
          busy
        />
      );
    case 'missing':
      return (
        <Notice icon="question" title={t('watch.missing_title')}>
          <p>{t('watch.missing_1')}</p>
          <ol>
            <li>{t('watch.missing_2')}</li>
            <li>{t('watch.missing_3')}</li>
          </ol>
          <a class="button" href="/">
            {t('watch.missing_home')}
          </a>
        </Notice>
      );
    case 'waiting':
      return <Waiting watch={state.watch} offline={state.offline} />;
    case 'over':
      return (
        <Notice icon="check" lesson={state.watch.lesson.title} title={t('watch.over_title')}>
          <p>{t('watch.over_text')}</p>
        </Notice>
      );
    case 'unplayable':
      return (
        <Notice icon="question" lesson={state.watch.lesson.title} title={t('watch.unplayable_title')}>
          <p>{t('watch.unplayable_text')}</p>
          {state.watch.recording.mp4 && (
            <a class="button" href={state.watch.recording.mp4} download>
              <Icon name="download" />
              {t('watch.download')}
            </a>
          )}
        </Notice>
      );
    case 'watching':
      return <Lesson state={state} token={link ?? ''} company={company} begin={begin} tv={tv} dispatch={dispatch} />;
  }
}
