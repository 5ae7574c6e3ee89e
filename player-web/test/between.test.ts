import { describe, expect, it } from 'vitest';

import { type Between, type Day, decodeDay, type Event, kNothing, type Next, nextAsk, type Pause, reduce, show, type Show } from '../src/core/between';
import { DecodeError } from '../src/core/json';
import { mayPause } from '../src/core/may-pause';
import { type Event as PageEvent, reduce as reducePage, type State } from '../src/core/state';
import { after, watch } from './fixtures';

const kMinute = 60_000;
/** 8:00; the page's lesson lasts twenty minutes, the next one begins at 8:40. */
const kStart = 1_770_000_000_000;
const at = (minutes: number): number => kStart + minutes * kMinute;
const kBreak: Pause = { kind: 'break', startsMs: at(20), endsMs: at(40) };
const kEyes: Pause = { kind: 'eye', startsMs: at(25), endsMs: at(30) };
const plan = (from: number) => ({ startsMs: at(from), endsMs: at(from + 20), goal: null, advice: null });
const kNext: Next = { title: '三年级2班 语文', subject: '语文', plan: plan(40), link: 'NEXT', state: 'waiting' };
const day = (changed: Partial<Day> = {}): Day => ({ nowMs: at(21), pauses: [], next: kNext, ...changed });

const between = (...events: readonly Event[]): Between => events.reduce(reduce, kNothing);
const told = (changed: Partial<Day> = {}): Event => ({ type: 'told', day: day(changed), atMs: at(21) });

type LessonIs = Parameters<typeof watch>[0];
const page = (state: LessonIs, ...more: readonly PageEvent[]): State => after({ type: 'answered', watch: { ...watch(state), plan: plan(0) } }, ...more);
const kWaiting = page('waiting');
const kEnded = page('ended');
const kLive = page('live', { type: 'start' }, { type: 'step', step: 'playing' });
/** It ended while it was watched, and the last of it is still playing. */
const kTail = reducePage(kLive, { type: 'answered', watch: { ...watch('ended'), plan: plan(0) } });
const kPlayedOut = reducePage(kTail, { type: 'step', step: 'finished' });
const kAway = reducePage(kLive, { type: 'answered', watch: { ...watch('interrupted'), plan: plan(0) } });

const card = (changed: Partial<Extract<Show, { kind: 'card' }>> = {}) => ({ kind: 'card', pause: null, coming: kNext, open: null, over: true, replay: true, guide: false, ...changed });
const line = (goesMs: number | null) => ({ kind: 'line', next: kNext, goesMs });
const kNone = { kind: 'lesson' };

describe('between lessons', () => {
  it.each<[string, Between, State, number, object]>([
    ['before the timetable is known', kNothing, kEnded, 21, kNone],
    ['a lesson that has not begun', between(told()), kWaiting, -5, kNone],
    ['a pause before it', between(told({ pauses: [{ ...kBreak, startsMs: at(-10), endsMs: at(0) }] })), kWaiting, -5, card({ pause: { kind: 'break', startsMs: at(-10), endsMs: at(0) }, coming: { title: 'Fractions', subject: null, plan: plan(0) }, over: false, replay: false })],
    ['a lesson that nobody teaches keeps waiting', between(told()), kWaiting, 5, kNone],
    ['its hour has passed', between(told()), kWaiting, 21, card({ over: false, replay: false })],
    ['the last of it is still playing', between(told()), kTail, 21, kNone],
    ['it has played out', between(told()), kPlayedOut, 21, card()],
    ['opened after its end', between(told({ pauses: [kBreak] })), kEnded, 21, card({ pause: kBreak })],
    ['eye exercises in a break', between(told({ pauses: [kBreak, kEyes] })), kPlayedOut, 26, card({ pause: kEyes, guide: true })],
    ['turned away', between(told({ pauses: [kBreak, kEyes] }), { type: 'turn-away', pause: kEyes }), kPlayedOut, 26, card({ pause: kEyes })],
    ['and taken up again', between(told({ pauses: [kEyes] }), { type: 'turn-away', pause: kEyes }, { type: 'take-up' }), kPlayedOut, 26, card({ pause: kEyes, guide: true })],
    ['a minute later they are over', between(told({ pauses: [kBreak, kEyes] })), kPlayedOut, 30, card({ pause: kBreak })],
    ['after the last lesson', between(told({ pauses: [kBreak], next: null })), kPlayedOut, 21, card({ pause: kBreak, coming: null })],
    ['nothing is left of the day', between(told({ next: null })), kPlayedOut, 50, kNone],
    ['looked at again', between(told(), { type: 'look-back' }), kEnded, 21, kNone],
    ['looked at again, soon over', between(told(), { type: 'look-back' }), kEnded, 36, line(at(39.5))],
    ['a browser that plays nothing', between(told()), after({ type: 'answered', watch: watch('live') }, { type: 'start' }, { type: 'unplayable' }), 50, kNone],
  ])('%s', (_, value, state, minutes, expected) => {
    expect(show(value, state, at(minutes), 0)).toEqual(expected);
  });

  const go = { kind: 'go', link: 'NEXT' };
  const kEarly: Next = { ...kNext, state: 'live' };
  const early = told({ next: kEarly });
  it.each<[string, Between, State, number, number, object]>([
    ['half a minute before', between(told()), kPlayedOut, 39.5, 0, go],
    ['not all in the same second', between(told()), kPlayedOut, 39, 0.9, card()],
    ['but early enough', between(told()), kPlayedOut, 39.1, 0.9, go],
    ['late too', between(told()), kPlayedOut, 47, 0.5, go],
    ['from a lesson that nobody taught', between(told()), kWaiting, 39.5, 0, go],
    ['from one whose teacher went without a word', between(told()), kAway, 39.5, 0, go],
    ['when the teacher is early', between(early), kPlayedOut, 35, 0, go],
    ['never out of eye exercises', between(told({ pauses: [kEyes], next: kEarly })), kPlayedOut, 26, 0, card({ pause: kEyes, guide: true, coming: kEarly, open: kEarly })],
    ['out of a replay that was told', between(told(), { type: 'look-back' }), kEnded, 39.5, 0.9, go],
    ['out of the tail', between(told()), kTail, 39.5, 0, go],
    ['not of a viewer who stays', between(told(), { type: 'stay' }), kTail, 41, 0, line(null)],
    ['never out of a lesson that overruns', between(told()), kLive, 41, 0, line(null)],
    ['nor before it', between(told()), kLive, 39, 0, kNone],
    ['not out of a lesson whose teacher is away in its own hour', between(told()), kAway, 15, 0, kNone],
  ])('goes on: %s', (_, value, state, minutes, spread, expected) => {
    expect(show(value, state, at(minutes), spread)).toEqual(expected);
  });

  it('lets whoever stayed go later', () => {
    expect(show(between(told(), { type: 'stay' }), kPlayedOut, at(45), 0)).toEqual(card({ open: kNext }));
  });

  it('keeps the server’s clock', () => {
    expect(between({ type: 'told', day: day({ nowMs: at(10) }), atMs: at(7) }).skewMs).toBe(3 * kMinute);
  });

  it('asks only when it may matter, and rarely on an empty day', () => {
    const inTime = (state: LessonIs, minutes: number): State => after({ type: 'answered', watch: { ...watch(state), plan: plan(0), nowMs: at(minutes) } });
    expect([kWaiting, kEnded, inTime('live', 5), inTime('live', 21), inTime('interrupted', 5), inTime('interrupted', 21), after()].map(mayPause)).toEqual([true, true, false, true, false, true, false]);
    expect(nextAsk(between(told()), 0, 0.5)).toBe(30_000);
    expect(nextAsk(between(told({ next: null })), 0, 0)).toBe(180_000);
    expect(nextAsk(kNothing, 1, 0.5)).toBe(1000);
  });

  it('puts the player away for what is shown in its place', () => {
    expect(reducePage(kPlayedOut, { type: 'put-away' })).toMatchObject({ kind: 'watching', mode: 'replay', step: 'idle', timeline: null, justEnded: false });
    expect(reducePage(kWaiting, { type: 'put-away' })).toBe(kWaiting);
  });
});

describe('what the server says of it', () => {
  const kJson = { now: at(21), pauses: [{ kind: 'break', starts: at(20), ends: at(40) }], next: { title: '三年级2班 语文', subject: '语文', state: 'waiting', planned_start: at(40), planned_end: at(60), card: null, link: 'NEXT' } };
  it('is a day', () => {
    expect(decodeDay(kJson)).toEqual(day({ pauses: [kBreak] }));
    expect(decodeDay({ now: 1, pauses: [], next: null })).toEqual({ nowMs: 1, pauses: [], next: null });
  });
  it.each([
    [{ ...kJson, pauses: null }],
    [{ ...kJson, pauses: [{ kind: 'nap', starts: 1, ends: 2 }] }],
    [{ ...kJson, pauses: [{ kind: 'eye', starts: 1 }] }],
    [{ ...kJson, next: { ...kJson.next, planned_start: null } }],
    [{ ...kJson, next: { ...kJson.next, link: '../../office' } }],
    [{ ...kJson, now: null }],
  ])('or makes no sense: %#', (value) => {
    expect(() => decodeDay(value)).toThrow(DecodeError);
  });
});
