import { describe, expect, it } from 'vitest';

import { DecodeError } from '../src/core/json';
import { decodePlan, waitFor } from '../src/core/plan';

const kStart = 1_770_000_000_000;

describe('a lesson’s plan', () => {
  it('is what the timetable says, or nothing', () => {
    expect(decodePlan({ id: 'L1' })).toBeNull();
    expect(decodePlan({ planned_start: null, card: null })).toBeNull();
    expect(decodePlan({ planned_start: kStart, planned_end: kStart + 1, card: { goal: 'g', advice: '', evaluation: 'none' } })).toEqual({ startsMs: kStart, endsMs: kStart + 1, goal: 'g', advice: null });
    expect(decodePlan({ planned_start: kStart })).toEqual({ startsMs: kStart, endsMs: null, goal: null, advice: null });
  });
  it.each([[{ planned_start: 'soon' }], [{ planned_start: kStart, card: 'x' }], [{ planned_start: kStart, card: { goal: 7 } }]])('makes no sense: %j', (lesson) => {
    expect(() => decodePlan(lesson)).toThrow(DecodeError);
  });
  it.each([
    [kStart - 3_600_001, { kind: 'far' }],
    [kStart - 3_600_000, { kind: 'near', seconds: 3600 }],
    [kStart - 1, { kind: 'near', seconds: 1 }],
    [kStart, { kind: 'late' }],
  ])('at %d: %j', (now, wait) => {
    expect(waitFor(kStart, now)).toEqual(wait);
  });
});
