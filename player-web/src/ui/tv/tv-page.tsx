import type { JSX } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';

import { backOff } from '../../core/delay';
import { startPoll } from '../../core/poll';
import { createStore } from '../../core/store';
import { askLink, type Event, kInitial, reduce, showCode, spoken, type State } from '../../core/tv';
import { useI18n } from '../../i18n/i18n';
import { qrPath, type QrPath } from '../../media/qr';
import { useStore } from '../hooks';
import { Notice } from '../notice';
import { WatchPage } from '../watch-page';
import { PhoneSide } from './phone-side';
import { startRemote } from './remote';

const kAskMs = 2000;

/** Asks for digits, then every two seconds what to show. */
function useTelevision(): State {
  const store = useMemo(() => createStore<State, Event>(kInitial, reduce), []);
  const state = useStore(store);
  const key = state.kind === 'starting' ? null : state.shown.key;
  useEffect(() => {
    const poll =
      key === null
        ? startPoll({
            load: showCode,
            heard: (answer) => store.dispatch({ type: 'shown', answer }),
            next: (failures, random) => backOff(Math.max(1, failures), random),
          })
        : startPoll({
            load: (signal) => askLink(key, signal),
            heard: (answer) => store.dispatch({ type: 'told', answer }),
            next: (failures, random) => (failures > 0 ? backOff(failures, random) : kAskMs),
          });
    return () => poll.stop();
  }, [store, key]);
  return state;
}

function Code({ code }: { code: string }): JSX.Element {
  const { t } = useI18n();
  const address = `${location.origin}/tv#${code}`;
  const [qr, setQr] = useState<QrPath | null>(null);
  useEffect(() => {
    let here = true;
    qrPath(address).then(
      (made) => here && setQr(made),
      () => undefined, // the digits are there
    );
    return () => {
      here = false;
    };
  }, [address]);
  return (
    <main class="tv">
      <div class="tv__words">
        <h1>{t('tv.title')}</h1>
        <ol>
          <li>{t('tv.step_1')}</li>
          <li>{t('tv.step_2')}</li>
          <li>{t('tv.step_3')}</li>
        </ol>
        <p class="tv__code" aria-label={code.split('').join(' ')}>
          {spoken(code)}
        </p>
      </div>
      <div class="tv__qr">
        {qr !== null && (
          <svg class="code__svg" viewBox={`0 0 ${qr.size} ${qr.size}`} role="img" aria-label={t('tv.qr')} shape-rendering="crispEdges">
            <path d={qr.path} />
          </svg>
        )}
        <p>{t('tv.qr_hint')}</p>
      </div>
    </main>
  );
}

/** A television: six digits until a phone says them, then the lesson. On a phone that scanned
 *  its code, the other side of it. */
export function TvPage(): JSX.Element {
  const code = /^#(\d{6})$/.exec(location.hash)?.[1];
  return code === undefined ? <Television /> : <PhoneSide code={code} />;
}

function Television(): JSX.Element {
  const { t } = useI18n();
  const state = useTelevision();
  useEffect(startRemote, []);
  useEffect(() => {
    if (state.kind !== 'playing') document.title = t('tv.title');
  }, [t, state.kind]);
  switch (state.kind) {
    case 'starting':
      return <Notice icon={state.offline ? 'offline' : 'tv'} title={state.offline ? t('tv.offline') : t('tv.starting')} busy />;
    case 'code':
      return state.offline ? <Notice icon="offline" title={t('tv.offline')} busy /> : <Code code={state.shown.code} />;
    case 'playing':
      return <WatchPage key={state.link} path={`/w/${state.link}`} tv />;
  }
}
