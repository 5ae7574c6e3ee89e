import '../../styles/cards.css';
import '../../styles/channels.css';
import '../../i18n/channels';

import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

import { type Channels, decodeChannels, type Screen, screensOf, wishFor } from '../../core/office/channels';
import type { Reply } from '../../core/office/call';
import { decodeClass, page } from '../../core/office/decode';
import { type I18n, useI18n } from '../../i18n/i18n';
import { Sheet } from '../sheet';
import { className } from './class-name';
import { ListEnd } from './list-end';
import { OneSchool } from './school-choice';
import { useCall, useDesk } from './use-call';
import { usePages } from './use-pages';

const readClasses = page(decodeClass);

function nameOf(i18n: I18n, screen: Screen): string {
  if (screen.kind === 'class') return className(i18n, screen.of);
  return screen.kind === 'grade' ? i18n.t('channels.grade', { n: screen.grade }) : i18n.t('channels.all');
}

/** An address to be copied, by hand where the browser does not. */
function Address({ label, value, of }: { label: string; value: string; of: string }): JSX.Element {
  const { t } = useI18n();
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => undefined, // it stands there
    );
  };
  const name = t('channels.of', { name: of, what: label });
  const doing = t(copied ? 'channels.copied' : 'channels.copy');
  return (
    <>
      <p class="screen__label">{label}</p>
      <p class="screen__row">
        <input class="entry__line" type="text" readOnly aria-label={name} value={value} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="button" aria-label={t('channels.of', { name, what: doing })} onClick={copy}>
          {doing}
        </button>
      </p>
    </>
  );
}

/** One screen: its addresses where they were asked for, and the way to take them back. */
function ScreenCard({ screen, school }: { screen: Screen; school: string }): JSX.Element {
  const i18n = useI18n();
  const { t } = i18n;
  const { session } = useDesk();
  const call = useCall();
  const [made, setMade] = useState<Channels | null>(null);
  const [said, setSaid] = useState('');
  const [trouble, setTrouble] = useState('');
  const [asking, setAsking] = useState(false);
  const name = nameOf(i18n, screen);
  const failed = (reply: Reply<unknown>): void => {
    setSaid('');
    setTrouble(reply.kind === 'missing' ? t('channels.not_yours') : reply.kind === 'refused' ? t('channels.refused', { why: reply.message }) : t('channels.failed'));
  };
  // They are not kept anywhere: whoever asks has some, and those of before go on.
  const make = (then: (channels: Channels) => void): void =>
    call({ method: 'POST', path: '/api/v1/channels', json: wishFor(screen, school), decode: decodeChannels }, (reply) => {
      if (reply.kind !== 'ok') return failed(reply);
      setSaid('');
      setTrouble('');
      then(reply.value);
    });
  const withdraw = (): void => {
    setAsking(false);
    make(({ link }) =>
      call({ method: 'POST', path: '/api/v1/links/withdraw', json: { link }, decode: () => null }, (reply) => {
        if (reply.kind !== 'ok') return failed(reply);
        setMade(null);
        setSaid(t('channels.withdrawn'));
      }),
    );
  };
  return (
    <li class={`screen${made === null ? '' : ' screen--open'}`}>
      <h2 class="screen__name">{name}</h2>
      {made !== null && (
        <>
          <Address label={t('channels.playlist')} value={made.playlist} of={name} />
          <p class="screen__soft">{t('channels.playlist_do')}</p>
          <Address label={t('channels.guide')} value={made.guide} of={name} />
          {made.channels.map(({ title, url }) => (
            <Address key={url} label={t('channels.live', { name: title })} value={url} of={name} />
          ))}
        </>
      )}
      <p class="office__do">
        {made === null && (
          <button type="button" class="button" aria-label={t('channels.make_of', { name })} onClick={() => make(setMade)}>
            {t('channels.make')}
          </button>
        )}
        {session.may.indexOf('withdraw_links') >= 0 && (
          <button type="button" class="link" aria-label={t('channels.withdraw_of', { name })} onClick={() => setAsking(true)}>
            {t('channels.withdraw')}
          </button>
        )}
      </p>
      <p class="office__fine" role="status">
        {said}
      </p>
      <p class="door__trouble" role="alert">
        {trouble}
      </p>
      {asking && (
        <Sheet title={t('channels.withdraw_of', { name })} closeText={t('channels.withdraw_no')} onClose={() => setAsking(false)}>
          <p class="sheet__text">{t('channels.withdraw_ask', { name })}</p>
          <button type="button" class="button button--live sheet__do" onClick={withdraw}>
            {t('channels.withdraw_yes')}
          </button>
        </Sheet>
      )}
    </li>
  );
}

function Screens({ school }: { school: string }): JSX.Element {
  const { t } = useI18n();
  const classes = usePages(`/api/v1/schools/${school}/classes`, readClasses);
  return (
    <>
      <ul class="office__cards">
        {screensOf(classes.items).map((screen) => (
          <ScreenCard key={JSON.stringify(wishFor(screen, school))} screen={screen} school={school} />
        ))}
      </ul>
      <ListEnd pages={classes} empty={t('office.classes_none')} />
    </>
  );
}

/** Addresses for the school's televisions, one that plays all morning. */
export function ChannelsPage(): JSX.Element {
  const { t } = useI18n();
  return (
    <section aria-label={t('office.nav_channels')}>
      <h1 class="office__title">{t('office.nav_channels')}</h1>
      <p class="office__text">{t('channels.text')}</p>
      <OneSchool label={t('channels.school')} show={({ id }) => <Screens key={id} school={id} />} />
    </section>
  );
}
