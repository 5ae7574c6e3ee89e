import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where Debian put it on this kind of machine. */
function library(): string {
  const files = execFileSync('dpkg', ['-L', 'libfaketime'], { encoding: 'utf8' }).split('\n');
  const found = files.find((file) => file.endsWith('/libfaketimeMT.so.1'));
  if (found === undefined) throw new Error('libfaketime is not installed');
  return found;
}

/** A wall clock that a test turns on, for a server that believes it (Debian's libfaketime); deadlines go by the
 *  monotonic clock, which stays what it is. */
export class TurnedClock {
  readonly #folder = mkdtempSync(join(tmpdir(), 'tongke-clock-'));
  readonly #file = join(this.#folder, 'offset');
  #minutes = 0;

  constructor() {
    this.#write();
  }
  get env(): Readonly<Record<string, string>> {
    return {
      LD_PRELOAD: library(),
      FAKETIME_TIMESTAMP_FILE: this.#file,
      FAKETIME_NO_CACHE: '1',
      DONT_FAKE_MONOTONIC: '1',
      NO_FAKE_STAT: '1',
    };
  }
  forward(minutes: number): void {
    this.#minutes += minutes;
    this.#write();
  }
  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
  #write(): void {
    writeFileSync(this.#file, `+${this.#minutes * 60}\n`);
  }
}
