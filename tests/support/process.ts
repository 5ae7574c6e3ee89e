import { type ChildProcess, spawn } from 'node:child_process';

import { waitFor } from './wait';

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A child process with everything it says kept, and its end awaited. */
export class Running {
  readonly child: ChildProcess;
  stdout = '';
  stderr = '';
  readonly #ended: Promise<Ended>;
  #end: Ended | null = null;

  constructor(command: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
    this.child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text));
    this.child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text));
    this.child.stdin?.on('error', () => undefined); // the child may go first
    this.#ended = new Promise((resolve, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code, signal) => {
        this.#end = { code, signal, stdout: this.stdout, stderr: this.stderr };
        resolve(this.#end);
      });
    });
    this.#ended.catch(() => undefined); // reported by whoever awaits it
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the process did not start');
    return this.child.pid;
  }

  get end(): Ended | null {
    return this.#end;
  }

  ended(ms: number): Promise<Ended> {
    return Promise.race([this.#ended, waitFor(() => this.#end, { ms, what: `end of ${this.child.spawnfile}` })]);
  }

  /** Asks to stop and waits; kills what does not listen, and says so by the signal. */
  async stop(signal: NodeJS.Signals = 'SIGTERM', ms = 10_000): Promise<Ended> {
    if (this.#end === null) this.child.kill(signal);
    try {
      return await this.ended(ms);
    } catch {
      this.child.kill('SIGKILL');
      return this.ended(5000);
    }
  }
}

/** Runs a command to its end. */
export function run(command: string, args: readonly string[], ms = 30_000): Promise<Ended> {
  return new Running(command, args).ended(ms);
}
