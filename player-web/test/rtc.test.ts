import { describe, expect, it } from 'vitest';

import { playsH264, preferredVideo, sessionAddress, withStartRate } from '../src/core/rtc';

const kCodecs = [
  { mimeType: 'video/VP8' },
  { mimeType: 'video/rtx' },
  { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f' },
  { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f' },
  { mimeType: 'video/H264', sdpFmtpLine: 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f' },
  { mimeType: 'video/AV1' },
  { mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=0' },
  { mimeType: 'video/ulpfec' },
];

describe('codecs', () => {
  it('prefers H.264 that every phone decodes, keeps VP8, drops the rest', () => {
    expect(preferredVideo(kCodecs).map(({ mimeType, sdpFmtpLine }) => `${mimeType} ${/id=(\w+)/.exec(sdpFmtpLine ?? '')?.[1] ?? ''}`)).toEqual([
      'video/H264 42e01f',
      'video/H264 42001f',
      'video/VP8 ',
      'video/rtx ',
    ]);
    expect(preferredVideo([])).toEqual([]);
  });
  it('knows who plays H.264', () => {
    expect(playsH264(kCodecs)).toBe(true);
    expect(playsH264([{ mimeType: 'video/VP8' }])).toBe(false);
  });
});

describe('withStartRate', () => {
  it('speaks to the picture only, and not to retransmissions', () => {
    const sdp = ['v=0', 'm=audio 9 UDP/TLS/RTP/SAVPF 111', 'a=fmtp:111 minptime=10', 'm=video 9 UDP/TLS/RTP/SAVPF 96 97', 'a=fmtp:96 packetization-mode=1', 'a=fmtp:97 apt=96', ''].join('\r\n');
    expect(withStartRate(sdp, 800)).toBe(sdp.replace('packetization-mode=1', 'packetization-mode=1;x-google-start-bitrate=800'));
    expect(withStartRate('v=0\r\n', 800)).toBe('v=0\r\n');
  });
});

describe('sessionAddress', () => {
  const kOrigin = 'https://school.example';
  it.each([
    ['/whip/L1/abc', '/whip/L1/abc'],
    ['abc', '/whip/abc'],
    ['https://school.example/s?id=1', '/s?id=1'],
    ['https://elsewhere.example/s', null],
    ['//elsewhere.example/s', null],
    ['http://school.example/s', null],
    ['http://[', null],
    [null, null],
  ])('%s', (location, expected) => {
    expect(sessionAddress(location, '/whip/L1', kOrigin)).toBe(expected);
  });
});
