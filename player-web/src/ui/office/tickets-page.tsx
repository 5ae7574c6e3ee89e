import '../../styles/tickets.css';
import '../../i18n/tickets';

import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { type DeskName, kMaxText } from '../../core/family/feedback';
import { moment } from '../../core/format';
import { type Board, type BoardTicket, decodeBoard, decodeTicket, replaced, type Trouble, troublesOf } from '../../core/office/tickets';
import { type Key, type Translate, useI18n } from '../../i18n/i18n';
import { className } from './class-name';
import { OnDuty } from './on-duty';
import { useCall } from './use-call';

const kDeskTexts: Readonly<Record<DeskName, Key>> = { office: 'tickets.desk_office', homeroom: 'tickets.desk_homeroom', technician: 'tickets.desk_technician', principal: 'tickets.desk_principal' };
const kTroubleTexts: Readonly<Record<Trouble, Key>> = {
  picture: 'tickets.picture',
  sound: 'tickets.sound',
  too_fast: 'tickets.too_fast',
  too_long: 'tickets.too_long',
  words: 'tickets.words',
};
const kLimit = 50;
const kWhoHelps = ['technician'] as const;

function clockOf(t: Translate, language: string, { ticket, answeredBy }: BoardTicket): string {
  if (ticket.state === 'closed') return t('tickets.closed_one');
  if (ticket.state === 'answered') return t('tickets.answered', { name: answeredBy ?? '' });
  return t(ticket.overdue ? 'tickets.late' : 'tickets.due', { due: moment(language, ticket.dueMs) });
}

interface AnswerProps {
  readonly of: BoardTicket;
  readonly busy: boolean;
  readonly onSend: (text: string) => void;
  readonly onClose: () => void;
}

function AnswerForm({ of, busy, onSend, onClose }: AnswerProps): JSX.Element {
  const { t } = useI18n();
  const [text, setText] = useState(of.ticket.answer ?? '');
  const line = text.replace(/\s+/g, ' ').trim();
  const send = (event: Event): void => {
    event.preventDefault();
    if (line !== '' && !busy) onSend(line);
  };
  const id = `answer-${of.id}`;
  return (
    <form class="contact" onSubmit={send}>
      <p class="entry">
        <label for={id}>{t('tickets.answer_text')}</label>
        <textarea id={id} class="entry__line ticket__answer" rows={3} maxLength={kMaxText} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </p>
      <p class="office__do">
        <button type="submit" class="button button--primary" disabled={line === '' || busy}>
          {t('tickets.answer_do')}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {t('tickets.cancel')}
        </button>
      </p>
    </form>
  );
}

type Do = (deed: 'answer' | 'pass' | 'close', json: object, done: () => void) => void;

function Line({ of, busy, failed, onDo }: { of: BoardTicket; busy: boolean; failed: boolean; onDo: Do }): JSX.Element {
  const i18n = useI18n();
  const { t, language } = i18n;
  const [answering, setAnswering] = useState(false);
  const { ticket } = of;
  const what = troublesOf(of)
    .map((trouble) => t(kTroubleTexts[trouble]))
    .join(' · ');
  const desk = [t(kDeskTexts[ticket.owner]), ...(of.holder === null ? [] : [of.holder])].join(' ');
  const owner = t('tickets.owner', { desk, since: moment(language, ticket.sinceMs) });
  const answerText = t(ticket.state === 'open' ? 'tickets.answer' : 'tickets.answer_again');
  const done = (): void => setAnswering(false);
  return (
    <li class={`find ticket ticket--${ticket.overdue ? 'late' : ticket.state}`}>
      <h2 class="ticket__what">{what}</h2>
      <p class="find__facts">{[of.pupil ?? t('tickets.nameless'), ...(of.of === null ? [] : [className(i18n, of.of)]), moment(language, of.saidMs)].join(' · ')}</p>
      {of.lesson !== null && <p class="find__facts">{t('tickets.lesson', { title: of.lesson.title })}</p>}
      {of.text !== '' && <p class="line">{of.text}</p>}
      <p class="ticket__clock">
        <b>{clockOf(t, language, of)}</b> <span>{owner}</span>
        {ticket.next !== null && <span>{t('tickets.climbs', { desk: t(kDeskTexts[ticket.next.desk]), at: moment(language, ticket.next.atMs) })}</span>}
      </p>
      {ticket.answer !== null && <p class="line line--mine">{ticket.answer}</p>}
      {of.mayAnswer && ticket.state !== 'closed' && answering && <AnswerForm of={of} busy={busy} onSend={(text) => onDo('answer', { text }, done)} onClose={done} />}
      {of.mayAnswer && ticket.state !== 'closed' && !answering && (
        <p class="office__do ticket__do">
          <button type="button" class={ticket.state === 'open' ? 'button button--primary' : 'button'} aria-label={t('tickets.answer_label', { deed: answerText, what })} onClick={() => setAnswering(true)}>
            {answerText}
          </button>
          {ticket.state === 'answered' && (
            <button type="button" class="button button--primary" disabled={busy} onClick={() => onDo('close', {}, done)}>
              {t('tickets.close')}
            </button>
          )}
        </p>
      )}
      {of.mayAnswer && ticket.state === 'open' && !answering && of.desks.length > 0 && (
        <p class="ticket__pass">
          {t('tickets.pass')}
          {of.desks.map((to) => (
            <button key={to} type="button" class="link" disabled={busy} aria-label={t('tickets.pass_label', { desk: t(kDeskTexts[to]) })} onClick={() => onDo('pass', { to }, done)}>
              {t(kDeskTexts[to])}
            </button>
          ))}
        </p>
      )}
      {failed && (
        <p class="door__trouble" role="alert">
          {t('tickets.failed')}
        </p>
      )}
    </li>
  );
}

type Which = 'open' | 'closed';
const kWhich: Readonly<Record<Which, Key>> = { open: 'tickets.open', closed: 'tickets.closed' };

function Numbers({ board }: { board: Board }): JSX.Element {
  const { t } = useI18n();
  return (
    <p class={board.late > 0 ? 'zero' : 'zero zero--done'} role="status">
      <b>{board.waiting}</b> {board.waiting === 0 ? t('tickets.waiting_none') : [t('tickets.waiting'), ...(board.late > 0 ? [t('tickets.overdue', { n: board.late })] : [])].join(' · ')}
    </p>
  );
}

/** What families said was wrong: whose each is, by when it is answered, and the answer. */
export function TicketsPage(): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [which, setWhich] = useState<Which>('open');
  const [board, setBoard] = useState<Board | 'loading' | 'failed'>('loading');
  const [busy, setBusy] = useState<string | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const load = (before: Board | null): void => {
    if (before === null) setBoard('loading');
    const cursor = before?.next ?? null;
    call({ method: 'GET', path: `/api/v1/tickets?state=${which}&limit=${kLimit}${cursor === null ? '' : `&cursor=${cursor}`}`, decode: decodeBoard }, (reply) => {
      if (reply.kind === 'ok') setBoard({ ...reply.value, items: [...(before?.items ?? []), ...reply.value.items] });
      else if (before === null) setBoard('failed');
    });
  };
  useEffect(() => load(null), [which]);
  const act = (id: string): Do => (deed, json, done) => {
    setBusy(id);
    setFailed(null);
    call({ method: 'POST', path: `/api/v1/tickets/${id}/${deed}`, json, decode: decodeTicket }, (reply) => {
      setBusy(null);
      if (reply.kind !== 'ok') return setFailed(id);
      setBoard((now) => (typeof now === 'string' ? now : replaced(now, reply.value)));
      return done();
    });
  };
  return (
    <section aria-label={t('office.nav_tickets')}>
      <h1 class="office__title">{t('office.nav_tickets')}</h1>
      <p class="office__text">{t('tickets.text')}</p>
      <OnDuty posts={kWhoHelps} />
      <div role="radiogroup" aria-label={t('tickets.which')}>
        {(['open', 'closed'] as const).map((one) => (
          <button key={one} type="button" class="chip" role="radio" aria-checked={which === one} onClick={() => setWhich(one)}>
            {t(kWhich[one])}
          </button>
        ))}
      </div>
      {typeof board === 'string' ? (
        <p class="list__end" role={board === 'failed' ? 'alert' : 'status'}>
          {t(board === 'failed' ? 'office.list_failed' : 'office.loading')}{' '}
          {board === 'failed' && (
            <button type="button" class="link" onClick={() => load(null)}>
              {t('office.list_again')}
            </button>
          )}
        </p>
      ) : (
        <>
          {which === 'open' && <Numbers board={board} />}
          <ul class="tickets">
            {board.items.map((one) => (
              <Line key={one.id} of={one} busy={busy === one.id} failed={failed === one.id} onDo={act(one.id)} />
            ))}
          </ul>
          {board.items.length === 0 && <p class="list__end">{t('tickets.none')}</p>}
          {board.next !== null && (
            <button type="button" class="button" onClick={() => load(board)}>
              {t('office.more')}
            </button>
          )}
        </>
      )}
    </section>
  );
}
