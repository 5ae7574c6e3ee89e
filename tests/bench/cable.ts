/* eslint-disable no-console */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { pattern, publish } from '../support/media';
import { School } from '../support/school';
import { Server } from '../support/server';
import { analyse, Receiver } from '../support/ts-stream';
import { waitFor } from '../support/wait';

// A lesson to a cable head-end for half an hour: what arrives by UDP on the loopback, judged by tstools and ffmpeg, and
// what the sending process takes. Prints one JSON line.
//   npx vite-node bench/cable.ts [--minutes 30] [--rate 5] [--lesson 2500] [--mp2]   (Mbit/s, kbit/s; MPEG-1 Layer II)

const option = (name: string, otherwise: number): number => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : Number(process.argv[at + 1]);
};
const kSeconds = option('minutes', 30) * 60;
const kRate = option('rate', 5) * 1_000_000;
const kSound = process.argv.includes('--mp2') ? 'mp2' : 'aac';
const kTicks = 100; // of /proc, a second

const cable = await Receiver.open();
const folder = mkdtempSync(join(tmpdir(), 'tongke-cable-'));
const server = await Server.start({ config: `[outputs]\ndestinations = ["cable | ts | udp://127.0.0.1:${cable.port} | rate=${kRate / 1000}k | delay=30s | audio=${kSound}"]\n` });
const lists = ['学校,年级,班级,学号,姓名\r\n第一小学,三年级,1班,311,钱甲一\r\n', '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n'];
const school = await School.open(server, '第一小学', lists);
const lesson = await school.teach({ title: '分数', mode: 'class', lead: school.member('王老师').id, rooms: [{ class: school.klass('三年级1班').id }] });
const publisher = publish(lesson.rtmp, pattern({ size: '1280x720', kilobits: option('lesson', 2500) }));
const path = `/api/v1/lessons/${lesson.id}/outputs`;
await school.office.must('POST', path, { destination: 'cable' });
cable.record(join(folder, 'cable.ts'));
await waitFor(() => cable.bytes > 0, { ms: 60_000, what: 'the first datagram' });

const commandOf = (pid: number): string => readFileSync(`/proc/${pid}/cmdline`, 'utf8');
const child = server.children().find((pid) => commandOf(pid).includes('output'));
if (child === undefined) throw new Error('no sending process');
/** Datagrams of each tenth of a second. */
const tenths: number[] = [];
let before = cable.bytes;
const timer = setInterval(() => {
  tenths.push((cable.bytes - before) / 1316);
  before = cable.bytes;
}, 100);
await waitFor(() => (cable.last - cable.first) / 1000 >= kSeconds, { ms: (kSeconds + 60) * 1000, every: 500, what: 'the end' });
clearInterval(timer);
const cpu = readFileSync(`/proc/${child}/stat`, 'utf8').split(' ').slice(13, 15).map(Number).reduce((a, b) => a + b, 0);
const memory = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child}/status`, 'utf8'))?.[1];
const { items } = await school.office.must('GET', path);
await cable.stop();
const report = await analyse(join(folder, 'cable.ts'));
tenths.sort((a, b) => a - b);
const nominal = kRate / 8 / 1316 / 10;
console.log(
  JSON.stringify({
    seconds: Math.round((cable.last - cable.first) / 1000),
    rate_wall: Math.round(cable.rate),
    rate_pcr: report.rate,
    datagram_sizes: [...cable.sizes.keys()],
    longest_pcr_gap_ms: report.longestPcrGap,
    bad_pcr_gaps: report.badPcrGaps,
    pcr_error_ticks: report.pcrError,
    least_lead_ms: report.leads,
    complaints: report.complaints,
    tenth_of_a_second: { nominal, p01: tenths[Math.floor(tenths.length * 0.01)], p99: tenths[Math.floor(tenths.length * 0.99)], most: tenths.at(-1) },
    cpu_percent: Math.round((cpu / kTicks / kSeconds) * 1000) / 10,
    memory_mb: Math.round(Number(memory) / 1024),
    items,
  }),
);
await publisher.stop();
await server.close();
cable.close();
rmSync(folder, { recursive: true, force: true });
