import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, afterEach, describe, expect, it } from 'vitest';

import { decodeErrors, pattern, publish } from '../support/media';
import { parseMediaPlaylist } from '../support/playlist';
import type { Running } from '../support/process';
import { Server } from '../support/server';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// kill -9 in mid-lesson, a class connected (requirements A14). The page's part of it is in e2e/watch.test.ts.

/** On the websocket: what two cores bear beside the encoder and this very client; 5,000 are in docs/performance.md. */
const kViewers = 1000;
/** Of players without our page, known by what they fetch. */
const kPlayers = 60;
const kept: SignalClient[] = [];
let server: Server | null = null;
let teacher: Running | null = null;
afterEach(async () => {
  kept.splice(0).forEach((client) => client.vanish());
  await teacher?.stop();
});
afterAll(async () => {
  await server?.close();
});

describe('a server that is killed in mid-lesson', () => {
  it('A14: players go on at the same address, the recording too, and no pupil’s presence is lost', async () => {
    const up = await Server.start();
    server = up;
    const lesson = await up.createLesson('八点二十');
    const links = await up.links(lesson.id, 'pupil', kViewers);
    const players = await up.links(lesson.id, 'pupil', kPlayers);
    const lead = await up.link(lesson.id, 'lead');
    const watch = links[0]!;
    const media = new URL('src/media.m3u8', watch.hls);
    const list = async () => parseMediaPlaylist(await (await fetch(media)).text());
    const whole = async (): Promise<number> => (await list()).segments.filter(({ uri }) => uri !== null).length;
    const enter = async (token: string, more: object): Promise<SignalClient> => {
      const client = await SignalClient.enter(up, token, more);
      kept.push(client);
      return client;
    };

    teacher = publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 }));
    await up.becomes(watch.token, 'live', 30_000);
    const phones = await Promise.all(links.map(({ token }) => enter(token, { device: 'phone' })));
    const voice = await enter(lead.token, {});
    await Promise.all(phones.map((phone) => phone.beats()));
    voice.say({ t: 'note', media_time: 1000, text: '之前' });
    await Promise.all(phones.map((phone) => phone.hears('note')));
    const fetches = async (): Promise<void> => {
      const answers = await Promise.all(players.map(async ({ hls }) => (await fetch(new URL('src/media.m3u8', hls))).text()));
      const segments = answers.map((answer) => parseMediaPlaylist(answer).segments.filter(({ uri }) => uri !== null).at(-1)?.uri ?? '');
      await Promise.all(players.map(async ({ hls }, i) => expect((await fetch(new URL(segments[i] ?? '', new URL('src/media.m3u8', hls)))).status).toBe(200)));
    };
    await waitFor(async () => (await whole()) > 0, { ms: 30_000, what: 'a segment' });
    await fetches();
    // A second of the lesson later (a segment is two), everything said is kept.
    const said = await waitFor(whole, { ms: 30_000, what: 'segments' });
    await waitFor(async () => (await whole()) > said, { ms: 30_000, what: 'one more' });
    const before = (await list()).segments.filter(({ uri }) => uri !== null);
    await up.kill();
    await teacher.stop();
    await up.up();

    // The same address at once, with what was there; the teacher comes back by the same key.
    const after = await waitFor(async () => ((await fetch(media)).status === 200 ? list() : null), { ms: 10_000, what: 'the playlist' });
    expect(after.segments.length).toBeGreaterThanOrEqual(before.length - 1);
    expect(after.segments[0]?.uri).toBe(before[0]?.uri);
    // Of every one the ledger has the minutes before the kill: no presence is lost.
    const seen = (): ReadonlySet<string> => new Set([...readFileSync(join(up.data, 'lessons', `${lesson.id}.attendance`), 'utf8').matchAll(/^a (\d+) \d+ \d+$/gm)].map(([, seat]) => seat ?? ''));
    expect(seen().size).toBe(kViewers + kPlayers);
    teacher = publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 }));
    await waitFor(async () => {
      const { segments } = await list();
      const at = segments.findIndex(({ discontinuity }) => discontinuity);
      return at > 0 && segments.slice(at).some(({ uri }) => uri !== null);
    }, { ms: 30_000, what: 'media after the kill' });

    // Everybody resumes where it was, and is told what comes once.
    const { epoch } = phones[0]!.frames('welcome')[0] as unknown as { epoch: string };
    const seq = phones[0]!.frames('note')[0]?.['seq'];
    const back = await Promise.all(links.map(({ token }) => enter(token, { device: 'phone', epoch, seq })));
    for (const phone of back) expect(phone.frames('welcome')[0]).toMatchObject({ resumed: true });
    const again = await enter(lead.token, {});
    again.say({ t: 'note', media_time: 9000, text: '之后' });
    await Promise.all(back.map((phone) => phone.hears('note', ({ text }) => text === '之后')));
    await Promise.all(back.map((phone) => phone.beats()));
    for (const phone of back) expect(phone.frames('note').map(({ text }) => text)).toEqual(['之后']);

    // One recording, sound from end to end.
    await up.endLesson(lesson.id);
    await waitFor(async () => (await list()).ended, { ms: 30_000, what: 'the replay' });
    expect(await decodeErrors(watch.hls)).toBe('');
  }, 180_000);
});
