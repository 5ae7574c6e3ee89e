import { type BoardTicket, entry, type FamilyDouble, kMonday, type Said } from './family-double';

/** A home's week and a school's board that have something of everything, for tests and screenshots. */

const kDayMs = 86_400_000;
const today = (new Date(Date.now() + 8 * 3_600_000).getUTCDay() + 6) % 7 + 1;

const lesson = (id: string, title: string, state: string, daysAgo: number, replay: string | null = null, minutes = 20): object => ({
  id, title, started_at: Date.now() - daysAgo * kDayMs, state, declared: null, minutes: state === 'unresolved' ? 0 : minutes, replay_minutes: state === 'late' ? 18 : 0, replay,
});

const said = (week: string, more: Partial<Said> = {}): Said => ({ week, lesson: null, picture: 'good', sound: 'good', pace: 'fits', text: '', said_at: Date.now() - 7 * kDayMs, ticket: null, ...more });
const weekBefore = (weeks: number): string => new Date(Date.parse(`${kMonday}T00:00:00Z`) - weeks * 7 * kDayMs).toISOString().slice(0, 10);

export function familyWeek(family: FamilyDouble): void {
  family.children = [
    { id: 'k1', name: '李小明', grade: 3, number: 2 },
    { id: 'k2', name: '李小雨', grade: 9, number: 1 },
  ];
  const day = (number: number): object[] => [
    entry(number, '08:00', 20, '语文'),
    entry(number, '08:20', 10, '', { kind: 'break', lead: '', id: number * 100 + 50 }),
    entry(number, '08:30', 20, '数学', { lead: '王老师', id: number * 100 + 9 }),
    entry(number, '08:50', 10, '', { kind: 'eye', lead: '', id: number * 100 + 51 }),
    entry(number, '09:00', 20, '科学', { id: number * 100 + 10 }),
    entry(number, '17:00', 30, '', { kind: 'labour', delivery: 'offline', lead: '' }),
  ];
  const now = new Date(Date.now() + 8 * 3_600_000);
  // One that is on now, whatever the hour, and alone then.
  const start = `${`0${now.getUTCHours()}`.slice(-2)}:${now.getUTCMinutes() < 30 ? '00' : '30'}`;
  const onAir = entry(today, start, 60, '英语', { lead: '陈老师', id: 7 }) as { starts: number; ends: number };
  const first = entry(today, '08:00', 20, '语文') as { starts: number };
  const rest = ([1, 2, 3, 4, 5].flatMap(day) as { starts: number; ends: number }[]).filter(({ starts, ends }) => ends <= onAir.starts || starts >= onAir.ends);
  const week = [...rest, onAir];
  family.weeks = { k1: week.sort((a, b) => a.starts - b.starts), k2: [entry(1, '10:00', 40, '物理')] };
  family.lessons = {
    k1: [
      { id: 'L1', title: '三年级语文：燕子', state: 'ended', planned_start: first.starts, page: '/w/XIAOMING2' },
      { id: 'L2', title: '三年级英语：Colours', state: 'live', planned_start: onAir.starts, page: '/w/XIAOMING' },
    ],
  };
  family.terms = {
    k1: {
      counts: { live: 30, tv: 4, late: 3, package: 1, excused: 2, unresolved: 2 },
      lessons: [
        lesson('L1', '三年级语文：燕子', 'live', 0),
        lesson('L8', '三年级数学：分数的初步认识', 'unresolved', 1, '/w/XIAOMING2'),
        lesson('L9', '三年级科学：光', 'unresolved', 34),
        lesson('L10', '三年级语文：荷花', 'late', 3),
        lesson('L11', '三年级数学：面积', 'tv', 3),
        lesson('L12', '班会', 'excused', 4, null, 0),
        ...Array.from({ length: 36 }, (_, at) => lesson(`M${at}`, '三年级语文：早读', 'live', 5 + at)),
      ],
    },
  };
  family.over = { k1: [{ id: 'L1', title: '三年级语文：燕子', ended_at: Date.now() - 3_600_000 }] };
  family.said = {
    k1: [
      said(weekBefore(1), { sound: 'poor', text: '星期三的数学课听不清老师说话', ticket: { state: 'answered', owner: 'technician', since: Date.now() - 6 * kDayMs, next: null, due_at: Date.now() - 5 * kDayMs, overdue: false, answer: '那天老师的话筒坏了，已经换好。缺的课可以看回放。', answered_at: Date.now() - 5 * kDayMs } }),
      said(weekBefore(2)),
    ],
  };
}

const ticket = (id: string, name: string | null, more: Partial<Said>, owner: string, dueInMs: number): BoardTicket => ({
  ...said(kMonday, more), id,
  ticket: { state: 'open', owner, since: Date.now() + dueInMs - kDayMs, next: owner === 'principal' ? null : { desk: owner === 'office' ? 'principal' : 'office', at: Date.now() + Math.abs(dueInMs) / 2 }, due_at: Date.now() + dueInMs, overdue: dueInMs < 0, answer: null, answered_at: null },
  class: { id: 'c2', label: '三年级2班', grade: 3, number: 2 },
  pupil: name === null ? null : { id: `p${id}`, name, number: '20230102' },
  holder: owner === 'homeroom' ? { id: 'st2', name: '李老师' } : owner === 'principal' ? { id: 'st9', name: '张校长' } : null, answered_by: null, may_answer: true,
  desks: ['office', 'homeroom', 'technician', 'principal'].filter((desk) => desk !== owner),
});

export function ticketBoard(family: FamilyDouble): void {
  family.tickets = [
    ticket('T1', '张芳', { picture: 'poor', sound: 'poor', text: '星期一上午一直卡，换了手机也一样' }, 'technician', -3 * 3_600_000),
    ticket('T2', '王小明', { pace: 'too_fast' }, 'homeroom', 20 * 3_600_000),
    ticket('T3', '赵雨', { text: '谢谢老师们，孩子每天都盼着上课' }, 'homeroom', 40 * 3_600_000),
    ticket('T4', '李明', { pace: 'too_long', lesson: { id: 'L1', title: '三年级语文：燕子' } }, 'principal', 40 * 3_600_000),
  ];
  const answered = ticket('T5', '孙悦', { sound: 'poor' }, 'technician', 1);
  Object.assign(answered.ticket, { next: null, state: 'answered', answer: '话筒已经换好，请再听听看。', answered_at: Date.now(), overdue: false });
  answered.answered_by = { id: 'st3', name: '赵技术' };
  family.tickets.push(answered);
}
