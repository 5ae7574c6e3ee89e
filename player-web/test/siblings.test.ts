import { describe, expect, it } from 'vitest';

import { add, refuse, tokenIn } from '../src/core/siblings';

describe('tokenIn', () => {
  it.each([
    ['https://ke.example/w/AQAAAAAHAcPQemoxMg', 'AQAAAAAHAcPQemoxMg'],
    ['李老师：妹妹的课 http://10.0.0.2:8080/w/AQAA-_AHAc 明天八点', 'AQAA-_AHAc'],
    [' AQAAAAAHAcPQemoxMg ', 'AQAAAAAHAcPQemoxMg'],
    ['https://ke.example/studio/AQAAAAAHAcPQemoxMg', null],
    ['短', null],
    ['', null],
  ])('%s', (pasted, expected) => {
    expect(tokenIn(pasted)).toBe(expected);
  });
});

describe('siblings', () => {
  const one = add([], 'SIBLING-1', 'OWN-LINK');
  it('count from when they were said', () => {
    expect(one).toEqual([{ token: 'SIBLING-1', trouble: null }]);
    expect(add(one, 'SIBLING-1', 'OWN-LINK')).toHaveLength(1);
    expect(add(one, 'SIBLING-2', 'OWN-LINK')).toHaveLength(2);
  });
  it('are not the child itself, nor words', () => {
    expect(add(one, 'OWN-LINK', 'OWN-LINK')[1]).toMatchObject({ trouble: 'own' });
    expect(add(one, '你好', 'OWN-LINK')[1]).toMatchObject({ trouble: 'no_link' });
  });
  it('that the server refuses do not count, and are forgotten with the next', () => {
    const refused = refuse(one, 'other_lesson');
    expect(refused).toEqual([{ token: 'SIBLING-1', trouble: 'other_lesson' }]);
    expect(add(refused, 'SIBLING-2', 'OWN-LINK')).toEqual([{ token: 'SIBLING-2', trouble: null }]);
  });
  it('have nothing to do with other refusals', () => {
    expect(refuse(one, 'too_fast')).toBe(one);
    expect(refuse([], 'not_found')).toEqual([]);
  });
});
