type HlsEngine = typeof import('./hls-engine');

let engine: Promise<HlsEngine> | undefined;
let isHere = false;

/** hls.js and what drives it are fetched once, when a page turns out to need them. */
export function loadHls(): Promise<HlsEngine> {
  engine ??= import('./hls-engine').then(
    (module) => {
      isHere = true;
      return module;
    },
    (error: unknown) => {
      engine = undefined; // the next try fetches again
      throw error;
    },
  );
  return engine;
}

/** Whether it can start at once. */
export const isHlsHere = (): boolean => isHere;

/** When what the player needs is here, or it needs nothing: whatever else a page fetches waits for that, since on a weak line
 *  it would take its time from the sound. */
export async function afterPlayer(): Promise<void> {
  await Promise.resolve(); // the player of a page that begins just now
  await engine?.catch(() => undefined);
}
