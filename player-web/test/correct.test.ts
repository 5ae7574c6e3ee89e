import { describe, expect, it } from 'vitest';

import { decodeAccesses, decodeRow, isName, patchOf } from '../src/core/correct';
import { DecodeError } from '../src/core/json';

const told = { id: 'p1', name: '李明', number: '2023', school: null, class: { id: 'c1', name: '三年级1班' }, condition: 'wifi', standing: 'active' };
const row = decodeRow(told, '"a"');
const draft = { name: row.name, condition: row.condition, of: row.of, left: row.left };

describe('a child’s row', () => {
  it('is read with its tag', () => {
    expect(row).toEqual({ name: '李明', number: '2023', condition: 'wifi', of: 'c1', left: false, tag: '"a"' });
    expect(decodeRow({ ...told, class: null, condition: 'odd', standing: 'left' }, null)).toMatchObject({ of: null, condition: 'unknown', left: true, tag: '*' });
    expect(() => decodeRow({}, null)).toThrow(DecodeError);
  });
  it('asks for what is different, and for nothing else', () => {
    expect(patchOf(row, draft)).toBeNull();
    expect(patchOf(row, { ...draft, name: ' 李铭 ' })).toEqual({ name: '李铭' });
    expect(patchOf(row, { name: '李明', condition: 'tv_only', of: 'c2', left: true })).toEqual({ condition: 'tv_only', class: 'c2', standing: 'left' });
  });
  it('has a name of 1 to 60 bytes', () => {
    expect([isName('李明'), isName('  '), isName('李'.repeat(20)), isName('李'.repeat(21)), isName("O'Neil 3%")]).toEqual([true, false, true, false, true]);
  });
});

describe('who looked at it', () => {
  it('is told by name, the family as the family', () => {
    expect(decodeAccesses({ items: [{ at: 5, act: 'correct_pupil', staff: null, guardian: true }, { at: 4, act: 'see_names', staff: { id: 's', name: '李老师' }, guardian: false }], next: null })).toEqual([
      { atMs: 5, act: 'correct_pupil', by: null, family: true },
      { atMs: 4, act: 'see_names', by: '李老师', family: false },
    ]);
    expect(() => decodeAccesses({})).toThrow(DecodeError);
  });
});
