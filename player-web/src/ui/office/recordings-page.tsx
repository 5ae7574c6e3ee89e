import type { JSX } from 'preact';
import { useEffect, useState } from 'preact/hooks';

import { megabytes, moment } from '../../core/format';
import { decodeLesson, type OfficeLesson, page } from '../../core/office/decode';
import { type Contents, decodeContents, decodeHolds, decodeOfficeLink, found, type Hold, type OfficeLink, standingOf } from '../../core/office/recordings';
import { useI18n } from '../../i18n/i18n';
import { Icon } from '../icons';
import { HoldSheet } from './hold-sheet';
import { kStandings } from './hold-words';
import { ListEnd } from './list-end';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';

const readLessons = page(decodeLesson);

interface RowProps {
  readonly lesson: OfficeLesson;
  readonly hold: Hold | undefined;
  readonly holds: boolean;
  readonly onHold: () => void;
}

/** What to do with one: opened by a tap, as each look is written down. */
function Opened({ id }: { id: string }): JSX.Element {
  const { t } = useI18n();
  const call = useCall();
  const [link, setLink] = useState<OfficeLink | null | 'failed'>(null);
  const [contents, setContents] = useState<Contents | null | 'none'>(null);
  useEffect(() => {
    call({ method: 'POST', path: `/api/v1/lessons/${id}/office-link`, decode: decodeOfficeLink }, (reply) => {
      if (reply.kind !== 'ok') return setLink('failed');
      setLink(reply.value);
      return call({ method: 'GET', path: reply.value.recording, decode: decodeContents }, (told) => setContents(told.kind === 'ok' ? told.value : 'none'));
    });
  }, [id]);
  if (link === 'failed') {
    return (
      <p class="door__trouble" role="alert">
        {t('office.recording_not_yours')}
      </p>
    );
  }
  if (link === null || contents === null) {
    return (
      <p class="list__end" role="status">
        {t('office.loading')}
      </p>
    );
  }
  if (contents === 'none') return <p class="list__end">{t('office.recording_none')}</p>;
  return (
    <>
      <p>
        {t('office.recording_facts', { n: Math.max(1, Math.round(contents.seconds / 60)), mb: megabytes(contents.bytes) })}
        {contents.gaps > 0 && ` · ${t('office.recording_gaps', { n: contents.gaps })}`}
      </p>
      <p class="office__do">
        <a class="button" target="_blank" rel="noopener" href={link.page}>
          <Icon name="play" size={20} />
          {t('office.recording_play')}
        </a>
        <a class="button" href={link.mp4} download>
          <Icon name="download" size={20} />
          {t('office.recording_mp4')}
        </a>
        <a class="button" href={link.m4a} download>
          {t('office.recording_m4a')}
        </a>
      </p>
    </>
  );
}

function Row({ lesson, hold, holds, onHold }: RowProps): JSX.Element {
  const { t, language } = useI18n();
  const [open, setOpen] = useState(false);
  const { title, startedMs, lead, rooms, id } = lesson;
  const when = startedMs === null ? '' : moment(language, startedMs);
  const standing = kStandings[standingOf(hold)];
  return (
    <li class="lesson-row">
      <p class="lesson-row__state">{when}</p>
      <h2 class="lesson-row__title">{title}</h2>
      <p class="lesson-row__soft">{[...(lead === null ? [] : [t('office.lesson_lead', { name: lead })]), ...rooms.map(({ label }) => label)].join(' · ')}</p>
      {standing !== null && (
        <p class="lesson-row__held">
          <Icon name="lock" size={20} />
          {t(standing)}
        </p>
      )}
      {open && <Opened id={id} />}
      <p class="office__do">
        {!open && (
          <button type="button" class="link" aria-label={t('office.recording_open_label', { title })} onClick={() => setOpen(true)}>
            {t('office.recording_open')}
          </button>
        )}
        {holds && (
          <button type="button" class="link" aria-label={t('office.hold_of', { title })} onClick={onHold}>
            {t('office.hold')}
          </button>
        )}
      </p>
    </li>
  );
}

/** Lessons that were on air: to find, play, download, and to keep beyond their term. */
export function RecordingsPage(): JSX.Element {
  const { t } = useI18n();
  const { session } = useDesk();
  const call = useCall();
  const lessons = usePages('/api/v1/lessons', readLessons);
  const [words, setWords] = useState('');
  const [holds, setHolds] = useState<readonly Hold[]>([]);
  const [holding, setHolding] = useState<OfficeLesson | null>(null);
  const mayHold = session.may.indexOf('hold') >= 0;
  const ask = (): void => {
    if (mayHold) call({ method: 'GET', path: '/api/v1/holds', decode: decodeHolds }, (reply) => reply.kind === 'ok' && setHolds(reply.value));
  };
  useEffect(ask, []);
  const holdOf = (id: string): Hold | undefined => holds.find(({ lesson }) => lesson === id);
  const shown = found(lessons.items, words);
  return (
    <section aria-label={t('office.nav_recordings')}>
      <h1 class="office__title">{t('office.nav_recordings')}</h1>
      <p class="office__text">{t('office.recordings_text')}</p>
      <p class="entry">
        <label for="find">{t('office.recordings_find')}</label>
        <input id="find" class="entry__line" type="search" autocomplete="off" value={words} onInput={(event) => setWords(event.currentTarget.value)} />
      </p>
      <ul class="lesson-rows">
        {shown.map((lesson) => (
          <Row key={lesson.id} lesson={lesson} hold={holdOf(lesson.id)} holds={mayHold} onHold={() => setHolding(lesson)} />
        ))}
      </ul>
      {shown.length === 0 && lessons.items.length > 0 && <p class="list__end">{t('office.recordings_not_found')}</p>}
      <ListEnd pages={lessons} empty={t('office.recordings_none')} />
      {holding !== null && <HoldSheet lesson={holding} hold={holdOf(holding.id)} onChanged={ask} onClose={() => setHolding(null)} />}
    </section>
  );
}
