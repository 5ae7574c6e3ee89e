/** The stand-in's lessons to others: destinations of the configuration, and what goes there, as the API has them. */

export interface DoubleOutput {
  readonly destination: string;
  readonly kind: string;
  readonly delay_ms: number;
  readonly state: string;
  readonly since: number;
  readonly bytes: number;
  readonly restarts: number;
  readonly dropped_segments: number;
  readonly dropped_frames: number;
  readonly late: number;
  readonly underruns: number;
  readonly cut: boolean;
  readonly cut_since: number | null;
  readonly last_error: string | null;
}

interface Answer {
  readonly status: number;
  readonly body: object | null;
}

export interface OutputsDouble {
  destinations: { name: string; kind: string; wants_key: boolean; delay_ms: number }[];
  /** By the lesson. */
  readonly items: Record<string, DoubleOutput[]>;
  /** Channels that carry another lesson. */
  busy: string[];
  list(lesson: string): object;
  /** null: no path of these. */
  change(method: string, path: string, body: string): Answer | null;
}

const refused = (status: number, code: string, message: string): Answer => ({ status, body: { error: { code, message } } });

export const doubleOutput = (destination: string, more: Partial<DoubleOutput> = {}): DoubleOutput => ({
  destination, kind: 'ts', delay_ms: 30_000, state: 'sending', since: Date.now() - 12 * 60_000 - 5_000, bytes: 460_000_000, restarts: 0, dropped_segments: 0, dropped_frames: 0, late: 0, underruns: 0,
  cut: false, cut_since: null, last_error: null, ...more,
});

export function createOutputsDouble(): OutputsDouble {
  const double: OutputsDouble = {
    destinations: [],
    items: {},
    busy: [],
    list: (lesson) => ({ destinations: double.destinations, items: double.items[lesson] ?? [] }),
    change(method, path, body) {
      const [, lesson = '', name = '', cut] = /^\/api\/v1\/lessons\/(\w+)\/outputs(?:\/([\w-]+))?(\/cut)?$/.exec(path) ?? [];
      if (lesson === '') return null;
      const items = (double.items[lesson] ??= []);
      if (method === 'POST') {
        const asked = JSON.parse(body) as { destination: string; key?: string };
        const to = double.destinations.find((one) => one.name === asked.destination);
        if (to === undefined) return refused(404, 'not_found', 'the configuration names no such destination');
        if (double.busy.includes(to.name)) return refused(409, 'conflict', 'a lesson is being sent there already');
        if (to.wants_key && (asked.key ?? '').includes(' ')) return refused(400, 'invalid', 'a key has 1 to 1000 printable characters without spaces');
        const made = doubleOutput(to.name, { kind: to.kind, delay_ms: to.delay_ms, state: 'waiting', since: Date.now(), bytes: 0 });
        double.items[lesson] = [...items.filter((one) => one.destination !== to.name), made];
        return { status: 201, body: made };
      }
      const found = items.find((one) => one.destination === name);
      if (found === undefined) return refused(404, 'not_found', 'this lesson is not sent there');
      if (cut === undefined) {
        double.items[lesson] = items.filter((one) => one !== found);
        return { status: 204, body: null };
      }
      const changed = { ...found, cut: method === 'PUT', cut_since: method === 'PUT' ? Date.now() : null };
      double.items[lesson] = items.map((one) => (one === found ? changed : one));
      return { status: 200, body: changed };
    },
  };
  return double;
}
