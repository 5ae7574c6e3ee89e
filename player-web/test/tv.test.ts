import { describe, expect, it } from 'vitest';

import { digits, type Event, kInitial, reduce, spoken, type State } from '../src/core/tv';

const shown: Event = { type: 'shown', answer: { kind: 'ok', value: { code: '482913', key: 'K' } } };
const told = (link: string | null): Event => ({ type: 'told', answer: { kind: 'ok', value: link } });
const after = (...events: readonly Event[]): State => events.reduce(reduce, kInitial);

describe('a television', () => {
  it('shows digits, then the lesson of whoever says them', () => {
    expect(after(shown)).toMatchObject({ kind: 'code', shown: { code: '482913' } });
    expect(after(shown, told(null), told('LINK'))).toMatchObject({ kind: 'playing', link: 'LINK' });
  });
  it('keeps playing the same, whatever is told again or not told', () => {
    const playing = after(shown, told('LINK'));
    expect(reduce(playing, told('LINK'))).toBe(playing);
    expect(reduce(playing, { type: 'told', answer: { kind: 'failed' } })).toBe(playing);
  });
  it('stops and shows other digits when it was let go', () => {
    expect(after(shown, told('LINK'), { type: 'told', answer: { kind: 'missing' } })).toEqual({ kind: 'starting', offline: false });
  });
  it('says when the server cannot be reached, and comes back', () => {
    expect(after({ type: 'shown', answer: { kind: 'failed' } })).toEqual({ kind: 'starting', offline: true });
    expect(after(shown, { type: 'told', answer: { kind: 'failed' } })).toMatchObject({ kind: 'code', offline: true });
    expect(after(shown, { type: 'told', answer: { kind: 'failed' } }, told(null))).toMatchObject({ offline: false });
  });
});

describe('digits', () => {
  it.each([
    ['482913', '482913'],
    ['482 913', '482913'],
    [' 482-913 ', '482913'],
    ['４８２９１３', '482913'],
    ['48291', null],
    ['48291a', null],
    ['4829130', null],
  ])('%s', (typed, expected) => {
    expect(digits(typed)).toBe(expected);
  });
  it('are said in two groups', () => {
    expect(spoken('482913')).toBe('482 913');
  });
});
