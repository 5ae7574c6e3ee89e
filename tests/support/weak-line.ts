import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A network namespace behind a line that can be made bad; nothing else on the machine notices. */
export interface WeakLine {
  /** The machine's address as the namespace sees it. */
  readonly host: string;
  /** Runs its arguments inside, for programs that want one path. */
  readonly inside: (program: string) => string;
  /** Loses this share of what comes in, of UDP or of everything; 0: nothing. */
  loses(share: number, of?: 'udp' | 'all'): void;
  /** At most so many kbit/s come in; null: as many as there are. */
  squeezed(kilobits: number | null): void;
  /** Bytes that have come in so far, headers and all. */
  carried(): number;
  close(): void;
}

/** Namespaces are root's business; CI and the fresh machine are root. */
export const kMayMakeLines = process.getuid?.() === 0;

function must(command: string, ...args: readonly string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}

export function makeWeakLine(): WeakLine {
  const number = process.pid % 250;
  const name = `tongke-${number}`;
  const [outer, inner] = [`tko${number}`, `tki${number}`];
  const host = `10.213.${number}.1`;
  const folder = mkdtempSync(join(tmpdir(), 'tongke-line-'));
  must('ip', 'netns', 'add', name);
  must('ip', 'link', 'add', outer, 'type', 'veth', 'peer', 'name', inner, 'netns', name);
  must('ip', 'addr', 'add', `${host}/24`, 'dev', outer);
  must('ip', 'link', 'set', outer, 'up');
  // `ip netns exec` mounts, and in a root that was changed into there is nothing to mount over.
  const space = `--net=/run/netns/${name}`;
  const within = (...args: readonly string[]): void => must('nsenter', space, ...args);
  within('ip', 'addr', 'add', `10.213.${number}.2/24`, 'dev', inner);
  within('ip', 'link', 'set', inner, 'up');
  within('ip', 'link', 'set', 'lo', 'up');
  return {
    host,
    inside(program) {
      const wrapper = join(folder, 'inside');
      writeFileSync(wrapper, `#!/bin/sh\nexec nsenter ${space} ${program} "$@"\n`);
      chmodSync(wrapper, 0o755);
      return wrapper;
    },
    loses(share, of = 'udp') {
      within('iptables', '-F', 'INPUT');
      if (share > 0) within('iptables', '-A', 'INPUT', '-p', of, '-m', 'statistic', '--mode', 'random', '--probability', String(share), '-j', 'DROP');
    },
    squeezed(kilobits) {
      spawnSync('tc', ['qdisc', 'del', 'dev', outer, 'root']); // none there is no harm
      if (kilobits !== null) must('tc', 'qdisc', 'add', 'dev', outer, 'root', 'tbf', 'rate', `${kilobits}kbit`, 'burst', '8kb', 'latency', '300ms');
    },
    carried: () => Number(readFileSync(`/sys/class/net/${outer}/statistics/tx_bytes`, 'utf8')),
    close() {
      spawnSync('ip', ['netns', 'del', name]); // takes the pair of interfaces along
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
