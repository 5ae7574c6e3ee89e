import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { waitFor } from './wait';

/** A television: reads the list every second and fetches what is new in it, once. */
export class Television {
  readonly seen: string[] = [];
  /** Indices of `seen` that a discontinuity lies before. */
  readonly breaks: number[] = [];
  readonly bytes = new Map<string, Buffer>();
  readonly faults: string[] = [];
  #next: number | null = null;
  #breaks = 0;

  constructor(readonly url: string) {}
  async look(): Promise<void> {
    const response = await fetch(this.url);
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${response.status} ${text}`);
    const tag = (name: string): number => Number(new RegExp(`#EXT-X-${name}:(\\d+)`).exec(text)?.[1]);
    const [first, breaks] = [tag('MEDIA-SEQUENCE'), tag('DISCONTINUITY-SEQUENCE')];
    if (breaks < this.#breaks) this.faults.push('breaks went back');
    this.#breaks = breaks;
    if (this.#next !== null && first > this.#next) this.faults.push(`lost ${this.#next} to ${first}`);
    const pieces = [...text.matchAll(/(#EXT-X-DISCONTINUITY\n)?#EXTINF:([\d.]+),\n(\S+)\n/g)];
    for (const [i, [, tagged, duration, uri = '']] of pieces.entries()) {
      if (Math.round(Number(duration)) > tag('TARGETDURATION')) this.faults.push(`${uri} lasts ${duration}`);
      const number = first + i;
      if (this.#next !== null && number < this.#next) continue;
      this.#next = number + 1;
      if (tagged !== undefined) this.breaks.push(this.seen.length);
      this.seen.push(uri);
      const media = await fetch(new URL(uri, this.url));
      if (media.status !== 200) this.faults.push(`${media.status} ${uri}`);
      this.bytes.set(uri, Buffer.from(await media.arrayBuffer()));
    }
  }
  /** Goes on watching until it has seen so many pieces more of this kind. */
  async watches(kind: RegExp, more: number): Promise<void> {
    const from = this.seen.length;
    await waitFor(
      async () => {
        await this.look();
        return this.seen.slice(from).filter((uri) => kind.test(uri)).length >= more;
      },
      { ms: 90_000, every: 1000, what: `${more} of ${kind} after ${this.seen.slice(from).join(' ')}` },
    );
  }
  /** As the kinds came after each other. */
  story(): string {
    const kinds = this.seen.map((uri) => (uri.includes('/rest/') ? 'rest' : uri.includes('/clip/') ? 'clip' : (/^\/hls\/[^/]+\/([^/]+)/.exec(uri)?.[1] ?? '?')));
    return kinds.filter((kind, i) => kind !== kinds[i - 1]).join(' ');
  }
  /** These pieces as one file beside others in `folder`. */
  file(folder: string, uris: readonly string[]): string {
    const path = join(folder, `${uris.length}-${this.seen.length}.ts`);
    writeFileSync(path, Buffer.concat(uris.map((uri) => this.bytes.get(uri) ?? Buffer.alloc(0))));
    return path;
  }
}
