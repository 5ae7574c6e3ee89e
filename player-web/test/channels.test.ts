import { describe, expect, it } from 'vitest';

import { decodeChannels, screensOf, wishFor } from '../src/core/office/channels';
import type { SchoolClass } from '../src/core/office/decode';

const klass = (id: string, grade: number, number: number): SchoolClass => ({ id, label: '', grade, number, pupils: null, homeroom: null });

describe('channels of a school', () => {
  it('are read with the guide that lies beside the list', () => {
    const said = { link: 'L', playlist: 'https://a/channel/L/playlist.m3u', channels: [{ id: 'c', title: '一小 二年级', url: 'https://a/channel/L/live.m3u8' }], expires_at: 1 };
    expect(decodeChannels(said)).toEqual({
      link: 'L', playlist: said.playlist, guide: 'https://a/channel/L/guide.xml', channels: [{ title: '一小 二年级', url: 'https://a/channel/L/live.m3u8' }],
    });
    for (const wrong of [{ link: 3 }, { playlist: null }, { channels: {} }]) expect(() => decodeChannels({ ...said, ...wrong })).toThrow();
  });

  it('are one of all, one a grade and one a class, in order', () => {
    const screens = screensOf([klass('b', 3, 1), klass('a2', 2, 2), klass('a1', 2, 1)]);
    expect(screens.map((screen) => wishFor(screen, 's'))).toEqual([{ school: 's' }, { school: 's', grade: 2 }, { school: 's', grade: 3 }, { class: 'a1' }, { class: 'a2' }, { class: 'b' }]);
    expect(screensOf([])).toEqual([]);
  });
});
