import type { Plan } from './plan';
import type { State } from './state';

/** Whether its hour has passed. */
export const isOver = (plan: Plan | null, nowMs: number): boolean => plan !== null && plan.endsMs !== null && nowMs >= plan.endsMs;

/** Whether the timetable has to be asked: the lesson has not begun, is over, or should be. */
export function mayPause(state: State): boolean {
  if (!('watch' in state) || state.kind === 'unplayable') return false;
  const { lesson, plan, nowMs } = state.watch;
  return state.kind !== 'watching' || lesson.state === 'ended' || isOver(plan, nowMs ?? 0);
}
