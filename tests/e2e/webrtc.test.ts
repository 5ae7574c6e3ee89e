import { describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import { waitFor } from '../support/wait';
import { seesSlate } from '../support/watch-page';
import { hangUp, publishWhip, received, watchWhep } from '../support/webrtc';

// Teaching and watching from a browser: real server, real Chromium at both ends.

const use = useServer();
const tabs = useBrowser();

const kLong = { ms: 30_000, every: 100 };

describe('WHEP', () => {
  it('plays an RTMP lesson with picture and sound from its first second', async () => {
    const lesson = await use.server.createLesson('五年级科学：光');
    const link = await use.server.link(lesson.id);
    use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    const page = await tabs.open(`${use.server.origin}/`);
    await watchWhep(page, link.whep);
    await waitFor(async () => (await received(page)).framesDecoded > 60, { ...kLong, what: 'frames decoded' });
    await waitFor(async () => (await received(page)).audioEnergy > 0.001, { ...kLong, what: 'sound' });
    const seen = await received(page);
    expect(seen.state).toBe('connected');
    expect(seen.width).toBe(640);
    expect(seen.packetsLost).toBe(0);
    console.log(JSON.stringify(seen));
    expect(await hangUp(page)).toBe(200);
    await page.context().close();
  });

  it('goes on with a slate when the teacher drops out, and with the lesson when a browser takes over', async () => {
    const lesson = await use.server.createLesson('五年级科学：影子');
    const link = await use.server.link(lesson.id);
    const teacher = use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    const page = await tabs.open(`${use.server.origin}/`);
    await watchWhep(page, link.whep);
    await waitFor(async () => (await received(page)).framesDecoded > 60, { ...kLong, what: 'frames decoded' });
    await teacher.stop('SIGKILL');
    await waitFor(() => seesSlate(page), { ...kLong, what: 'the slate' });
    const { framesDecoded } = await received(page);
    await waitFor(async () => (await received(page)).framesDecoded > framesDecoded + 10, { ...kLong, what: 'more of it' });
    const studio = await tabs.open(`${use.server.origin}/`);
    await publishWhip(studio, lesson.whip, lesson.publish_key);
    await waitFor(async () => !(await seesSlate(page)), { ...kLong, what: 'the lesson' });
    const seen = await received(page);
    expect(seen.state).toBe('connected');
    console.log(JSON.stringify(seen));
    await studio.context().close();
    await waitFor(() => seesSlate(page), { ...kLong, what: 'the slate again, of a browser that has gone' });
    await page.context().close();
  }, 90_000);

  it('tells strangers, lessons over and offers of no use apart', async () => {
    const lesson = await use.server.createLesson('六年级音乐：节拍');
    const link = await use.server.link(lesson.id);
    const post = async (url: string, body: string, type = 'application/sdp'): Promise<number> =>
      (await fetch(url, { method: 'POST', headers: { 'Content-Type': type }, body })).status;
    expect(await post(link.whep, 'v=0', 'text/plain')).toBe(415);
    expect(await post(link.whep, 'nonsense')).toBe(400);
    expect(await post(link.whep.replace(/token=.*/, ''), 'v=0')).toBe(401);
    expect(await post(link.whep.replace(/token=.*/, 'token=x'), 'v=0')).toBe(404);
    expect(await post(lesson.whip, 'v=0')).toBe(401);
    expect(await post(`${lesson.whip}?token=wrong`, 'v=0')).toBe(403);
    const preflight = await fetch(lesson.whip, { method: 'OPTIONS' });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('Access-Control-Allow-Headers')).toContain('Authorization');
    await use.server.tongke('lesson', 'end', lesson.id);
    expect(await post(link.whep, 'v=0')).toBe(409);
  });
});

describe('WHIP', () => {
  it('carries a browser’s camera and microphone to another browser', async () => {
    const lesson = await use.server.createLesson('四年级美术：色彩');
    const link = await use.server.link(lesson.id);
    const studio = await tabs.open(`${use.server.origin}/`);
    await publishWhip(studio, lesson.whip, lesson.publish_key);
    await use.server.becomes(link.token, 'live');
    const page = await tabs.open(`${use.server.origin}/`);
    await watchWhep(page, link.whep);
    await waitFor(async () => (await received(page)).framesDecoded > 60, { ...kLong, what: 'frames decoded' });
    await waitFor(async () => (await received(page)).audioPackets > 50, { ...kLong, what: 'sound' });
    console.log(JSON.stringify(await received(page)));
    expect(await hangUp(studio)).toBe(200);
    await page.context().close();
    await studio.context().close();
  });
});
