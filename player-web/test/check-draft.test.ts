import { describe, expect, it } from 'vitest';

import { type Draft, isReady, itemOf, kEmpty, withOptions } from '../src/core/staff/check-draft';

const draft = (more: Partial<Draft>): Draft => ({ ...kEmpty, text: '1/2 + 1/3 = ?', ...more });

describe('a question', () => {
  it.each([
    [draft({ options: ['5/6', '2/5'] }), true],
    [draft({ options: ['5/6', ' '] }), false],
    [draft({ text: ' ' , options: ['a', 'b'] }), false],
    [draft({ text: 'x'.repeat(201), options: ['a', 'b'] }), false],
    [draft({ options: ['x'.repeat(61), 'b'] }), false],
    [draft({ kind: 'truth' }), true],
    [draft({ kind: 'number' }), true],
    [draft({ kind: 'number', number: '0.75' }), true],
    [draft({ kind: 'number', number: '3/4' }), false],
  ])('%j is ready: %s', (asked, ready) => {
    expect(isReady(asked)).toBe(ready);
  });
  it('is sent as the protocol has it, with what is right if she said so', () => {
    expect(itemOf(draft({ options: [' 5/6 ', '2/5'], right: 0 }))).toEqual({ kind: 'single', text: '1/2 + 1/3 = ?', options: ['5/6', '2/5'], right: [0] });
    expect(itemOf(draft({ kind: 'truth', right: 1 }))).toEqual({ kind: 'truth', text: '1/2 + 1/3 = ?', right: [1] });
    expect(itemOf(draft({ kind: 'truth' }))).toEqual({ kind: 'truth', text: '1/2 + 1/3 = ?' });
    expect(itemOf(draft({ kind: 'number', number: ' 0.75 ' }))).toEqual({ kind: 'number', text: '1/2 + 1/3 = ?', right: '0.75' });
  });
  it('forgets a right option that is no longer there', () => {
    const three = draft({ options: ['a', 'b', 'c'], right: 2 });
    expect(withOptions(three, ['a', 'b']).right).toBeNull();
    expect(withOptions(three, ['a', 'b', 'c', 'd']).right).toBe(2);
  });
});
