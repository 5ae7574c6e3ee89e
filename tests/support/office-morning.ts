import { kNobody, mondayIn } from './duty-double';
import { doubleOutput } from './outputs-double';
import { missingPupil, type OfficeDouble } from './office-double';

const room = (id: string, label: string, name: string | null) => ({
  id, label, school: null, class: `c${id}`, group: null, teacher: name === null ? null : { id: 't', name }, expected: 42,
});
const lead = { id: 'st2', name: '李老师' };

/** A school's morning that has something of everything, for screenshots. */
export function officeMorning(office: OfficeDouble): void {
  office.lessons = [
    { id: 'L5', title: '三年级语文：燕子', state: 'waiting', started_at: null, lead, rooms: [room('1', '三年级1班', '张老师')] },
    { id: 'L6', title: '三年级数学：分数的初步认识', state: 'live', started_at: Date.now(), lead, rooms: [room('2', '三年级2班', null), room('3', '三年级3班', '赵老师')] },
    { id: 'L7', title: '五年级科学：光', state: 'interrupted', started_at: Date.now(), lead: null, rooms: [] },
    { id: 'L8', title: '晨会', state: 'ended', started_at: Date.now(), lead, rooms: [room('4', '四年级1班', '孙老师')] },
  ];
  office.classes.push({ id: 'c4', label: '四年级1班', grade: 4, number: 1, pupils: 38, homeroom: { id: 'st3', name: '孙老师' } });
  office.missing = {
    c2: [
      missingPupil('1', '李明'),
      missingPupil('2', '张芳', { absent: false, minutes: 12, last_seen: Date.now() - 300_000 }),
      missingPupil('3', '王小明', { replay_minutes: 7, contact: { by: 'called', way: 'replay', at: Date.now() } }),
    ],
    c3: [missingPupil('4', '赵雨', { state: 'tv', absent: false, contact: { by: 'called', way: 'tv', at: Date.now() } })],
  };
  office.unwatched = [{ lesson: 'L6', title: '三年级数学：分数的初步认识', room: room('2', '三年级2班', null), was_here: false, minutes: 15 }];
  office.holds['L8'] = { reason: '家长来信', asked_by: lead, approved_by: null, release_asked_by: null };
  const wang = { id: 'st1', name: '王主任' };
  office.duty.weeks[mondayIn()] = Array.from({ length: 7 }, (_, at) =>
    at < 5 ? { administrator: { staff: wang, phone: '021-5555 1234' }, technician: { staff: lead, phone: '分机 8012' }, contact: at === 4 ? null : { staff: lead, phone: '' } } : kNobody,
  );
  office.outputs.destinations = [
    { name: 'cable-3', kind: 'ts', wants_key: false, delay_ms: 30_000 },
    { name: 'iptv-3', kind: 'ts', wants_key: false, delay_ms: 30_000 },
    { name: 'head-end', kind: 'ts', wants_key: false, delay_ms: 30_000 },
    { name: 'dingtalk', kind: 'rtmp', wants_key: true, delay_ms: 3_000 },
  ];
  // The lesson that needs somebody first is the one that the page opens with.
  office.outputs.items['L7'] = [
    doubleOutput('cable-3'),
    doubleOutput('iptv-3', { cut: true, cut_since: Date.now() - 40_000, dropped_frames: 14 }),
    doubleOutput('head-end', { state: 'retrying', since: Date.now() - 20_000, restarts: 3, dropped_segments: 6, last_error: 'unreachable: connection: Input/output error' }),
  ];
  const day = 86_400_000;
  office.retention.recordings = [
    { lesson: 'L8', title: '晨会', started_at: Date.now() - 29 * day, due_at: Date.now() + day, held: true, goes_at: null },
    { lesson: 'L7', title: '五年级科学：光', started_at: Date.now() - 28 * day, due_at: Date.now() + 2 * day, held: false, goes_at: Date.now() + 2.4 * day },
    { lesson: 'L6', title: '三年级数学：分数的初步认识', started_at: Date.now() - 3 * day, due_at: Date.now() + 27 * day, held: false, goes_at: Date.now() + 27.4 * day },
    { lesson: 'L0', title: null, started_at: null, due_at: Date.now() + 28 * day, held: false, goes_at: Date.now() + 28.4 * day },
  ];
  const hex = (seed: number): string => Array.from({ length: 64 }, (_, at) => ((seed * (at + 3)) % 16).toString(16)).join('');
  office.retention.deletions = [
    { id: 3, at: Date.now() - day, kind: 'media', lesson: 'L0', title: '二年级语文：雷雨', items: 412, bytes: 188_000_000, hash: hex(7), chain: hex(11) },
    { id: 2, at: Date.now() - day, kind: 'access', lesson: null, title: null, items: 37, bytes: 0, hash: '', chain: hex(13) },
    { id: 1, at: Date.now() - 2 * day, kind: 'help', lesson: 'L0', title: null, items: 1, bytes: 9_000, hash: hex(5), chain: hex(9) },
  ];
  office.timetable.drafts = [{ day: 2, start: '19:00', end: '19:30', subject: '科学', lead: '赵老师', goal: '光沿直线走' }];
  office.timetable.findings = [
    { severity: 'error', code: 'evening', rows: [5], params: { amount: 30, limit: 0 }, week: '2026-11-23' },
    { severity: 'warning', code: 'no_exercise', rows: [5], params: { amount: 2, limit: 0 }, week: null },
  ];
  office.timetable.rows = {
    '5': { day: 2, start: '19:00', end: '19:30', kind: 'lesson', subject: '科学', lead: '赵老师', period: 9, scope: { grade: 3, class: '三年级1班' }, week: null },
  };
  const clash = { severity: 'error', code: 'teacher_double', rows: [2, 40], params: { amount: 20, limit: 0 }, week: null } as const;
  office.timetable.rows['40'] = { day: 2, start: '09:10', end: '09:30', kind: 'lesson', subject: '数学', lead: '王老师', period: 2, scope: { grade: 3, class: '三年级2班' }, week: null };
  for (const day of [2, 4]) office.timetable.broken[`2 ${day} 09:10`] = [{ ...clash, rows: [...clash.rows] }];
  for (const day of [1, 2, 3, 4, 5]) office.timetable.broken[`2 ${day} 19:00`] = [{ severity: 'error', code: 'evening', rows: [2], params: { amount: 20, limit: 0 }, week: null }];
  office.timetable.broken['2 5 08:30'] = [{ severity: 'error', code: 'class_double', rows: [2, 6], params: { amount: 20, limit: 0 }, week: null }];
  office.timetable.broken['2 3 09:10'] = [{ severity: 'warning', code: 'no_exercise', rows: [2], params: { amount: 1, limit: 0 }, week: null }];
  office.report.problems = [
    { file: 'a.csv', line: 12, column: 'phone', reason: 'bad_phone' },
    { file: 'a.csv', line: 40, column: 'pupil_number', reason: 'identity_card' },
  ];
}
