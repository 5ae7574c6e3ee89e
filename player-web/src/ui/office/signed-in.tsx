import type { ComponentChildren, JSX } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';

import { call } from '../../core/office/call';
import { decodeSession, type Session } from '../../core/office/decode';
import { type Event, kInitial, reduce, type State } from '../../core/office/session';
import { backOff } from '../../core/delay';
import { createStore, type Store } from '../../core/store';
import { useI18n } from '../../i18n/i18n';
import { useStore } from '../hooks';
import { Notice } from '../notice';
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

export interface Inside {
  readonly session: Session;
  readonly onSignOut: () => void;
  readonly onSession: (session: Session) => void;
}

interface SignedInProps {
  /** Of the page, and what its door says. */
  readonly title: string;
  readonly text: string;
  readonly children: (inside: Inside) => ComponentChildren;
}

/** A page for who has an account: its door, and what is behind it. */
export function SignedIn({ title, text, children }: SignedInProps): JSX.Element {
  const { t } = useI18n();
  const store = useMemo(() => createStore(kInitial, reduce), []);
  const state = useStore(store);
  useSession(store);
  useEffect(() => {
    document.title = `${title} · ${t('common.brand')}`;
  }, [t, title]);

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
      return <SignIn state={state} title={title} text={text} onSignIn={signIn} />;
    case 'in': {
      const { session } = state;
      return (
        <DeskContext.Provider value={{ session, ended: () => store.dispatch({ type: 'ended' }) }}>
          {children({ session, onSignOut: () => signOut(session.csrf), onSession: (fresh) => store.dispatch({ type: 'signed', reply: { kind: 'ok', value: fresh } }) })}
        </DeskContext.Provider>
      );
    }
  }
}
