import type { Page } from 'playwright-core';

/** WHIP and WHEP in a page, as a browser's own WebRTC speaks them. */

export interface Received {
  readonly state: string;
  readonly framesDecoded: number;
  readonly keyFrames: number;
  readonly width: number;
  readonly packetsLost: number;
  readonly nacks: number;
  readonly audioPackets: number;
  /** Sound that was played as it came. */
  readonly audioSeconds: number;
  readonly audioEnergy: number;
  readonly concealed: number;
  readonly freezes: number;
  /** The longest time between two pictures shown since the last look. */
  readonly longestPauseMs: number;
  /** Of sound and picture. */
  readonly bytes: number;
  readonly firstFrameMs: number;
}

interface Doors {
  pc?: RTCPeerConnection;
  video?: HTMLVideoElement;
  resource?: string;
  firstFrameMs?: number;
  shownAt?: number;
  longestPauseMs?: number;
}
type Window = { doors?: Doors } & typeof globalThis;

export interface Camera {
  readonly width: number;
  readonly height: number;
  /** Simulcast, the smallest first; empty for one stream. */
  readonly layers: readonly RTCRtpEncodingParameters[];
}

/** Camera and microphone (the browser's fake ones) to `url`. */
export async function publishWhip(page: Page, url: string, key: string, camera: Camera = { width: 640, height: 360, layers: [] }): Promise<void> {
  await page.evaluate(
    async ({ url, key, camera: { width, height, layers } }) => {
      const media = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height, frameRate: 30 } });
      const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      for (const track of media.getTracks()) {
        pc.addTransceiver(track, { direction: 'sendonly', sendEncodings: track.kind === 'video' ? [...layers] : [] });
      }
      await pc.setLocalDescription(await pc.createOffer());
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp', Authorization: `Bearer ${key}` },
        body: pc.localDescription?.sdp ?? '',
      });
      if (answer.status !== 201) throw new Error(`WHIP answered ${answer.status}: ${await answer.text()}`);
      (globalThis as Window).doors = { pc, resource: new URL(answer.headers.get('Location') ?? '', url).href };
      await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    },
    { url, key, camera },
  );
}

/** Publishes a picture with much in motion instead of the fake camera's, which needs few bits. */
export async function showRestlessPicture(page: Page, width: number, height: number): Promise<void> {
  await page.evaluate(
    async ({ width, height }) => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width, height });
      const pen = canvas.getContext('2d');
      if (!pen) throw new Error('no canvas');
      setInterval(() => {
        for (let i = 0; i < 40; i += 1) {
          pen.fillStyle = `hsl(${Math.random() * 360} 80% 50%)`;
          pen.fillRect(Math.random() * width, Math.random() * height, 60, 60);
        }
      }, 50);
      const [track] = canvas.captureStream(20).getVideoTracks();
      const sender = (globalThis as Window).doors?.pc?.getSenders().find((one) => one.track?.kind === 'video');
      await sender?.replaceTrack(track ?? null);
    },
    { width, height },
  );
}

/** Stops a layer of what publishWhip() sends, or lets it go on. */
export async function turnLayer(page: Page, rid: string, active: boolean): Promise<void> {
  await page.evaluate(
    async ({ rid, active }) => {
      const sender = (globalThis as Window).doors?.pc?.getSenders().find(({ track }) => track?.kind === 'video');
      const parameters = sender?.getParameters();
      if (!sender || !parameters) throw new Error('nothing is published');
      for (const layer of parameters.encodings) if (layer.rid === rid) layer.active = active;
      await sender.setParameters(parameters);
    },
    { rid, active },
  );
}

/** Plays `url` (which carries its token) in a video element. */
export async function watchWhep(page: Page, url: string): Promise<void> {
  await page.mouse.click(5, 5); // sound needs a tap
  await page.evaluate(
    async ({ url }) => {
      const began = performance.now();
      const doors: Doors = {};
      (globalThis as Window).doors = doors;
      const video = document.createElement('video');
      video.autoplay = true;
      video.playsInline = true;
      document.body.append(video);
      const stream = new MediaStream();
      video.srcObject = stream;
      const onFrame = (): void => {
        const now = performance.now();
        doors.firstFrameMs ??= now - began;
        doors.longestPauseMs = Math.max(doors.longestPauseMs ?? 0, now - (doors.shownAt ?? now));
        doors.shownAt = now;
        video.requestVideoFrameCallback(onFrame);
      };
      video.requestVideoFrameCallback(onFrame);
      const pc = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
      pc.ontrack = (event) => stream.addTrack(event.track);
      pc.addTransceiver('audio', { direction: 'recvonly' });
      pc.addTransceiver('video', { direction: 'recvonly' });
      await pc.setLocalDescription(await pc.createOffer());
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/sdp' },
        body: pc.localDescription?.sdp ?? '',
      });
      if (answer.status !== 201) throw new Error(`WHEP answered ${answer.status}: ${await answer.text()}`);
      doors.pc = pc;
      doors.video = video;
      doors.resource = new URL(answer.headers.get('Location') ?? '', url).href;
      await pc.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
    },
    { url },
  );
}

/** Ends what publishWhip() or watchWhep() began, politely. */
export async function hangUp(page: Page): Promise<number> {
  return page.evaluate(async () => {
    const doors = (globalThis as Window).doors;
    const answer = await fetch(doors?.resource ?? '', { method: 'DELETE' });
    doors?.pc?.close();
    return answer.status;
  });
}

export async function received(page: Page): Promise<Received> {
  return page.evaluate(async () => {
    const doors = (globalThis as Window).doors;
    const stats = doors?.pc === undefined ? [] : [...(await doors.pc.getStats()).values()];
    const inbound = (kind: string): Record<string, number> => stats.find((one) => one.type === 'inbound-rtp' && one.kind === kind) ?? {};
    const video = inbound('video');
    const audio = inbound('audio');
    const longestPauseMs = doors?.longestPauseMs ?? 0;
    if (doors) doors.longestPauseMs = 0;
    return {
      state: doors?.pc?.connectionState ?? 'none',
      framesDecoded: video['framesDecoded'] ?? 0,
      keyFrames: video['keyFramesDecoded'] ?? 0,
      width: video['frameWidth'] ?? 0,
      packetsLost: video['packetsLost'] ?? 0,
      nacks: video['nackCount'] ?? 0,
      audioPackets: audio['packetsReceived'] ?? 0,
      audioSeconds: (audio['jitterBufferEmittedCount'] ?? 0) / 48_000,
      audioEnergy: audio['totalAudioEnergy'] ?? 0,
      concealed: audio['concealedSamples'] ?? 0,
      freezes: video['freezeCount'] ?? 0,
      longestPauseMs,
      bytes: (video['bytesReceived'] ?? 0) + (audio['bytesReceived'] ?? 0),
      firstFrameMs: doors?.firstFrameMs ?? -1,
    };
  });
}
