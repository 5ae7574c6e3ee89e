import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { backOff } from '../../core/delay';
import { type Child, decodeHome } from '../../core/family/decode';
import { type Event, kInitial, reduce, type State } from '../../core/family/state';
import { call } from '../../core/office/call';
import { createStore, type Store } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { rememberFamily } from '../last-link';
import { Notice } from '../notice';
import { DataCard } from './data-card';
import { Door } from './door';
import { FeedbackCard } from './feedback-card';
import { TermCard } from './term-card';
import { TvCard } from './tv-card';
import { LinkContext } from './use-ask';
import { WeekCard } from './week-card';

/** A lesson that begins is there to go to within this. */
const kAgainMs = 60_000;

/** Whose children the link opens: asked until the server answers, and every minute after. */
function useHome(link: string, store: Store<State, Event>, open: boolean): void {
  useEffect(() => {
    if (!open) return undefined;
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (failures: number): Promise<void> => {
      const reply = await call({ method: 'GET', path: `/api/v1/links/${encodeURIComponent(link)}`, decode: decodeHome }, life.signal);
      if (life.signal.aborted) return;
      store.dispatch({ type: 'heard', reply });
      const failed = reply.kind === 'failed';
      timer = setTimeout(() => void ask(failed ? failures + 1 : 0), failed ? backOff(failures + 1, Math.random()) : kAgainMs);
    };
    void ask(0);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [link, store, open]);
}

interface InsideProps {
  readonly state: Extract<State, { kind: 'in' }>;
  readonly onChoose: (child: string) => void;
  readonly onCorrected: (child: Child, name: string) => void;
  readonly onErased: (child: Child) => void;
}

function Inside({ state, onChoose, onCorrected, onErased }: InsideProps): JSX.Element {
  const { t, language } = useI18n();
  const child = state.children.find(({ id }) => id === state.chosen);
  return (
    <main class="family">
      {state.erased !== null && (
        <p class="family__erased" role="status">
          {t('family.erased', { name: state.erased })}
        </p>
      )}
      {state.children.length > 1 && (
        <div class="family__children" role="group" aria-label={t('family.children')}>
          {state.children.map(({ id, name }) => (
            <button key={id} type="button" class="chip family__child" aria-pressed={id === state.chosen} onClick={() => onChoose(id)}>
              {name}
            </button>
          ))}
        </div>
      )}
      {child === undefined ? (
        <p class="family__soft">{t('family.children_none')}</p>
      ) : (
        <>
          <h1 class="family__name">
            {child.name}
            <span>{[child.school, child.of === null ? null : language === 'en' ? t('family.class_label', { grade: child.of.grade, class: child.of.number }) : child.of.label].filter((part) => part !== null).join(' · ')}</span>
          </h1>
          <div key={child.id} class="family__cards">
            <div>
              <WeekCard child={child} />
              <TermCard child={child} />
            </div>
            <div>
              <FeedbackCard child={child} />
              <TvCard />
              <DataCard child={child} onCorrected={(name) => onCorrected(child, name)} onErased={() => onErased(child)} />
            </div>
          </div>
        </>
      )}
    </main>
  );
}

/** A home's children, each with its week, its attendance, the family's word on it, and its data. */
export function FamilyPage({ link }: { link: string }): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  useHome(link, store, state.kind === 'loading' || state.kind === 'in');
  useEffect(() => {
    document.title = `${t('family.page')} · ${t('common.brand')}`;
  }, [t]);
  useEffect(() => {
    if (state.kind === 'in') rememberFamily(link);
  }, [state.kind, link]);
  switch (state.kind) {
    case 'loading':
      return <Notice icon={state.offline ? 'offline' : 'clock'} title={t(state.offline ? 'family.offline' : 'family.loading')} busy />;
    case 'gone':
      return (
        <Notice icon="lock" title={t('family.gone')}>
          <p>{t('family.gone_text')}</p>
        </Notice>
      );
    case 'other':
      return (
        <Notice icon="lock" title={t('family.other')}>
          <p>{t('family.other_text')}</p>
        </Notice>
      );
    case 'digits':
      return (
        <LinkContext.Provider value={link}>
          <Door trouble={state.trouble} onProved={(reply) => store.dispatch({ type: 'proved', reply })} />
        </LinkContext.Provider>
      );
    case 'in':
      return (
        <LinkContext.Provider value={link}>
          <Inside state={state} onChoose={(child) => store.dispatch({ type: 'chose', child })} onCorrected={({ id }, name) => store.dispatch({ type: 'corrected', child: id, name })} onErased={(child) => store.dispatch({ type: 'erased', child })} />
        </LinkContext.Provider>
      );
  }
}
