import { afterEach, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { publish } from '../support/media';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// A link that went round: two devices play, by HLS or WebRTC, and a third one does not.

const use = useServer();
const kept: SignalClient[] = [];
afterEach(() => {
  kept.splice(0).forEach((client) => client.vanish());
});

/** A browser with nothing in it but the cookie that the watch route gives. */
class Device {
  #cookie = '';
  constructor(readonly link: { readonly token: string; readonly hls: string }) {}

  async open(): Promise<void> {
    const answer = await this.#ask(`/api/v1/watch/${this.link.token}`);
    expect(answer.status).toBe(200);
    this.#cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? this.#cookie;
    expect(this.#cookie).toMatch(/^tongke-device=[\w-]{16}$/);
  }
  playlist(): Promise<Response> {
    return this.#ask(new URL(this.link.hls).pathname);
  }
  /** Not with an offer: whoever has no place is told before anybody looks at it. */
  whep(lesson: string): Promise<Response> {
    return this.#ask(`/whep/${lesson}`, { method: 'POST', body: 'no offer', headers: { Authorization: `Bearer ${this.link.token}` } });
  }
  #ask(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(use.server.origin + path, { ...init, headers: { ...init.headers, ...(this.#cookie !== '' && { Cookie: this.#cookie }) } });
  }
}

async function refusal(response: Response): Promise<{ code: string; message: string }> {
  return ((await response.json()) as { error: { code: string; message: string } }).error;
}

describe('a pupil’s link on three devices', () => {
  it('plays on two, whatever they play by; the third is refused and the teacher told', async () => {
    const { lesson, link } = await use.newClass('设备');
    const teacher = await SignalClient.enter(use.server, (await use.server.link(lesson.id, 'teacher')).token);
    kept.push(teacher);
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    const [phone, tv, stranger] = [new Device(link), new Device(link), new Device(link)];
    for (const device of [phone, tv, stranger]) await device.open();
    await waitFor(async () => (await phone.playlist()).status === 200, { what: 'first media' });
    expect((await tv.whep(lesson.id)).status).toBe(415); // it has a place, and no offer

    const refused = await stranger.playlist();
    expect(refused.status).toBe(403);
    // It says what to do.
    expect(await refusal(refused)).toMatchObject({ code: 'third_device', message: expect.stringContaining('close it on one of them') });
    expect(await refusal(await stranger.whep(lesson.id))).toMatchObject({ code: 'third_device' });
    await teacher.hears('device');

    // A reload is the same device, and so is the switch from WebRTC to HLS.
    await phone.open();
    expect((await phone.playlist()).status).toBe(200);
    expect((await tv.playlist()).status).toBe(200);
    // Players without cookies are whoever is known at that address.
    expect((await fetch(link.hls)).status).toBe(200);
  });

  it('ten reloads are one device', async () => {
    const { lesson, link } = await use.newClass('同一台设备');
    use.keep(publish(lesson.rtmp));
    await use.server.becomes(link.token, 'live');
    const browser = new Device(link);
    for (let i = 0; i < 10; ++i) {
      await browser.open();
      expect((await browser.playlist()).status).toBe(200);
    }
  });
});
