import { readSegments, type SegmentList } from '../core/sound';
import type { Engine, EngineRequest } from './engine';

const kType = 'audio/mp4; codecs="mp4a.40.2"';
/** Whole segments to begin with: a slow line has the next one by the time they are heard. */
const kAtOnce = 2;
/** Before a playlist that says nothing new is asked for again. */
const kPauseMs = 500;

/** Live sound from a media playlist by few bytes of code: it is heard while hls.js is still on its way over a slow line, and
 *  leaves every trouble to that. `url` is of sound alone; `place` means nothing to it. */
export function startFirstSound({ video, url, report }: EngineRequest): Engine {
  const life = new AbortController();
  const { signal } = life;
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  let bytes = 0;

  const fetched = async (uri: string): Promise<ArrayBuffer> => {
    const answer = await fetch(uri, { signal });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const body = await answer.arrayBuffer();
    bytes += body.byteLength;
    return body;
  };
  const list = async (query: string): Promise<SegmentList> => readSegments(new TextDecoder().decode(await fetched(url + query)));
  const beside = (uri: string): Promise<ArrayBuffer> => fetched(new URL(uri, new URL(url, location.href)).href);

  const play = async (): Promise<void> => {
    const buffer = source.addSourceBuffer(kType);
    const append = (data: ArrayBuffer): Promise<void> =>
      new Promise((resolve, reject) => {
        buffer.onupdateend = () => resolve();
        buffer.onerror = () => reject(new Error('append'));
        buffer.appendBuffer(data);
      });
    let init = '';
    let now = await list('');
    let fresh = now.segments.slice(-kAtOnce);
    while (!signal.aborted) {
      for (const segment of fresh) {
        if (segment.init !== '' && segment.init !== init) {
          init = segment.init;
          await append(await beside(init));
        }
        await append(await beside(segment.uri));
        if (video.currentTime > 0 || buffer.buffered.length === 0) continue;
        video.currentTime = buffer.buffered.start(0);
        report.ready();
      }
      if (now.ended) return;
      if (fresh.length === 0) await new Promise((resolve) => setTimeout(resolve, kPauseMs));
      const { next } = now;
      now = await list(`?_HLS_msn=${next}&_HLS_skip=YES`);
      fresh = now.segments.filter(({ number }) => number >= next);
    }
  };
  source.addEventListener('sourceopen', () => {
    URL.revokeObjectURL(address);
    play().catch(() => undefined); // whoever comes after it says what is wrong
  });
  video.src = address;

  return {
    reach: () => null,
    date: () => null,
    bytes: () => bytes,
    chooseLevel: () => undefined,
    dispose() {
      life.abort();
      video.removeAttribute('src');
      video.load();
    },
  };
}
