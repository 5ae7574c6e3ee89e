import '../../i18n/company';

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { lessonTime, type Watching } from '../../core/state';
import { checkAt } from '../../core/teaching';
import { type Key, useI18n } from '../../i18n/i18n';
import { type Cast, watchCast } from '../../media/cast';
import type { Who } from '../../signal/messages';
import { Menu } from '../menu';
import { Tool } from '../tool';
import type { Company } from '../use-company';
import { presenceOf } from '../use-signal';
import { AskSheet } from './ask-sheet';
import { CheckCard } from './check-card';
import { MoreSheet } from './more-sheet';
import { TvSheet } from './tv-sheet';

export interface CompanyBarProps {
  readonly state: Watching;
  readonly token: string;
  readonly company: Company;
  readonly video: HTMLVideoElement | null;
}

const kThanksMs = 5000;
/** A check stays this long, in media time. */
const kCheckMs = 300_000;

const kBeside: Readonly<Record<Who, Key>> = {
  none: 'company.none',
  mother: 'company.mother',
  father: 'company.father',
  grandparent: 'company.grandparent',
  sibling: 'company.sibling',
  other: 'company.other',
};
const kWho: readonly Who[] = ['mother', 'father', 'grandparent', 'sibling', 'other', 'none'];

/** A television within reach, for as long as this <video> is the one that plays. */
function useCast(video: HTMLVideoElement | null): Cast | null {
  const [cast, setCast] = useState<Cast | null>(null);
  useEffect(() => {
    if (video === null) return undefined;
    const made = watchCast(video, (available) => setCast(available ? made : null));
    return () => {
      made.stop();
      setCast(null);
    };
  }, [video]);
  return cast;
}

/** "I did not follow", said once a few seconds: the lead hears a number, the own teacher a name. */
function Unclear({ state, company }: Pick<CompanyBarProps, 'state' | 'company'>): JSX.Element {
  const { t } = useI18n();
  const [told, setTold] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  useEffect(() => () => clearTimeout(timer.current), []);
  const { timeline } = state;
  const tell = (): void => {
    if (timeline === null || !company.say({ t: 'unclear', media_time: Math.round(lessonTime(timeline, timeline.position) * 1000) })) return;
    setTold(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setTold(false), kThanksMs);
  };
  return (
    <>
      <Tool
        icon={told ? 'check' : 'puzzled'}
        label={told ? t('company.unclear_told') : t('company.unclear_label')}
        text={told ? t('company.unclear_told') : t('company.unclear')}
        disabled={!company.up || timeline === null || told}
        onClick={tell}
      />
      <span class="aside" role="status">
        {told ? t('company.unclear_told_long') : ''}
      </span>
    </>
  );
}

/** What a family says to the school, and how it likes to watch. Nothing of it is ever asked for. */
export function CompanyBar({ state, token, company, video }: CompanyBarProps): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = useState<'who' | 'more' | 'tv' | 'ask' | null>(null);
  const cast = useCast(video);
  const { teaching } = company;
  const lines = teaching?.help ?? [];
  const [seen, setSeen] = useState(0);
  const news = lines.some(({ id, teacher }) => teacher && id > seen) && open !== 'ask';
  const openAsk = (): void => {
    setSeen(Math.max(0, ...lines.map(({ id }) => id)));
    setOpen('ask');
  };
  const closeAsk = (): void => {
    setSeen(Math.max(0, ...lines.map(({ id }) => id)));
    setOpen(null);
  };
  const live = state.mode === 'live';
  const check = teaching === null || state.step === 'idle' ? null : checkAt(teaching.checks, presenceOf(state).mediaMs, kCheckMs);
  const hand = teaching?.hand === true;
  const beside = company.companion === 'none' ? t('company.who') : t(kBeside[company.companion]);
  return (
    <>
      {live && <Unclear state={state} company={company} />}
      {live && (
        <Tool
          icon="hand"
          label={hand ? t('company.hand_down') : t('company.hand')}
          text={hand ? t('company.hand_down') : t('company.hand')}
          pressed={hand}
          disabled={!company.up || company.frozen}
          onClick={() => company.say({ t: 'hand', on: !hand })}
        />
      )}
      {live && <Tool icon="note" label={news ? t('company.ask_news') : t('company.ask_label')} text={news ? t('company.ask_news') : t('company.ask')} pressed={news} disabled={!company.up || (company.frozen && !news)} onClick={openAsk} />}
      {live && (
        <Tool icon="people" label={`${t('company.who_title')} ${beside}`} text={beside} disabled={!company.up} onClick={() => setOpen('who')} />
      )}
      <Tool icon="cast" label={t('company.cast_label')} text={t('company.cast')} onClick={() => setOpen('tv')} />
      <Tool icon="text" label={t('company.more_label')} text={t('company.more')} onClick={() => setOpen('more')} />
      {check !== null && <CheckCard check={check} company={company} />}
      {open === 'ask' && <AskSheet company={company} lines={lines} onClose={closeAsk} />}
      {open === 'who' && (
        <Menu
          title={t('company.who_title')}
          items={kWho.map((id) => ({ id, text: t(kBeside[id]), hint: id === 'none' ? t('company.none_hint') : '' }))}
          chosen={company.companion}
          onPick={(id) => {
            const who = kWho.find((one) => one === id);
            if (who !== undefined) company.say({ t: 'companion', who });
          }}
          onClose={() => setOpen(null)}
        />
      )}
      {open === 'tv' && <TvSheet token={token} cast={cast} onPut={() => video?.pause()} onClose={() => setOpen(null)} />}
      {open === 'more' && <MoreSheet token={token} company={company} live={state.mode === 'live'} onClose={() => setOpen(null)} />}
    </>
  );
}
