import type { JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { call } from '../../core/office/call';
import { decodeSession } from '../../core/office/decode';
import { type Event, kInitial, reduce, type State } from '../../core/office/session';
import { backOff } from '../../core/delay';
import { createStore, type Store } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { Shell } from './shell';
import { SignIn } from './sign-in';
import { DeskContext } from './use-call';

const kPath = '/api/v1/session';

/** Who is signed in already; asked until the server answers. */
function useSession(store: Store<State, Event>): void {
  useEffect(() => {
    const life = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async (failures: number): Promise<void> => {
      const reply = await call({ method: 'GET', path: kPath, decode: decodeSession }, life.signal);
      if (life.signal.aborted) return;
      store.dispatch({ type: 'asked', reply });
      if (reply.kind === 'failed') timer = setTimeout(() => void ask(failures + 1), backOff(failures + 1, Math.random()));
    };
    void ask(0);
    return () => {
      clearTimeout(timer);
      life.abort();
    };
  }, [store]);
}

export function OfficePage(): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  useSession(store);
  useEffect(() => {
    document.title = `${t('office.page')} · ${t('common.brand')}`;
  }, [t]);

  const signIn = (login: string, password: string): void => {
    store.dispatch({ type: 'signing' });
    void call({ method: 'POST', path: kPath, json: { login, password }, decode: decodeSession }, new AbortController().signal).then((reply) =>
      store.dispatch({ type: 'signed', reply }),
    );
  };
  const signOut = (csrf: string): void => {
    store.dispatch({ type: 'left' });
    void call({ method: 'DELETE', path: kPath, csrf, decode: () => null }, new AbortController().signal);
  };

  switch (state.kind) {
    case 'loading':
      return <Notice icon={state.offline ? 'offline' : 'clock'} title={state.offline ? t('office.loading_offline') : t('office.loading')} busy />;
    case 'out':
      return <SignIn state={state} onSignIn={signIn} />;
    case 'in': {
      const { session } = state;
      return (
        <DeskContext.Provider value={{ session, ended: () => store.dispatch({ type: 'ended' }) }}>
          <Shell
            session={session}
            onSignOut={() => signOut(session.csrf)}
            onSession={(fresh) => store.dispatch({ type: 'signed', reply: { kind: 'ok', value: fresh } })}
          />
        </DeskContext.Provider>
      );
    }
  }
}
