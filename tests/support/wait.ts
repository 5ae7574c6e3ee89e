/** Waiting on a condition with a deadline: the only kind of waiting in these tests. */
export interface Deadline {
  readonly ms?: number;
  readonly every?: number;
  /** Said when it never came true. */
  readonly what?: string;
}

/** Resolves with the first value of `check` that is neither false, null nor undefined. */
export async function waitFor<T>(
  check: () => T | Promise<T>,
  { ms = 10_000, every = 50, what = 'condition' }: Deadline = {},
): Promise<Exclude<T, false | null | undefined>> {
  const end = Date.now() + ms;
  let last: unknown;
  for (;;) {
    try {
      last = await check();
      if (last !== false && last !== null && last !== undefined) return last as Exclude<T, false | null | undefined>;
    } catch (error) {
      last = error;
    }
    if (Date.now() >= end) throw new Error(`${what}: not within ${ms} ms; last: ${String(last)}`);
    await new Promise((resolve) => setTimeout(resolve, every));
  }
}
