import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import type { State, Trouble } from '../../core/office/session';
import { type Translate, useI18n } from '../../i18n/i18n';
import { Field } from './field';

interface SignInProps {
  readonly state: Extract<State, { kind: 'out' }>;
  readonly title: string;
  readonly text: string;
  readonly onSignIn: (login: string, password: string) => void;
}

function words(t: Translate, trouble: Trouble): string {
  switch (trouble.kind) {
    case 'wrong':
      return t('office.wrong');
    case 'wait':
      return t('office.wait', { n: trouble.seconds });
    case 'offline':
      return t('office.offline');
    case 'ended':
      return t('office.ended');
  }
}

export function SignIn({ state, title, text, onSignIn }: SignInProps): JSX.Element {
  const { t } = useI18n();
  const [login, setLogin] = useState('');
  const [password, setPassword] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    if (login !== '' && password !== '' && !state.busy) onSignIn(login, password);
  };
  return (
    <main class="door">
      <form class="card door__card" onSubmit={submit}>
        <h1 class="door__title">{title}</h1>
        <p class="door__text">{text}</p>
        <Field id="login" label={t('office.login')} type="text" autocomplete="username" value={login} onInput={setLogin} />
        <Field id="password" label={t('office.password')} type="password" autocomplete="current-password" value={password} onInput={setPassword} />
        <p class="door__trouble" role="alert">
          {state.trouble !== null && words(t, state.trouble)}
        </p>
        <button type="submit" class="button button--primary door__do" disabled={state.busy}>
          {state.busy ? t('office.signing_in') : t('office.sign_in_do')}
        </button>
        <p class="door__text">
          {t('office.no_account')} <code>{`tongke account create`}</code>
        </p>
      </form>
    </main>
  );
}
