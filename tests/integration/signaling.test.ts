import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { ffprobe, publish } from '../support/media';
import { run, Running } from '../support/process';
import { kTongke, Server } from '../support/server';
import { type Frame, SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// Who is here and what is said, against the real server.

const kept: SignalClient[] = [];
const keep = (client: SignalClient): SignalClient => {
  kept.push(client);
  return client;
};
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

/** Lines of a lesson's attendance, as they lie on disk. */
function attendance(server: Server, lesson: string): string[] {
  try {
    return readFileSync(join(server.data, 'lessons', `${lesson}.attendance`), 'utf8').trimEnd().split('\n');
  } catch {
    return [];
  }
}
const note = (text: string) => ({ t: 'note', media_time: 1000, text });
const presence = (state: string, media_time = 1000) => ({ t: 'presence', media_time, state });

describe('the websocket', () => {
  const use = useServer();

  it('is told to pages, welcomes who has a link, and closes on who has none', async () => {
    const { lesson, link } = await use.newClass('信令');
    const watch = (await (await fetch(`${use.server.origin}/api/v1/watch/${link.token}`)).json()) as { signal: string };
    expect(watch.signal).toBe(`:${use.server.ports.signal}/signal`);
    const pupil = keep(await SignalClient.enter(use.server, link.token));
    expect(pupil.frames('welcome')[0]).toMatchObject({ lesson: lesson.id, role: 'pupil', state: 'waiting', resumed: false });
    const stranger = keep(await SignalClient.connect(use.server));
    stranger.say({ t: 'hello', token: 'AQAAAAAHAcPQemoxMg' });
    expect(await stranger.ends()).toBe(4404);
    const response = await fetch(`http://127.0.0.1:${use.server.ports.signal}/`);
    expect(response.status).toBe(404);
  });

  it('tells what is on air, and who stalls, to the teacher', async () => {
    const { lesson, link } = await use.newClass();
    const teacher = keep(await SignalClient.enter(use.server, (await use.server.link(lesson.id, 'teacher')).token));
    const pupil = keep(await SignalClient.enter(use.server, link.token));
    const publisher = use.keep(publish(lesson.rtmp));
    await pupil.hears('state', ({ state }) => state === 'live', 30_000);
    expect(pupil.frames('slate')).toEqual([]); // the first picture is no return from anywhere
    expect(pupil.frames('state')).toHaveLength(1);
    pupil.say(presence('stalled'));
    await pupil.hears('beat');
    const seats = (state: string) => (frame: Frame) => JSON.stringify(frame['seats']).includes(`"state":"${state}"`);
    await teacher.hears('seats', seats('stalled'));
    pupil.vanish();
    await teacher.hears('seats', seats('gone'));
    await publisher.stop();
    await teacher.hears('slate', ({ on }) => on === true, 30_000);
    await use.server.endLesson(lesson.id);
    await teacher.hears('state', ({ state }) => state === 'ended');
  });

  it('a phone gone for a while gets what it missed exactly once', async () => {
    const { lesson, link } = await use.newClass();
    const teacher = keep(await SignalClient.enter(use.server, (await use.server.link(lesson.id, 'teacher')).token));
    const phone = keep(await SignalClient.enter(use.server, link.token, { device: 'phone' }));
    teacher.say(note('第一条'));
    const first = await phone.hears('note');
    phone.vanish();
    teacher.say(note('第二条'));
    teacher.say(note('第三条'));
    await teacher.hears('note', ({ text }) => text === '第三条');
    const { epoch } = phone.frames('welcome')[0] as unknown as { epoch: string };
    const back = keep(await SignalClient.enter(use.server, link.token, { device: 'phone', epoch, seq: first['seq'] }));
    await back.hears('note', ({ text }) => text === '第三条');
    expect(back.frames('note').map(({ text }) => text)).toEqual(['第二条', '第三条']);
  });

  it('counts a player that only fetches media', async () => {
    const { lesson, link } = await use.newClass();
    use.keep(publish(lesson.rtmp));
    const teacher = keep(await SignalClient.enter(use.server, (await use.server.link(lesson.id, 'teacher')).token));
    // Old players give up on a playlist without a whole segment. The office's looking is nobody's attendance.
    const office = await use.server.link(lesson.id, 'office');
    await waitFor(async () => (await ffprobe(office.hls)).streams.length >= 2, { ms: 30_000, every: 300, what: 'a first segment' });
    expect(teacher.frames('seats')).toEqual([]);
    const player = use.keep(new Running('ffmpeg', ['-v', 'error', '-i', link.hls, '-f', 'null', '-']));
    await teacher.hears('seats', (frame) => JSON.stringify(frame['seats']).includes('"state":"media"'), 30_000);
    await waitFor(() => attendance(use.server, lesson.id).some((line) => /^a \d+ \d+ 2$/.test(line)), { what: 'media in the ledger' });
    await player.stop();
  });

  it('bench signal reports joins and notes', async () => {
    const { code, stdout, stderr } = await run(
      kTongke,
      ['bench', 'signal', '--url', `ws://127.0.0.1:${use.server.ports.signal}/signal`, '--viewers', '60', '--rooms', '3', '--ramp', '1',
       '--seconds', '3', '--pid', String(use.server.pid), '--data', use.server.data, '--json'],
      60_000,
    );
    expect(stderr).toBe('');
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect(report).toMatchObject({ viewers: 60, rooms: 3, connected: 63, notes_missing: 0, errors: {} });
    expect(code).toBe(0);
  });
});

describe('bench signal', () => {
  it('brings everybody back where they were when the server is killed meanwhile', async () => {
    const server = await Server.start();
    try {
      const bench = new Running(kTongke, [
        'bench', 'signal', '--url', `ws://127.0.0.1:${server.ports.signal}/signal`, '--viewers', '60', '--rooms', '3', '--ramp', '1',
        '--seconds', '20', '--note-every', '15', '--come-back', '--data', server.data, '--json',
      ]);
      // The first note comes once all are there.
      const received = async (): Promise<number> => Number(/^tongke_signal_frames_received_total (\S+)$/m.exec(await (await fetch(`${server.origin}/metrics`)).text())?.[1]);
      await waitFor(async () => (await received()) >= 64, { ms: 30_000, what: 'all connected' });
      await server.kill();
      await server.up();
      const { stdout } = await bench.ended(90_000);
      expect(JSON.parse(stdout)).toMatchObject({ connected: 63, errors: {}, back: { cut_off: 63, resumed: 63 } });
    } finally {
      await server.close();
    }
  }, 150_000);
});

describe('attendance and notes', () => {
  it('survive the server being killed, and phones come back by themselves', async () => {
    const server = await Server.start();
    try {
      const lesson = await server.createLesson();
      const pupilLink = await server.link(lesson.id);
      const teacherLink = await server.link(lesson.id, 'teacher');
      const phone = keep(await SignalClient.enter(server, pupilLink.token));
      const teacher = keep(await SignalClient.enter(server, teacherLink.token));
      phone.say(presence('playing'));
      await phone.hears('beat');
      teacher.say(note('记住这一条'));
      const told = await phone.hears('note');
      await waitFor(() => attendance(server, lesson.id).length > 0, { what: 'attendance on disk' });
      const before = attendance(server, lesson.id);
      await server.kill();
      await phone.ends();
      await server.up();
      expect(attendance(server, lesson.id)).toEqual(before);
      const { epoch } = phone.frames('welcome')[0] as unknown as { epoch: string };
      const back = keep(await SignalClient.enter(server, pupilLink.token, { epoch, seq: told['seq'] }));
      expect(back.frames('welcome')[0]).toMatchObject({ resumed: true });
      const late = keep(await SignalClient.enter(server, pupilLink.token));
      expect(await late.hears('note')).toMatchObject({ text: '记住这一条', seq: told['seq'] });
      expect(back.frames('note')).toEqual([]);
      const again = keep(await SignalClient.enter(server, teacherLink.token));
      again.say(note('之后的一条'));
      const next = await back.hears('note');
      expect(Number(next['seq'])).toBeGreaterThan(Number(told['seq']));
    } finally {
      await server.close();
    }
  });

  it('a server that stops says so to everybody', async () => {
    const server = await Server.start();
    try {
      const lesson = await server.createLesson();
      const phone = keep(await SignalClient.enter(server, (await server.link(lesson.id)).token));
      await server.stop();
      expect(await phone.ends()).toBe(1001);
      expect(phone.frames('bye')[0]).toMatchObject({ reason: 'restarting' });
    } finally {
      await server.close();
    }
  });
});
