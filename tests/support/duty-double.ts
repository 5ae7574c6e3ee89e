/** The stand-in's duty roster of one school: weeks by their Monday, as the API has them. */

const kPosts = ['administrator', 'technician', 'contact'] as const;
interface Named {
  readonly id: string;
  readonly name: string;
}
interface Turn {
  readonly staff: Named;
  readonly phone: string;
}
type Day = Readonly<Record<(typeof kPosts)[number], Turn | null>>;

export interface DutyDouble {
  /** By the Monday; seven days each. */
  readonly weeks: Record<string, Day[]>;
  week(monday: string): object;
  /** The tag of a week as it is. */
  tag(monday: string): string;
  /** null: not what `match` names. */
  put(monday: string, match: string, body: string, staff: readonly Named[]): object | null;
}

export const kNobody: Day = { administrator: null, technician: null, contact: null };
const addDays = (date: string, days: number): string => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
/** The Monday of a day some days from today. */
export function mondayIn(days = 0): string {
  const at = new Date(Date.now() + days * 86_400_000);
  const date = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}-${String(at.getDate()).padStart(2, '0')}`;
  return addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
}

export function createDutyDouble(): DutyDouble {
  const daysOf = (monday: string): readonly Day[] => double.weeks[monday] ?? Array.from({ length: 7 }, () => kNobody);
  const double: DutyDouble = {
    weeks: {},
    week: (monday) => ({ week: monday, days: daysOf(monday).map((day, at) => ({ date: addDays(monday, at), ...day })) }),
    tag: (monday) => `"${JSON.stringify(daysOf(monday)).length}"`,
    put(monday, match, body, staff) {
      if (match !== double.tag(monday)) return null;
      const { days } = JSON.parse(body) as { days: readonly Record<string, { staff: string; phone: string } | null>[] };
      double.weeks[monday] = days.map((day) => {
        const turns = kPosts.map((post) => {
          const said = day[post] ?? null;
          const member = staff.find(({ id }) => id === said?.staff);
          return [post, said === null || member === undefined ? null : { staff: member, phone: said.phone }];
        });
        return Object.fromEntries(turns) as Day;
      });
      return double.week(monday);
    },
  };
  return double;
}
