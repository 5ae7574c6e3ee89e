import type { Page } from 'playwright-core';

import type { Browser } from './browser';

/** The other end of WebRTC for pages' tests: a second page of the same Chromium, which takes
 *  what a studio sends, or sends its fake camera to a viewer. */
export interface Answerer {
  receive(id: string, offer: string): Promise<string>;
  send(id: string, offer: string): Promise<string>;
  /** Pictures received so far, and the height of the last. */
  received(id: string): Promise<{ readonly frames: number; readonly height: number; readonly audioPackets: number; readonly codec: string }>;
  /** The far end goes without a word of signalling, as a server does that was killed. */
  hangUp(id: string): Promise<void>;
  close(): Promise<void>;
}

interface Bench {
  peers: Map<string, RTCPeerConnection>;
  answer(id: string, offer: string, tracks: readonly MediaStreamTrack[]): Promise<string>;
}
type Window = typeof globalThis & { bench: Bench };

export async function startAnswerer(browser: Browser, origin: string): Promise<Answerer> {
  const page: Page = await browser.open(`${origin}/favicon.svg`);
  await page.evaluate(async () => {
    // Asked for once, so that its addresses are real ones and not names only mDNS knows.
    await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const peers = new Map<string, RTCPeerConnection>();
    (globalThis as Window).bench = {
      peers,
      async answer(id, offer, tracks) {
        const peer = new RTCPeerConnection();
        peers.set(id, peer);
        await peer.setRemoteDescription({ type: 'offer', sdp: offer });
        for (const transceiver of peer.getTransceivers()) {
          const track = tracks.find(({ kind }) => kind === transceiver.receiver.track.kind);
          if (track === undefined) continue;
          await transceiver.sender.replaceTrack(track);
          transceiver.direction = 'sendonly';
        }
        await peer.setLocalDescription(await peer.createAnswer());
        while (peer.iceGatheringState !== 'complete') {
          await new Promise((resolve) => peer.addEventListener('icegatheringstatechange', resolve, { once: true }));
        }
        return peer.localDescription?.sdp ?? '';
      },
    };
  });
  return {
    receive: (id, offer) => page.evaluate((args) => (globalThis as Window).bench.answer(args.id, args.offer, []), { id, offer }),
    send: (id, offer) =>
      page.evaluate(
        async (args) => {
          const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
          return (globalThis as Window).bench.answer(args.id, args.offer, stream.getTracks());
        },
        { id, offer },
      ),
    received: (id) =>
      page.evaluate(async (name) => {
        const seen = { frames: 0, height: 0, audioPackets: 0, codec: '' };
        const report = await (globalThis as Window).bench.peers.get(name)?.getStats();
        report?.forEach((entry: Record<string, unknown>) => {
          if (entry['type'] !== 'inbound-rtp') return;
          if (entry['kind'] === 'audio') seen.audioPackets = Number(entry['packetsReceived'] ?? 0);
          if (entry['kind'] !== 'video') return;
          seen.frames = Number(entry['framesDecoded'] ?? 0);
          seen.height = Number(entry['frameHeight'] ?? 0);
          const codec = report.get(String(entry['codecId'])) as Record<string, unknown> | undefined;
          seen.codec = String(codec?.['mimeType'] ?? '');
        });
        return seen;
      }, id),
    async hangUp(id) {
      if (!page.isClosed()) await page.evaluate((name) => (globalThis as Window).bench.peers.get(name)?.close(), id);
    },
    close: () => page.context().close(),
  };
}
