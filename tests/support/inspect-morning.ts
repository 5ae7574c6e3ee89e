import type { Double } from './double';

/** Seven lessons of three schools on air, and the drawn one to be looked at. */
export function inspectMorning(double: Double): void {
  const { office, signal } = double;
  office.may = ['draw', 'see_inspections', 'watch', 'see_lessons', 'see_counts'];
  office.school = null;
  const school = (n: number): { id: string; name: string } => ({ id: `s${n}`, name: `第${'一二三'[n - 1] ?? ''}小学` });
  const lesson = (n: number, of: number, title: string, stage: string, subject: string) => ({ id: `A${n}`, title, school: school(of), stage, subject, lead: { id: `t${n}`, name: `${'王李赵陈周吴郑'[n - 1] ?? ''}老师` } });
  office.inspect.lessons = [
    lesson(1, 1, '三年级数学：分数的初步认识', 'upper', '数学'),
    lesson(2, 1, '一年级语文：春夏秋冬', 'low', '语文'),
    lesson(3, 1, '二年级语文：找春天', 'low', '语文'),
    lesson(4, 2, '七年级英语：My school', 'junior', '英语'),
    lesson(5, 2, '八年级物理：浮力', 'junior', '物理'),
    lesson(6, 2, '四年级科学：声音', 'upper', '科学'),
    lesson(7, 3, '五年级数学：图形的运动', 'upper', '数学'),
  ];
  office.inspect.link = 'INSPECTOR';
  signal.people['INSPECTOR'] = { role: 'inspector', rooms: [] };
}
