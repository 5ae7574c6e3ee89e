import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { Edge } from '../support/nginx';
import { useBrowser } from '../support/pages';
import { place } from '../support/place';
import { parseMediaPlaylist } from '../support/playlist';
import { run } from '../support/process';
import { School, type TaughtLesson } from '../support/school';
import { waitFor } from '../support/wait';
import { join as joins, seesSlate } from '../support/watch-page';
import { received, watchWhep } from '../support/webrtc';

// A8: a joint lesson overruns the minutes of its second grade. Those rooms rest within five seconds, at the addresses they
// have, whatever plays; the third grade goes on.

const { zone } = place(10);
const use = useServer({ config: `[hours]\nzone = "${zone}"\ncap_low = "1m"\n[edge]\nlog = true\n[pipeline]\nsilence = "10s"\n` }); // no other slate, however busy the machine is
const tabs = useBrowser();
const folder = mkdtempSync(join(tmpdir(), 'tongke-rest-'));
afterAll(async () => {
  await edge.close();
  rmSync(folder, { recursive: true, force: true });
});

const kPupils = ['学校,年级,班级,学号,姓名', '一小,二年级,1班,1,学生一', '一小,二年级,1班,2,学生二', '一小,三年级,1班,3,学生三'].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n一小,T1,王老师,数学,"二年级1班、三年级1班"\r\n';
const kAtMostMs = 5000;

let school: School;
let edge: Edge;
let lesson: TaughtLesson;
const tokens = { low: '', other: '', high: '', lead: '' };

beforeAll(async () => {
  edge = await Edge.start(use.server);
  school = await School.open(use.server, '一小', [kPupils, kStaff]);
  const lead = school.member('王老师').id;
  lesson = await school.teach({ title: '合课', mode: 'joint', lead, rooms: ['二年级1班', '三年级1班'].map((label) => ({ class: school.klass(label).id })) });
  const pupil = async (label: string, name: string): Promise<string> => school.token(lesson.id, { pupil: (await school.pupil(label, name)).id });
  tokens.low = await pupil('二年级1班', '学生一');
  tokens.other = await pupil('二年级1班', '学生二');
  tokens.high = await pupil('三年级1班', '学生三');
  tokens.lead = (await use.server.link(lesson.id, 'lead')).token;
});

const at = (token: string, file: string): string => `${use.server.origin}/hls/${token}/${lesson.id}/${file}`;
const whep = (token: string): string => `${use.server.origin}/whep/${lesson.id}?token=${token}`;
const text = async (url: string): Promise<string> => (await fetch(url)).text();
async function resting(): Promise<number> {
  const { air } = (await (await fetch(`${use.server.origin}/api/v1/studio/${tokens.lead}`)).json()) as { air: { resting: number } };
  return air.resting;
}
/** The newest whole segment of a playlist, decoded: the picture's brightness says whether it is the slate, the level how loud it is. */
async function newest(token: string): Promise<{ readonly slate: boolean; readonly loud: boolean }> {
  const shown = async (rendition: string, ...out: readonly string[]): Promise<string> => {
    const { segments } = parseMediaPlaylist(await text(at(token, `${rendition}/media.m3u8`)));
    const last = [...segments].reverse().find(({ uri }) => uri !== null);
    const file = join(folder, `${rendition}.mp4`);
    const bytes = await Promise.all([last?.map ?? '', last?.uri ?? ''].map(async (uri) => Buffer.from(await (await fetch(at(token, `${rendition}/${uri}`))).arrayBuffer())));
    writeFileSync(file, Buffer.concat(bytes));
    const { stdout, stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', file, ...out, '-f', 'null', '-'], 20_000);
    return stdout + stderr;
  };
  const luma = /YAVG=([\d.]+)/.exec(await shown('src', '-frames:v', '1', '-vf', 'signalstats,metadata=print:file=-'))?.[1];
  const level = /mean_volume: (-?[\d.]+) dB/.exec(await shown('src-audio', '-af', 'volumedetect'))?.[1];
  if (luma === undefined || level === undefined) throw new Error(`no picture or sound: ${luma} ${level}`);
  return { slate: Number(luma) < 70, loud: Number(level) > -20 };
}

describe('rooms whose minutes are used up', () => {
  it('see the rest within five seconds by whatever they play, and the others their lesson', async () => {
    use.keep(publish(lesson.rtmp, pattern({ size: '640x360', kilobits: 300 })));
    await use.server.becomes(tokens.low, 'live');

    const pages = await Promise.all([0, 1].map(() => tabs.open(`${use.server.origin}/`)));
    const [lowRtc, highRtc] = pages;
    if (lowRtc === undefined || highRtc === undefined) throw new Error('no pages');
    await watchWhep(lowRtc, whep(tokens.low));
    await watchWhep(highRtc, whep(tokens.high));
    for (const page of pages) await waitFor(async () => (await received(page)).framesDecoded > 30, { ms: 20_000, what: 'pictures by WebRTC' });
    const page = await tabs.open(`${use.server.origin}/w/${tokens.other}`);
    await joins(page);
    expect(await newest(tokens.low)).toEqual({ slate: false, loud: true });
    const before = { list: await text(at(tokens.low, 'src/media.m3u8')), compat: await text(at(tokens.low, 'compat.m3u8')) };
    expect(before.list).not.toContain('DISCONTINUITY\n');

    await waitFor(async () => (await resting()) === 1, { ms: 90_000, every: 100, what: 'the second grade rests' });
    const begun = Date.now();
    const soon = (what: string, done: () => Promise<boolean>): Promise<unknown> => waitFor(done, { ms: kAtMostMs, every: 100, what });
    await Promise.all([
      soon('the page says so', async () => page.locator('.cover--sound').isVisible()),
      soon('no more by WebRTC', async () => (await received(lowRtc)).dtls === 'closed'),
      soon('the slate in the playlist', async () => {
        const list = await text(at(tokens.low, 'src/media.m3u8'));
        return /#EXT-X-DISCONTINUITY\n[^]*\.m4s\n/.test(list) && /init-1\.mp4/.test(list);
      }),
    ]);
    expect(Date.now() - begun).toBeLessThan(kAtMostMs);

    // The same playlist goes on: numbers rise, nothing that was listed is another thing now.
    const list = parseMediaPlaylist(await text(at(tokens.low, 'src/media.m3u8')));
    const old = parseMediaPlaylist(before.list);
    expect(list.mediaSequence).toBeGreaterThanOrEqual(old.mediaSequence);
    await waitFor(async () => (await newest(tokens.low)).slate, { ms: 10_000, every: 500, what: 'a whole segment of it' });
    expect(await newest(tokens.low)).toEqual({ slate: true, loud: false });
    expect(await newest(tokens.high)).toEqual({ slate: false, loud: true });
    expect(await text(at(tokens.high, 'src/media.m3u8'))).not.toContain('DISCONTINUITY\n');
    // A cache in front keeps the two apart.
    const through = async (token: string, file: string): Promise<Response> => fetch(`${edge.origin}/hls/${token}/${lesson.id}/src/${file}`);
    const slates: boolean[] = [];
    for (const token of [tokens.high, tokens.low, tokens.high]) slates.push((await (await through(token, 'media.m3u8')).text()).includes('#EXT-X-DISCONTINUITY\n'));
    expect(slates).toEqual([false, true, false]);
    expect([(await through(tokens.low, 'init-1.mp4')).status, (await through(tokens.high, 'init-1.mp4')).status]).toEqual([200, 404]);
    // So does what old televisions are given; the lesson may reach into the first piece of it.
    await waitFor(async () => /#EXT-X-DISCONTINUITY\n(#EXTINF.*\n.*\n){2}/.test(await text(at(tokens.low, 'compat.m3u8'))), { ms: 20_000, what: 'the slate in MPEG-TS' });
    const stretch = async (token: string): Promise<string> => {
      const last = (await text(at(token, 'compat.m3u8'))).trim().split('\n').at(-1) ?? '';
      const { stderr } = await run('ffmpeg', ['-hide_banner', '-nostdin', '-i', at(token, last), '-af', 'volumedetect', '-f', 'null', '-'], 20_000);
      return Number(/mean_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]) > -20 ? 'lesson' : 'rest';
    };
    expect([await stretch(tokens.low), await stretch(tokens.high)]).toEqual(['rest', 'lesson']);

    // By WebRTC there is no way back, and the other grade has lost nothing.
    const offer = await fetch(whep(tokens.low), { method: 'POST', headers: { 'Content-Type': 'application/sdp' }, body: 'v=0' });
    expect(offer.status).toBe(403);
    expect(await offer.json()).toMatchObject({ error: { code: 'daily_cap' } });
    const seen = (await received(highRtc)).framesDecoded;
    await waitFor(async () => (await received(highRtc)).framesDecoded > seen + 25, { ms: 10_000, what: 'the third grade goes on' });
    expect(await seesSlate(highRtc)).toBe(false);
    expect((await received(highRtc)).state).toBe('connected');

    await Promise.all(pages.map((one) => one.context().close()));
    await page.context().close();
  }, 180_000);

  it('is over with the lesson: the replay is theirs', async () => {
    await use.server.endLesson(lesson.id);
    const lists = (): Promise<string[]> => Promise.all([tokens.low, tokens.high].map((token) => text(at(token, 'src/media.m3u8'))));
    await waitFor(async () => (await lists()).every((list) => list.includes('#EXT-X-ENDLIST')), { ms: 20_000, what: 'the replay' });
    const [low, high] = await lists();
    expect(low).toBe(high);
    await waitFor(() => use.server.children().length === 0, { ms: 15_000, what: 'the slate is gone' });
  }, 60_000);
});
