import { type Answer, ask } from './ask';
import { backOff } from './delay';
import { lessonState, type LessonState } from './decode';
import { DecodeError, object, optionalNumber, optionalText, text } from './json';
import { isOver } from './may-pause';
import { decodePlan, type Plan } from './plan';
import type { State } from './state';

/** Between two lessons: what the timetable has now, what comes next, and when the page goes on to it. */

const kKinds = ['break', 'eye', 'exercise'] as const;
export type PauseKind = (typeof kKinds)[number];

/** In place of a lesson, by the server's clock. */
export interface Pause {
  readonly kind: PauseKind;
  readonly startsMs: number;
  readonly endsMs: number;
}

/** A lesson that is going to be. */
export interface Coming {
  readonly title: string;
  readonly subject: string | null;
  readonly plan: Plan;
}

export interface Next extends Coming {
  /** The same viewer's own. */
  readonly link: string;
  readonly state: LessonState;
}

/** What is left of today. */
export interface Day {
  readonly nowMs: number;
  readonly pauses: readonly Pause[];
  readonly next: Next | null;
}

export interface Between {
  readonly day: Day | null;
  /** The server's clock less this device's. */
  readonly skewMs: number;
  /** An ended lesson is looked at again because the viewer wants to. */
  readonly looking: boolean;
  /** Link of the next lesson that the viewer does not want to be taken to. */
  readonly stays: string | null;
  /** When the pause began whose guide was turned away. */
  readonly turnedAway: number | null;
}

export type Event =
  /** @param atMs  this device's clock */
  | { readonly type: 'told'; readonly day: Day; readonly atMs: number }
  | { readonly type: 'look-back' }
  | { readonly type: 'stay' }
  | { readonly type: 'turn-away'; readonly pause: Pause }
  | { readonly type: 'take-up' };

export const kNothing: Between = { day: null, skewMs: 0, looking: false, stays: null, turnedAway: null };

export function reduce(between: Between, event: Event): Between {
  switch (event.type) {
    case 'told':
      return { ...between, day: event.day, skewMs: event.day.nowMs - event.atMs };
    case 'look-back':
      return { ...between, looking: true };
    case 'stay':
      return { ...between, stays: between.day?.next?.link ?? null };
    case 'turn-away':
      return { ...between, turnedAway: event.pause.startsMs };
    case 'take-up':
      return { ...between, turnedAway: null };
  }
}

export type Show =
  /** Nothing but what the page shows anyhow. */
  | { readonly kind: 'lesson' }
  /** In place of the lesson. */
  | {
      readonly kind: 'card';
      readonly pause: Pause | null;
      /** The lesson that the page waits for: its own, or the next. */
      readonly coming: Coming | null;
      /** That can be gone to before its time. */
      readonly open: Next | null;
      /** The lesson of this page is over, and can be seen again. */
      readonly over: boolean;
      readonly replay: boolean;
      /** The eye exercises themselves. */
      readonly guide: boolean;
    }
  /** Beside the picture. */
  | { readonly kind: 'line'; readonly next: Next; /** When the page goes on by itself. */ readonly goesMs: number | null }
  | { readonly kind: 'go'; readonly link: string };

const kLesson: Show = { kind: 'lesson' };
/** The page is there half a minute before the lesson, a whole school not in the same second. */
const kEarlyMs = 30_000;
const kSpreadMs = 30_000;
/** Whoever watches a replay is told this long before. */
const kToldMs = 5 * 60_000;

/** Eye exercises in the middle of a break are what it is then. */
function pauseAt(pauses: readonly Pause[], nowMs: number): Pause | null {
  const on = pauses.filter(({ startsMs, endsMs }) => startsMs <= nowMs && nowMs < endsMs);
  return on.find(({ kind }) => kind !== 'break') ?? on[0] ?? null;
}

/** A picture runs, or stands where the viewer left it. */
const isBeside = ({ looking }: Between, state: State): boolean =>
  state.kind === 'watching' && (state.mode === 'live' || looking || (state.step !== 'idle' && state.step !== 'finished'));

/** @param nowMs  the server's clock  @param spread  this page's own, in [0, 1) */
export function show(between: Between, state: State, nowMs: number, spread: number): Show {
  const { day } = between;
  if (day === null || !('watch' in state) || state.kind === 'unplayable') return kLesson;
  const { lesson, plan } = state.watch;
  const { next } = day;
  const pause = pauseAt(day.pauses, nowMs);
  const beside = isBeside(between, state);
  const over = lesson.state === 'ended';
  // Nobody is ever taken out of a lesson that is on, however long it overruns.
  const done = over || (lesson.state !== 'live' && isOver(plan, nowMs));
  const stays = next !== null && between.stays === next.link;
  const begun = next !== null && (next.state === 'live' || nowMs >= next.plan.startsMs);

  let goesMs: number | null = null;
  if (next !== null && done && !stays) {
    const early = next.plan.startsMs - kEarlyMs;
    goesMs = beside ? early : next.state === 'live' && pause === null ? nowMs : early - spread * kSpreadMs;
    if (nowMs >= goesMs) return { kind: 'go', link: next.link };
  }
  if (beside) {
    const told = next !== null && (begun || (done && nowMs >= next.plan.startsMs - kToldMs));
    return told ? { kind: 'line', next, goesMs } : kLesson;
  }
  if (pause === null && (!done || next === null)) return kLesson;
  const own = plan === null ? null : { title: lesson.title, subject: null, plan };
  return {
    kind: 'card',
    pause,
    coming: done ? next : own,
    open: done && (stays || begun) ? next : null,
    over,
    replay: over && lesson.started,
    guide: pause !== null && pause.kind === 'eye' && between.turnedAway !== pause.startsMs,
  };
}

/** When to ask again; a day without anything to come is asked about rarely. */
export function nextAsk(between: Between, failures: number, random: number): number {
  if (failures > 0) return backOff(failures, random);
  const idle = between.day !== null && between.day.next === null && between.day.pauses.length === 0;
  return Math.round((idle ? 180_000 : 20_000) * (1 + random));
}

function wall(value: unknown, what: string): number {
  const at = optionalNumber(value, what);
  if (at === null) throw new DecodeError(`${what} is not there`);
  return at;
}

function decodePause(value: unknown): Pause {
  const pause = object(value, 'pause');
  const kind = kKinds.find((known) => known === pause['kind']);
  if (kind === undefined) throw new DecodeError('pause.kind is unknown');
  return { kind, startsMs: wall(pause['starts'], 'pause.starts'), endsMs: wall(pause['ends'], 'pause.ends') };
}

function decodeNext(value: unknown): Next {
  const next = object(value, 'next');
  const plan = decodePlan(next);
  if (plan === null) throw new DecodeError('next has no plan');
  const link = text(next['link'], 'next.link');
  if (!/^[\w-]+$/.test(link)) throw new DecodeError('next.link is no link');
  return { title: text(next['title'], 'next.title'), subject: optionalText(next['subject'], 'next.subject'), plan, link, state: lessonState(next['state']) };
}

export function decodeDay(value: unknown): Day {
  const root = object(value, 'answer');
  const pauses = root['pauses'];
  if (!Array.isArray(pauses)) throw new DecodeError('pauses is not a list');
  const next = root['next'] ?? null;
  return { nowMs: wall(root['now'], 'now'), pauses: pauses.map(decodePause), next: next === null ? null : decodeNext(next) };
}

export const fetchDay = (link: string, signal: AbortSignal): Promise<Answer<Day>> => ask('GET', `/api/v1/watch/${encodeURIComponent(link)}/between`, decodeDay, signal);
