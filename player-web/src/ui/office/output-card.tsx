import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { megabytes, timeOfDay } from '../../core/format';
import { decodeOutput, type Destination, isUnderWay, type Output, outputPath, outputsPath, type OutputState, type OutputTrouble, troubleOf } from '../../core/office/outputs';
import { type Key, useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { Field } from './field';
import { useCall } from './use-call';

const kStates: Readonly<Record<OutputState, Key>> = {
  waiting: 'outputs.state_waiting',
  connecting: 'outputs.state_connecting',
  sending: 'outputs.state_sending',
  retrying: 'outputs.state_retrying',
  ended: 'outputs.state_ended',
};
const kTroubles: Readonly<Record<OutputTrouble, Key>> = {
  unreachable: 'outputs.why_unreachable',
  parameters_changed: 'outputs.why_parameters_changed',
  unsupported: 'outputs.why_unsupported',
  no_answer: 'outputs.why_no_answer',
  other: 'outputs.why_other',
};
const kMinuteMs = 60_000;

/** What is to be known of one that was begun. */
function Facts({ output, delayS }: { output: Output; delayS: number }): JSX.Element {
  const { t, language } = useI18n();
  const { state, sinceMs, bytes, droppedSegments, droppedFrames, late, cutMs, lastError } = output;
  const sent = [
    t('outputs.since', { time: timeOfDay(language, sinceMs) }),
    ...(state === 'sending' ? [t('outputs.for_minutes', { n: Math.floor(Math.max(0, Date.now() - sinceMs) / kMinuteMs) })] : []),
    ...(bytes > 0 ? [t('outputs.sent', { mb: megabytes(bytes) })] : []),
  ];
  const lost = [
    ...(droppedSegments > 0 ? [t('outputs.dropped_segments', { n: droppedSegments })] : []),
    ...(droppedFrames > 0 ? [t('outputs.dropped_frames', { n: droppedFrames })] : []),
    ...(late > 0 ? [t('outputs.late', { n: late })] : []),
  ];
  return (
    <>
      <p class="output__soft">{state === 'waiting' ? t('outputs.waiting_text', { n: delayS }) : sent.join(' · ')}</p>
      {cutMs !== null && <p>{t('outputs.cut_since', { time: timeOfDay(language, cutMs, true), n: delayS })}</p>}
      {lost.map((words) => (
        <p key={words}>{words}</p>
      ))}
      {lastError !== null && (
        <>
          <p>
            <b>{t('outputs.last_error')}</b> {t(kTroubles[troubleOf(lastError)])}
          </p>
          <p class="output__soft" lang="en">
            {lastError}
          </p>
        </>
      )}
    </>
  );
}

interface OutputCardProps {
  readonly lesson: string;
  readonly to: Destination;
  /** Undefined: the lesson is not sent there. */
  readonly output: Output | undefined;
  readonly onSaid: (output: Output) => void;
  readonly onStopped: () => void;
}

/** One destination of a lesson: how it stands, and what can be done. Cutting takes one press and asks nothing. */
export function OutputCard({ lesson, to, output, onSaid, onStopped }: OutputCardProps): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [key, setKey] = useState('');
  const [trouble, setTrouble] = useState('');
  const [asking, setAsking] = useState(false);
  const { name, kind, wantsKey, delayMs } = to;
  const path = outputPath(lesson, name);
  const runs = isUnderWay(output);
  const cut = runs && output.cutMs !== null;
  const of = (what: string): string => t('outputs.of', { name, what });
  const start = (): void =>
    call({ method: 'POST', path: outputsPath(lesson), json: { destination: name, ...(wantsKey ? { key } : {}) }, decode: decodeOutput }, (reply) => {
      setKey('');
      if (reply.kind === 'ok') onSaid(reply.value);
      setTrouble(reply.kind === 'ok' ? '' : reply.kind !== 'refused' ? t('outputs.failed') : reply.code === 'conflict' ? t('outputs.busy') : t('outputs.refused', { why: reply.message }));
    });
  const setCut = (on: boolean): void =>
    call({ method: on ? 'PUT' : 'DELETE', path: `${path}/cut`, decode: decodeOutput }, (reply) => {
      if (reply.kind === 'ok') onSaid(reply.value);
      setTrouble(reply.kind === 'ok' ? '' : t('outputs.failed'));
    });
  const stop = (): void => {
    setAsking(false);
    call({ method: 'DELETE', path, decode: () => null }, (reply) => {
      setTrouble(reply.kind === 'ok' || reply.kind === 'missing' ? '' : t('outputs.failed'));
      onStopped();
    });
  };
  return (
    <li class={`output output--${cut ? 'cut' : (output?.state ?? 'none')}`}>
      <h2 class="output__name">{name}</h2>
      <p class="output__soft">
        {t(kind === 'ts' ? 'outputs.kind_ts' : 'outputs.kind_rtmp')} · {t('outputs.delay', { n: Math.round(delayMs / 1000) })}
      </p>
      <p class="output__state" role="status">
        {[output === undefined ? t('outputs.state_none') : t(kStates[output.state]), ...(cut ? [t('outputs.on_slate')] : [])].join(' · ')}
      </p>
      {runs && !cut && (
        <button type="button" class="button button--live output__cut" aria-label={of(t('outputs.cut'))} onClick={() => setCut(true)}>
          {t('outputs.cut')}
        </button>
      )}
      {cut && (
        <button type="button" class="button button--primary output__cut" aria-label={of(t('outputs.restore'))} onClick={() => setCut(false)}>
          {t('outputs.restore')}
        </button>
      )}
      <p class="door__trouble" role="alert">
        {trouble}
      </p>
      {output !== undefined && <Facts output={output} delayS={Math.round(delayMs / 1000)} />}
      {!runs && wantsKey && (
        <>
          <Field id={`key-${name}`} label={t('outputs.key', { name })} type="password" autocomplete="off" value={key} onInput={setKey} />
          <p class="output__soft">{t('outputs.key_text')}</p>
        </>
      )}
      <p class="office__do">
        {runs ? (
          <button type="button" class="link" aria-label={of(t('outputs.stop'))} onClick={() => setAsking(true)}>
            {t('outputs.stop')}
          </button>
        ) : (
          <button type="button" class="button" aria-label={of(t(output === undefined ? 'outputs.start' : 'outputs.start_again'))} disabled={wantsKey && key === ''} onClick={start}>
            {t(output === undefined ? 'outputs.start' : 'outputs.start_again')}
          </button>
        )}
      </p>
      {asking && (
        <Sheet title={t('outputs.stop_ask', { name })} closeText={t('outputs.stop_no')} onClose={() => setAsking(false)}>
          <p class="sheet__text">{t('outputs.stop_text')}</p>
          <button type="button" class="button button--live sheet__do" onClick={stop}>
            {t('outputs.stop_yes')}
          </button>
        </Sheet>
      )}
    </li>
  );
}
