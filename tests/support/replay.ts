import { parseMediaPlaylist } from './playlist';
import { waitFor } from './wait';

/** Fetches a replay as a player does that starts over: every segment of a rendition, by a token.
 *  @param hls  a master playlist's address  @return how many segments there were */
export async function seeReplay(hls: string, rendition = 'src'): Promise<number> {
  const at = new URL(`${rendition}/media.m3u8`, hls);
  const list = await waitFor(
    async () => {
      const text = await (await fetch(at)).text();
      return text.includes('#EXT-X-ENDLIST') ? parseMediaPlaylist(text) : null;
    },
    { ms: 30_000, what: 'a replay' },
  );
  for (const { uri, gap } of list.segments) {
    if (uri === null || gap) continue;
    const answer = await fetch(new URL(uri, at));
    if (answer.status !== 200) throw new Error(`${uri}: ${answer.status}`);
    await answer.arrayBuffer();
  }
  return list.segments.length;
}
