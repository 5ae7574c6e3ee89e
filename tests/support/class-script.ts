import type { SignalDouble } from './signal-double';

const kFamily = ['李', '张', '王', '赵', '孙', '周', '吴', '郑', '冯', '陈', '褚', '卫'];
const kGiven = ['明', '芳', '小明', '雨', '子涵', '浩然', '欣怡', '梓萱', '一诺'];

/** A class of made-up pupils, most of them here and doing well. */
export function fillClass(signal: SignalDouble, room: string, size: number): void {
  const seats = signal.rooms[room]?.seats;
  if (seats === undefined) throw new Error(`no room ${room}`);
  for (let seat = 1; seat <= size; seat += 1) {
    const label = (kFamily[(seat - 1) % kFamily.length] ?? '') + (kGiven[(seat - 1 + Math.floor((seat - 1) / kFamily.length)) % kGiven.length] ?? '');
    seats[seat] = { label, state: 'playing', since: Date.now() - seat * 60_000 };
  }
  const change = (seat: number, changed: object): void => {
    const before = seats[seat];
    if (before !== undefined) seats[seat] = { ...before, ...changed };
  };
  change(6, { companion: 'mother' });
  change(9, { state: 'audio' });
  change(11, { state: 'media', tv: true, companion: 'grandparent' });
  change(14, { state: 'stalled' });
  change(19, { state: 'gone', since: Date.now() - 4 * 60_000 });
  change(23, { state: 'absent' });
  change(28, { state: 'paused' });
  change(31, { state: 'absent' });
}
