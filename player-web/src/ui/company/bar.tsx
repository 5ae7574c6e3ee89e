import '../../i18n/company';

import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

import { lessonTime, type Watching } from '../../core/state';
import { checkAt, isChatOn, kNothing, marksOf } from '../../core/teaching';
import { type Key, useI18n } from '../../i18n/i18n';
import { type Cast, watchCast } from '../../media/cast';
import type { Who } from '../../signal/messages';
import { Menu } from '../menu';
import { Tool } from '../tool';
import type { Company } from '../use-company';
import { presenceOf } from '../use-signal';
import { AskSheet } from './ask-sheet';
import { CheckCard } from './check-card';
import { MarksSheet } from './marks-sheet';
import { MoreSheet } from './more-sheet';
import { RollCard } from './roll-card';
import { TvSheet } from './tv-sheet';

export interface CompanyBarProps {
  readonly state: Watching;
  readonly token: string;
  readonly company: Company;
  readonly video: HTMLVideoElement | null;
  /** To a moment on the player's own clock, seconds. */
  readonly onSeek: (position: number) => void;
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
export function CompanyBar({ state, token, company, video, onSeek }: CompanyBarProps): JSX.Element {
  const { t } = useI18n();
  const [open, setOpen] = useState<'who' | 'more' | 'tv' | 'ask' | 'marks' | null>(null);
  const cast = useCast(video);
  const teaching = company.teaching ?? kNothing;
  const lines = teaching.help;
  const chat = isChatOn(teaching);
  const [seen, setSeen] = useState({ help: 0, chat: 0 });
  const answered = lines.some(({ id, teacher }) => teacher && id > seen.help);
  const talked = chat && teaching.chat.some(({ id, mine }) => !mine && id > seen.chat);
  const news = (answered || talked) && open !== 'ask';
  const show = (what: 'ask' | null): void => {
    const newest = (all: readonly { readonly id: number }[]): number => Math.max(0, ...all.map(({ id }) => id));
    setSeen({ help: newest(lines), chat: newest(teaching.chat) });
    setOpen(what);
  };
  const live = state.mode === 'live';
  const { mediaMs } = presenceOf(state);
  const check = state.step === 'idle' ? null : checkAt(teaching.checks, mediaMs, kCheckMs);
  const { hand } = teaching;
  const askText = news ? (answered ? t('company.ask_news') : t('company.talk_news')) : chat ? t('company.talk') : t('company.ask');
  const askLabel = news ? askText : chat ? t('company.talk_label') : t('company.ask_label');
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
      {live && <Tool icon="note" label={askLabel} text={askText} pressed={news} disabled={!company.up || (company.frozen && !news)} onClick={() => show('ask')} />}
      {live && (
        <Tool icon="people" label={`${t('company.who_title')} ${beside}`} text={beside} disabled={!company.up} onClick={() => setOpen('who')} />
      )}
      {!live && <Tool icon="start" label={t('company.marks_label')} text={t('company.marks')} disabled={state.timeline === null} onClick={() => setOpen('marks')} />}
      <Tool icon="cast" label={t('company.cast_label')} text={t('company.cast')} onClick={() => setOpen('tv')} />
      <Tool icon="text" label={t('company.more_label')} text={t('company.more')} onClick={() => setOpen('more')} />
      {check !== null && <CheckCard check={check} company={company} />}
      {live && state.watch.lesson.state === 'live' && company.up && teaching.calls.length > 0 && <RollCard lesson={state.watch.lesson.id} company={company} />}
      {open === 'ask' && <AskSheet company={company} lines={lines} chat={chat} onClose={() => show(null)} />}
      {open === 'marks' && (
        <MarksSheet
          marks={marksOf(teaching.chapters, company.notes())}
          mediaMs={mediaMs}
          onJump={(ms) => state.timeline !== null && onSeek(state.timeline.start + ms / 1000)}
          onClose={() => setOpen(null)}
        />
      )}
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
