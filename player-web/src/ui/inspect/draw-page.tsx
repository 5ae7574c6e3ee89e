import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { moment } from '../../core/format';
import { type Commitment, type Draw, decodeCommitment, decodeDraw, decodeDraws, decodeUrn, type Look, type Urn } from '../../core/inspect/decode';
import type { Reply } from '../../core/office/call';
import { type Translate, useI18n } from '../../i18n/i18n';
import { Field } from '../office/field';
import { useCall } from '../office/use-call';
import { DrawCard } from './draw-card';
import { useLook } from './use-look';
import { stageWords } from './words';

const kRefreshMs = 10_000;
const kCounts = [1, 3, 5, 10] as const;

function refusal(t: Translate, reply: Exclude<Reply<Draw>, { kind: 'ok' }>): string {
  if (reply.kind !== 'refused') return t('inspect.draw_failed');
  if (reply.field === 'draw') return t('inspect.draw_taken');
  if (reply.field === 'on_air') return t('inspect.draw_none');
  return reply.field === 'words' ? t('inspect.draw_words') : t('inspect.draw_failed');
}

function UrnCard({ urn }: { urn: Urn | null }): JSX.Element {
  const { t } = useI18n();
  return (
    <section class="card office__card" aria-label={t('inspect.urn')}>
      <h2>{t('inspect.urn')}</h2>
      <p class="inspect__urn" role="status">
        {urn === null ? t('inspect.loading') : urn.lessons === 0 ? t('inspect.urn_none') : (
          <>
            <b>{t('inspect.urn_lessons', { n: urn.lessons })}</b> {t('inspect.urn_schools', { n: urn.schools })}
          </>
        )}
      </p>
      {urn !== null && urn.lessons > 0 && (
        <ul class="inspect__stages">
          {urn.stages.map(({ stage, lessons }) => (
            <li key={stage ?? ''}>
              {t('inspect.stage_lessons', { stage: stageWords(t, stage), n: lessons })}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface FormProps {
  readonly next: Commitment;
  readonly ready: boolean;
  readonly busy: boolean;
  readonly said: string;
  readonly onDraw: (words: string, count: number) => void;
}

/** The commitment first, then the inspector's own words: in this order neither can answer the other. */
function DrawForm({ next, ready, busy, said, onDraw }: FormProps): JSX.Element {
  const { t, language } = useI18n();
  const [words, setWords] = useState('');
  const [count, setCount] = useState<number>(5);
  const submit = (event: Event): void => {
    event.preventDefault();
    if (words.trim() !== '' && !busy) onDraw(words.trim(), count);
  };
  return (
    <form class="card office__card" onSubmit={submit}>
      <h2>{t('inspect.next', { n: next.number })}</h2>
      <p class="inspect__hash">
        <span>{t('inspect.commitment')}</span> <code>{next.commitment}</code>
      </p>
      <p class="inspect__soft">{t('inspect.commitment_since', { time: moment(language, next.committedMs) })}</p>
      <p class="office__text">{t('inspect.commitment_text')}</p>
      <Field id="words" label={t('inspect.words')} type="text" autocomplete="off" value={words} onInput={setWords} />
      <p class="inspect__soft">{t('inspect.words_hint')}</p>
      <div class="inspect__choices" role="radiogroup" aria-label={t('inspect.count')}>
        <span aria-hidden="true">{t('inspect.count')}</span>
        {kCounts.map((one) => (
          <button key={one} type="button" class="chip" role="radio" aria-checked={one === count} onClick={() => setCount(one)}>
            {one}
          </button>
        ))}
      </div>
      <button type="submit" class="button button--primary inspect__do" disabled={!ready || busy || words.trim() === ''}>
        {busy ? t('inspect.drawing') : t('inspect.draw')}
      </button>
      <p class="door__trouble" role="alert">
        {said}
      </p>
    </form>
  );
}

/** What is on air in numbers, the draw to come, and those that were made. */
export function DrawPage({ onLook }: { onLook: (look: Look) => void }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [urn, setUrn] = useState<Urn | null>(null);
  const [next, setNext] = useState<Commitment | null>(null);
  const [draws, setDraws] = useState<readonly Draw[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const made = useRef<HTMLElement>(null);
  const look = useLook(onLook);
  const askUrn = (): void => call({ method: 'GET', path: '/api/v1/inspection/on-air', decode: decodeUrn }, (reply) => reply.kind === 'ok' && setUrn(reply.value));
  const askDraws = (asked?: () => void): void => {
    call({ method: 'GET', path: '/api/v1/inspection/commitment', decode: decodeCommitment }, (reply) => reply.kind === 'ok' && setNext(reply.value));
    call({ method: 'GET', path: '/api/v1/inspection/draws', decode: decodeDraws }, (reply) => {
      if (reply.kind === 'ok') setDraws(reply.value);
      asked?.();
    });
  };
  useEffect(() => {
    askUrn();
    askDraws();
    const timer = setInterval(askUrn, kRefreshMs);
    return () => clearInterval(timer);
  }, []);
  const make = (words: string, count: number): void => {
    if (next === null) return;
    setBusy(true);
    setSaid('');
    call({ method: 'POST', path: '/api/v1/inspection/draws', json: { draw: next.draw, words, count }, decode: decodeDraw }, (reply) => {
      setBusy(false);
      if (reply.kind !== 'ok') setSaid(refusal(t, reply));
      // On a phone who came out stands below the form.
      askDraws(reply.kind === 'ok' ? () => made.current?.scrollIntoView({ block: 'start' }) : undefined);
    });
  };
  return (
    <section aria-label={t('inspect.page')}>
      <h1 class="office__title">{t('inspect.page')}</h1>
      <div class="inspect__two">
        <div>
          <UrnCard urn={urn} />
          {next !== null && <DrawForm key={next.draw} next={next} ready={urn !== null && urn.lessons > 0} busy={busy} said={said} onDraw={make} />}
        </div>
        <section ref={made} aria-label={t('inspect.draws')}>
          <h2 class="inspect__name">{t('inspect.draws')}</h2>
          <p class="door__trouble" role="alert">
            {look.said}
          </p>
          {draws !== null && draws.length === 0 && <p class="list__end">{t('inspect.draws_none')}</p>}
          <ul class="inspect__list">
            {draws?.map((draw) => (
              <DrawCard key={draw.draw} draw={draw} look={look} />
            ))}
          </ul>
        </section>
      </div>
    </section>
  );
}
