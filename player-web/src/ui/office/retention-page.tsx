import '../../styles/retention.css';
import '../../i18n/retention';

import { Fragment, type JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { calendarDay, megabytes, moment } from '../../core/format';
import { page } from '../../core/office/decode';
import { decodeHolds, type Hold, standingOf } from '../../core/office/recordings';
import { decodeDeletion, decodeKept, decodeRules, type Deletion, type KeptRecording, type Kind, type Rule, type Rules, sortedHolds, spanOf } from '../../core/office/retention';
import { type Key, useI18n } from '../../i18n/i18n';
import { HoldSheet } from './hold-sheet';
import { kStandings } from './hold-words';
import { ListEnd } from './list-end';
import { useCall } from './use-call';
import { usePages } from './use-pages';

const readKept = page(decodeKept);
const readDeletions = page(decodeDeletion);

const kKindTexts: Readonly<Record<Kind, Key>> = {
  media: 'retention.kind_media',
  presence: 'retention.kind_presence',
  help: 'retention.kind_help',
  air: 'retention.kind_air',
  answers: 'retention.kind_answers',
  access: 'retention.kind_access',
  spot_check: 'retention.kind_spot_check',
  feedback: 'retention.kind_feedback',
};
const kFromTexts: Readonly<Record<Kind, Key>> = {
  media: 'retention.after_lesson',
  presence: 'retention.after_term',
  help: 'retention.after_lesson',
  air: 'retention.after_term',
  answers: 'retention.with_term',
  access: 'retention.after_look',
  spot_check: 'retention.after_signing',
  feedback: 'retention.after_saying',
};
const kCheck = 'tongke retention report';
const kOfTerm: readonly Kind[] = ['presence', 'air', 'answers'];

/** A key of the configuration, which may break where its words end. */
function Setting({ name }: { name: string }): JSX.Element {
  return (
    <code class="kept__key">
      {(name.match(/[^._]+[._]?/g) ?? []).map((piece) => (
        <Fragment key={piece}>
          {piece}
          <wbr />
        </Fragment>
      ))}
    </code>
  );
}

function RuleRow({ rule, termKnown }: { rule: Rule; termKnown: boolean }): JSX.Element {
  const { t } = useI18n();
  const { kind, key, keepsMs } = rule;
  const { unit, n } = spanOf(keepsMs);
  const span = t(unit === 'days' ? 'retention.days' : 'retention.hours', { n });
  return (
    <tr>
      <th scope="row">{t(kKindTexts[kind])}</th>
      <td>
        {t(kFromTexts[kind], { span })}
        {kOfTerm.indexOf(kind) >= 0 && !termKnown && <span class="grid__under">{t('retention.no_term')}</span>}
        <span class="grid__under">
          <Setting name={key} />
        </span>
      </td>
    </tr>
  );
}

function RulesCard(): JSX.Element {
  const { t, language } = useI18n();
  const call = useCall();
  const [rules, setRules] = useState<Rules | 'failed' | null>(null);
  const load = (): void => call({ method: 'GET', path: '/api/v1/retention', decode: decodeRules }, (reply) => setRules(reply.kind === 'ok' ? reply.value : 'failed'));
  useEffect(load, []);
  const facts = ({ nextRunMs, termEnd, graduationUntil, officer }: Rules): readonly (readonly [words: string, key: string])[] => [
    [t('retention.job', { at: moment(language, nextRunMs) }), 'retention.time'],
    [termEnd === null ? t('retention.term_none') : t('retention.term_end', { date: calendarDay(language, termEnd, { year: 'numeric' }) }), 'retention.term_end'],
    ...(graduationUntil === null ? [] : [[t('retention.graduation', { date: calendarDay(language, graduationUntil, { year: 'numeric' }) }), 'retention.graduation_until'] as const]),
    [officer === null ? t('retention.officer_none') : t('retention.officer', { name: officer }), 'retention.officer'],
  ];
  return (
    <section class="card office__card">
      <h2>{t('retention.rules')}</h2>
      {rules === null && <p role="status">{t('office.loading')}</p>}
      {rules === 'failed' && (
        <p role="alert">
          {t('office.list_failed')}{' '}
          <button type="button" class="link" onClick={load}>
            {t('office.list_again')}
          </button>
        </p>
      )}
      {rules !== null && rules !== 'failed' && (
        <>
          <table class="grid">
            <thead>
              <tr>
                <th scope="col">{t('retention.what')}</th>
                <th scope="col">{t('retention.how_long')}</th>
              </tr>
            </thead>
            <tbody>
              {rules.rules.map((rule) => (
                <RuleRow key={rule.kind} rule={rule} termKnown={rules.termEnd !== null} />
              ))}
            </tbody>
          </table>
          <ul class="kept__facts">
            {facts(rules).map(([words, key]) => (
              <li key={key}>
                {words} <Setting name={key} />
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

/** A lesson that a hold is set on or taken off. */
interface Holding {
  readonly id: string;
  readonly title: string;
}

function HoldLine({ hold, onHold }: { hold: Hold; onHold: (of: Holding) => void }): JSX.Element {
  const { t, language } = useI18n();
  const { lesson, title, reason, askedBy, askedMs, approvedBy, releaseBy } = hold;
  const standing = kStandings[standingOf(hold)];
  return (
    <li>
      <h3>{title ?? t('retention.lesson_gone')}</h3>
      <p>
        {standing !== null && <b>{t(standing)}</b>} <span class="grid__soft">{t('retention.hold_since', { at: moment(language, askedMs) })}</span>
      </p>
      <p>
        {t('office.hold_why', { reason })} {askedBy !== null && t('office.hold_by', { name: askedBy.name })} {approvedBy !== null && t('office.hold_agreed', { name: approvedBy.name })}{' '}
        {releaseBy !== null && t('office.hold_release_by', { name: releaseBy.name })}
      </p>
      {title !== null && (
        <button type="button" class="link" aria-label={t('office.hold_of', { title })} onClick={() => onHold({ id: lesson, title })}>
          {t('retention.hold_do')}
        </button>
      )}
    </li>
  );
}

function KeptRow({ of, onHold }: { of: KeptRecording; onHold: (of: Holding) => void }): JSX.Element {
  const { t, language } = useI18n();
  const { lesson, title, startedMs, goesMs } = of;
  return (
    <tr>
      <th scope="row">
        {title ?? t('retention.lesson_gone')}
        {startedMs !== null && <span class="grid__under">{moment(language, startedMs)}</span>}
      </th>
      <td>{goesMs === null ? t('retention.held') : moment(language, goesMs)}</td>
      <td>
        {title !== null && (
          <button type="button" class="link" aria-label={t('office.hold_of', { title })} onClick={() => onHold({ id: lesson, title })}>
            {t('retention.hold_do')}
          </button>
        )}
      </td>
    </tr>
  );
}

function DeletionLine({ of }: { of: Deletion }): JSX.Element {
  const { t, language } = useI18n();
  const { id, atMs, kind, title, items, bytes, hash, chain } = of;
  const what = kind === null ? t('retention.kind_other') : t(kKindTexts[kind]);
  const mb = megabytes(bytes);
  return (
    <li>
      <p>
        <b>{what}</b> {title}
      </p>
      <p class="grid__soft">
        {moment(language, atMs, true)} · {mb === '0.0' ? t('retention.items', { n: items }) : t('retention.items_bytes', { n: items, mb })}
      </p>
      <details>
        <summary aria-label={t('retention.proof_label', { id })}>{t('retention.proof')}</summary>
        <div class="kept__proof">
          {hash !== '' && (
            <p>
              {t('retention.hash')} <code>{hash}</code>
            </p>
          )}
          <p>
            {t('retention.chain', { id })} <code>{chain}</code>
          </p>
        </div>
      </details>
    </li>
  );
}

/** What the server keeps and how long, what goes next, what is held, and the proofs of what is gone. */
export function RetentionPage(): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const kept = usePages('/api/v1/retention/recordings', readKept);
  const deletions = usePages('/api/v1/retention/deletions', readDeletions);
  const [holds, setHolds] = useState<readonly Hold[] | 'failed' | null>(null);
  const [holding, setHolding] = useState<Holding | null>(null);
  const ask = (): void => call({ method: 'GET', path: '/api/v1/holds', decode: decodeHolds }, (reply) => setHolds(reply.kind === 'ok' ? sortedHolds(reply.value) : 'failed'));
  useEffect(ask, []);
  const known = holds === null || holds === 'failed' ? [] : holds;
  const holdOf = (id: string): Hold | undefined => known.find(({ lesson }) => lesson === id);
  const changed = (): void => {
    ask();
    kept.refresh();
  };
  return (
    <section aria-label={t('office.nav_retention')}>
      <h1 class="office__title">{t('office.nav_retention')}</h1>
      <p class="office__text">{t('retention.text')}</p>
      <RulesCard />
      <section class="card office__card">
        <h2>{t('retention.holds')}</h2>
        {holds === null && <p role="status">{t('office.loading')}</p>}
        {holds === 'failed' && <p role="alert">{t('office.list_failed')}</p>}
        {holds !== null && holds !== 'failed' && holds.length === 0 && <p class="office__text">{t('retention.holds_none')}</p>}
        {known.length > 0 && (
          <ul class="kept__lines">
            {known.map((hold) => (
              <HoldLine key={hold.lesson} hold={hold} onHold={setHolding} />
            ))}
          </ul>
        )}
      </section>
      <section class="card office__card">
        <h2>{t('retention.next')}</h2>
        {kept.items.length > 0 && (
          <table class="grid">
            <thead>
              <tr>
                <th scope="col">{t('retention.lesson')}</th>
                <th scope="col">{t('retention.goes')}</th>
                <th scope="col">{t('retention.hold_do')}</th>
              </tr>
            </thead>
            <tbody>
              {kept.items.map((one) => (
                <KeptRow key={one.lesson} of={one} onHold={setHolding} />
              ))}
            </tbody>
          </table>
        )}
        <ListEnd pages={kept} empty={t('retention.next_none')} />
      </section>
      <section class="card office__card">
        <h2>{t('retention.deletions')}</h2>
        <p class="office__text">
          {t('retention.deletions_text')} <code>{kCheck}</code>
        </p>
        <ul class="kept__lines">
          {deletions.items.map((one) => (
            <DeletionLine key={one.id} of={one} />
          ))}
        </ul>
        <ListEnd pages={deletions} empty={t('retention.deletions_none')} />
      </section>
      {holding !== null && <HoldSheet lesson={holding} hold={holdOf(holding.id)} onChanged={changed} onClose={() => setHolding(null)} />}
    </section>
  );
}
