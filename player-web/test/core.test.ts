import { describe, expect, it } from 'vitest';

import { linkOfPath } from '../src/core/api';
import { type Abilities, choosePlayer } from '../src/core/choose';
import { decodeAbout, decodeWatch } from '../src/core/decode';
import { backOff, nextPoll } from '../src/core/delay';
import { calendarDay, clock, megabytes, megabytesPerHour, moment, rate, timeOfDay } from '../src/core/format';
import { bufferedAhead, hurry, type Lag } from '../src/core/hurry';
import { DecodeError } from '../src/core/json';
import { bestUnasked, doorOn, lineOf } from '../src/core/line';
import { decodeStills, isHopeless, isTrickle, stillAt, stillList, stillPicture } from '../src/core/stills';
import { readSegments, soundOf } from '../src/core/sound';
import { kInitial } from '../src/core/state';
import { after, watch } from './fixtures';

const kWire = {
  lesson: { id: 'L1', title: '分数', state: 'live', started_at: 1_700_000_000_000 },
  hls: { master: '/hls/t/L1/master.m3u8', audio: '/hls/t/L1/audio/media.m3u8' },
  whep: '/whep/L1',
  recording: { mp4: null },
};

describe('times and days', () => {
  const at = (hour: number, minute: number): number => new Date(2026, 10, 26, hour, minute, 7).getTime();
  it.each([
    ['zh-CN', '14:32', '00:05', '11月26日 14:32', '11月26日', '11月26日周四', '2026年11月26日'],
    ['en', '14:32', '00:05', 'Nov 26, 14:32', 'Nov 26', 'Thu, Nov 26', 'Nov 26, 2026'],
  ])('in %s', (language, afternoon, midnight, whole, day, weekday, dated) => {
    expect(timeOfDay(language, at(14, 32))).toBe(afternoon);
    expect(timeOfDay(language, at(0, 5))).toBe(midnight);
    expect(timeOfDay(language, at(14, 32), true)).toBe('14:32:07');
    expect(moment(language, at(14, 32))).toBe(whole);
    expect(calendarDay(language, '2026-11-26')).toBe(day);
    expect(calendarDay(language, '2026-11-26', { weekday: 'short' })).toBe(weekday);
    expect(calendarDay(language, '2026-11-26', { year: 'numeric' })).toBe(dated);
    expect(moment(language, at(14, 32), true)).toBe(`${dated}${language === 'en' ? ',' : ''} 14:32`);
  });
});

describe('decodeWatch', () => {
  it('reads what the server says', () => {
    expect(decodeWatch(kWire)).toEqual({ ...watch('live'), lesson: { id: 'L1', title: '分数', state: 'live', started: true } });
    expect(decodeWatch({ ...kWire, recording: { mp4: '/api/v1/x.mp4' } }).recording.mp4).toBe('/api/v1/x.mp4');
    expect(decodeWatch({ ...kWire, lesson: { ...kWire.lesson, started_at: null } }).lesson.started).toBe(false);
    expect(decodeWatch({ ...kWire, whep: undefined }).whep).toBeNull();
    expect(decodeWatch({ ...kWire, more: 1 }).lesson.id).toBe('L1');
    expect(decodeWatch({ ...kWire, now: 1_700_000_060_000 }).airedMs).toBe(60_000);
    expect(decodeWatch({ ...kWire, sound_first_ms: 4000 }).soundFirstMs).toBe(4000);
    expect(decodeWatch({ ...kWire, sound_first_ms: null }).soundFirstMs).toBe(0);
  });
  const bad: readonly (readonly [string, unknown])[] = [
    ['null', null],
    ['text', 'live'],
    ['a list', []],
    ['no lesson', { ...kWire, lesson: undefined }],
    ['unknown state', { ...kWire, lesson: { ...kWire.lesson, state: 'paused' } }],
    ['number as title', { ...kWire, lesson: { ...kWire.lesson, title: 7 } }],
    ['media elsewhere', { ...kWire, hls: { ...kWire.hls, master: 'https://elsewhere.example/a.m3u8' } }],
    ['media elsewhere, without scheme', { ...kWire, hls: { ...kWire.hls, audio: '//elsewhere.example/a.m3u8' } }],
    ['low delay elsewhere', { ...kWire, whep: 'https://elsewhere.example/whep' }],
    ['script as download', { ...kWire, recording: { mp4: 'javascript:alert(1)' } }],
    ['words for how long sound comes first', { ...kWire, sound_first_ms: 'soon' }],
    ['no recording', { ...kWire, recording: null }],
  ];
  it.each(bad)('refuses %s', (_, value) => {
    expect(() => decodeWatch(value)).toThrow(DecodeError);
  });
});

describe('decodeAbout', () => {
  it('reads with and without a demo lesson', () => {
    expect(decodeAbout({ name: 'Tongke', version: '0.1.0', demo: null }).demo).toBeNull();
    expect(decodeAbout({ name: 'Tongke', version: '0.1.0', demo: { watch: '/w/x' } }).demo).toBe('/w/x');
  });
  it('refuses a demo elsewhere', () => {
    expect(() => decodeAbout({ name: 'T', version: '1', demo: { watch: 'http://x/' } })).toThrow(DecodeError);
  });
});

describe('linkOfPath', () => {
  it.each([
    ['/w/abc', 'abc'],
    ['/w/abc/', 'abc'],
    ['/w/a%2Fb', 'a/b'],
    ['/studio/abc', 'abc'],
    ['/w/', null],
    ['/w/a/b', null],
    ['/', null],
    ['/w/%E0%A4%A', null],
  ])('%s', (path, expected) => {
    expect(linkOfPath(path)).toBe(expected);
  });
});

describe('choosePlayer', () => {
  const kChrome = 'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36';
  const kAndroid = 'Mozilla/5.0 (Linux; Android 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/90.0 Mobile Safari/537.36';
  const kX5 = 'Mozilla/5.0 (Linux; U; Android 7) AppleWebKit/537.36 Chrome/57.0 MQQBrowser/6.2 TBS/043807 Mobile Safari/537.36 MicroMessenger/6.6';
  const kIphone = 'Mozilla/5.0 (iPhone; CPU iPhone OS 15_0 like Mac OS X) AppleWebKit/605.1.15 Version/15.0 Mobile/15E148 Safari/604.1';
  const kMac = 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15';
  const kTizen = 'Mozilla/5.0 (SMART-TV; LINUX; Tizen 4.0) AppleWebKit/538.1 (KHTML, like Gecko) Version/4.0 TV Safari/538.1';
  const kFirefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';
  const kApple = 'Apple Computer, Inc.';
  const kGoogle = 'Google Inc.';
  const table: readonly (readonly [string, Abilities, string])[] = [
    ['desktop Chrome that claims native HLS', { nativeHls: true, mse: true, userAgent: kChrome, vendor: kGoogle }, 'hlsjs'],
    ['older desktop Chrome', { nativeHls: false, mse: true, userAgent: kChrome, vendor: kGoogle }, 'hlsjs'],
    ['Android Chrome', { nativeHls: true, mse: true, userAgent: kAndroid, vendor: kGoogle }, 'hlsjs'],
    ['X5 without MSE', { nativeHls: true, mse: false, userAgent: kX5, vendor: kGoogle }, 'native'],
    ['X5 with MSE', { nativeHls: true, mse: true, userAgent: kX5, vendor: kGoogle }, 'hlsjs'],
    ['iPhone', { nativeHls: true, mse: false, userAgent: kIphone, vendor: kApple }, 'native'],
    ['Safari on a Mac', { nativeHls: true, mse: true, userAgent: kMac, vendor: kApple }, 'native'],
    ['Tizen TV', { nativeHls: true, mse: true, userAgent: kTizen, vendor: kApple }, 'native'],
    ['Firefox', { nativeHls: false, mse: true, userAgent: kFirefox, vendor: '' }, 'hlsjs'],
    ['neither', { nativeHls: false, mse: false, userAgent: kFirefox, vendor: '' }, 'none'],
  ];
  it.each(table)('%s', (_, can, expected) => {
    expect(choosePlayer(can)).toBe(expected);
  });
});

describe('delays', () => {
  it.each([
    [1, 500, 1500],
    [2, 1000, 3000],
    [5, 8000, 24_000],
    [6, 15_000, 45_000],
    [60, 15_000, 45_000],
  ])('back off after %d failures', (failures, min, max) => {
    expect(backOff(failures, 0)).toBe(min);
    expect(backOff(failures, 0.999999)).toBeCloseTo(max, -1);
  });
  it('polls as often as the state needs', () => {
    const poll = (...args: Parameters<typeof watch>): number | null => nextPoll(after({ type: 'answered', watch: watch(...args) }), 0, 0.5);
    expect(nextPoll(kInitial, 0, 0)).toBe(0);
    expect(nextPoll(after({ type: 'not-found' }), 0, 0)).toBeNull();
    expect(poll('waiting')).toBe(4000);
    expect(poll('interrupted')).toBe(4000);
    expect(poll('live')).toBe(6500);
    expect(poll('ended')).toBe(30_000);
    expect(nextPoll(kInitial, 3, 0.5)).toBe(4000);
  });
});

describe('words for numbers', () => {
  it.each([
    [0, '0:00'],
    [75.9, '1:15'],
    [3675, '1:01:15'],
    [-3, '0:00'],
    [NaN, '0:00'],
    [Infinity, '0:00'],
  ])('clock %d', (seconds, expected) => expect(clock(seconds)).toBe(expected));
  it.each([
    [0, '0 kbps'],
    [420, '420 kbps'],
    [999, '999 kbps'],
    [1000, '1.0 Mbps'],
    [2480, '2.5 Mbps'],
    [18_017, '18 Mbps'],
  ])('rate %d', (kbps, expected) => expect(rate(kbps)).toBe(expected));
  it.each([
    [0, '0.0'],
    [449_000, '0.4'],
    [9_940_000, '9.9'],
    [9_960_000, '10'],
    [123_400_000, '123'],
  ])('megabytes %d', (bytes, expected) => expect(megabytes(bytes)).toBe(expected));
  it('per hour', () => expect(megabytesPerHour(32_000)).toBe('14'));
});

describe('the line', () => {
  it.each([
    [{ mobile: false }, 'free'],
    [{ mobile: true }, 'metered'],
    [{ type: 'wifi', effectiveType: '4g', mobile: true }, 'free'],
    [{ type: 'cellular', effectiveType: '4g', mobile: true }, 'metered'],
    [{ type: 'cellular', effectiveType: '3g', mobile: true }, 'weak'],
    [{ type: 'wifi', effectiveType: '2g', mobile: false }, 'weak'],
    [{ effectiveType: '4g', saveData: true, mobile: false }, 'weak'],
    [{ type: 'unknown', effectiveType: '4g', mobile: true }, 'metered'],
    [{ type: 'wifi', effectiveType: '4g', bitsPerSecond: 190_000, mobile: true }, 'weak'],
    [{ bitsPerSecond: 360_000, mobile: false }, 'free'],
  ] as const)('%j is %s', (hints, line) => {
    expect(lineOf(hints)).toBe(line);
  });
  it('is given no more unasked than it may cost', () => {
    const levels = [180_000, 430_000, 700_000, 2_600_000];
    expect(bestUnasked(levels, 'free')).toBe(3);
    expect(doorOn('/whep/L1', 'free')).toBe('/whep/L1');
    expect(doorOn('/whep/L1', 'metered')).toBe('/whep/L1?limit=430000');
    expect(bestUnasked(levels, 'metered')).toBe(1);
    expect(bestUnasked(levels, 'weak')).toBe(1);
    expect(bestUnasked([2_600_000], 'metered')).toBe(0);
    expect(bestUnasked([700_000, 2_600_000], 'weak')).toBe(0);
  });
});

describe('stills', () => {
  const two = [{ number: 3, at: 1000 }, { number: 4, at: 5000 }];
  it('are read from what the server says, and nothing else', () => {
    expect(decodeStills({ stills: [{ n: 3, at: 1000 }, { n: 4, at: 5000 }] })).toEqual(two);
    expect(decodeStills({ stills: [] })).toEqual([]);
    for (const bad of [null, {}, { stills: {} }, { stills: [{ n: -1, at: 0 }] }, { stills: [{ n: 1 }] }, { stills: [3] }]) {
      expect(() => decodeStills(bad)).toThrow(DecodeError);
    }
  });
  it('follow the moment that is heard', () => {
    expect(stillAt(two, 4999)?.number).toBe(3);
    expect(stillAt(two, 5000)?.number).toBe(4);
    expect(stillAt(two, 500)?.number).toBe(3);
    expect(stillAt(two, null)?.number).toBe(4);
    expect(stillAt([], 5000)).toBeNull();
  });
  it('lie beside the playlist', () => {
    expect(stillList('/hls/t/L1/master.m3u8')).toBe('/hls/t/L1/stills.json');
    expect(stillPicture('/hls/t/L1/master.m3u8', { number: 7, at: 0 })).toBe('/hls/t/L1/stills/7.webp');
  });
  it('are for a line that stood still three times within a minute', () => {
    expect(isHopeless([0, 10_000], 10_000)).toBe(false);
    expect(isHopeless([0, 10_000, 20_000], 20_000)).toBe(true);
    expect(isHopeless([0, 40_000, 80_000], 80_000)).toBe(false);
  });
  it.each([
    ['something came each time', [10, 20, 30], true],
    ['it began to come again', [10, 10, 30, 50], true],
    ['nothing came', [10, 10, 10], false],
    ['something came once', [10, 10, 30], false],
    ['it broke off', [10, 20, 20], false],
    ['it is too soon', [10, 20], false],
  ])('are for a line on which media trickles: %s', (_, came, slow) => {
    expect(isTrickle(came)).toBe(slow);
  });
});

describe('sound before the player', () => {
  const kMap = '#EXT-X-MAP:URI="init-0.mp4"';
  const segment = (number: number, init = 'init-0.mp4') => ({ number, uri: `${number}.m4s`, init });
  it.each([
    ['nothing yet', ['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="0.0.m4s"'], { segments: [], next: 0, ended: false }],
    [
      'whole segments, and a part of the next',
      ['#EXT-X-MEDIA-SEQUENCE:7', kMap, '#EXTINF:2,', '7.m4s', '#EXTINF:2,', '8.m4s', '#EXT-X-PART:DURATION=0.2,URI="9.0.m4s"'],
      { segments: [segment(7), segment(8)], next: 9, ended: false },
    ],
    ['one that is not there', ['#EXT-X-MEDIA-SEQUENCE:0', kMap, '#EXT-X-GAP', '#EXTINF:2,', '0.m4s', '1.m4s'], { segments: [segment(1)], next: 2, ended: false }],
    [
      'an update, and another beginning in it',
      ['#EXT-X-MEDIA-SEQUENCE:0', '#EXT-X-SKIP:SKIPPED-SEGMENTS=12', '12.m4s', '#EXT-X-MAP:URI="init-1.mp4"', '13.m4s'],
      { segments: [segment(12, ''), segment(13, 'init-1.mp4')], next: 14, ended: false },
    ],
    ['the end, with another line ending', ['#EXT-X-MEDIA-SEQUENCE:0', kMap, '0.m4s\r', '#EXT-X-ENDLIST\r'], { segments: [segment(0)], next: 1, ended: true }],
  ])('%s', (_, lines, list) => {
    expect(readSegments(['#EXTM3U', ...lines, ''].join('\n'))).toEqual(list);
  });
  it('lies beside the picture', () => {
    expect(soundOf('/hls/t/L1/master.m3u8')).toBe('/hls/t/L1/audio/media.m3u8');
    expect(soundOf('/hls/t/L1/audio/media.m3u8')).toBe('/hls/t/L1/audio/media.m3u8');
  });
});

describe('hurry', () => {
  const lag: Lag = { behind: 0, ahead: 10, heard: 60, following: true, hurrying: false };
  it.each<readonly [string, Partial<Lag>, number | 'jump']>([
    ['at its place', { ahead: 0.6 }, 1],
    ['a little late', { behind: 0.15, ahead: 0.9 }, 1],
    ['late', { behind: 0.3, ahead: 0.9 }, 1.08],
    ['not there yet', { behind: 0.15, ahead: 0.8, hurrying: true }, 1.08],
    ['back at its place', { behind: 0.04, ahead: 0.7, hurrying: true }, 1],
    ['late with next to nothing in the buffer', { behind: 0.5, ahead: 0.4, hurrying: true }, 1],
    ['before its place', { behind: -0.5, ahead: 0.3 }, 1],
    ['rewound on purpose', { behind: 30, ahead: 20, following: false }, 1],
    ['paused for a moment', { behind: 2, following: false }, 1.08],
    ['after a tunnel, in mid-lesson', { behind: 7, ahead: 8 }, 1.08],
    ['just come, the picture late', { behind: 7, ahead: 8, heard: 0.3 }, 'jump'],
    ['just come, live not in the buffer yet', { behind: 7, ahead: 2, heard: 0.3 }, 1.08],
    ['just come, and gone to the beginning', { behind: 7, ahead: 8, heard: 0.3, following: false }, 1],
  ])('%s', (_, changed, answer) => {
    expect(hurry({ ...lag, ...changed })).toBe(answer);
  });

  it('counts the buffer it is in', () => {
    const ranges = [[0, 2], [3, 10.5]] as const;
    const buffered = { length: 2, start: (at: number) => ranges[at]?.[0] ?? 0, end: (at: number) => ranges[at]?.[1] ?? 0 };
    expect(bufferedAhead(buffered, 1.5)).toBe(0.5);
    expect(bufferedAhead(buffered, 2.5)).toBe(0);
    expect(bufferedAhead(buffered, 3)).toBe(7.5);
    expect(bufferedAhead(buffered, 11)).toBe(0);
  });
});
