/** `npm run latency:webrtc`: glass to glass from browser to browser on this machine, as JSON on stdout.
 *
 *  One Chromium publishes a canvas with the wall clock in it by WHIP, another plays it by WHEP and reads the
 *  clock back the moment it presents the frame. Both encoders and decoders are inside. Half way, VIEWERS more
 *  viewers join at once from the load tool: what the first one sees then is said on its own. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { startBrowser } from '../support/browser';
import { delayReport, kClockCamera, measureDelays } from '../support/clock-picture';
import { kTongke } from '../support/server';
import { Server } from '../support/server';
import { waitFor } from '../support/wait';
import { publishWhip, received, watchWhep } from '../support/webrtc';

const kSeconds = Number(process.env['SECONDS'] ?? 20);
const kJoining = Number(process.env['VIEWERS'] ?? 100);

const server = await Server.start();
const browser = await startBrowser();
const lesson = await server.createLesson('延迟');
const link = await server.link(lesson.id);
try {
  const studio = await browser.open(`${server.origin}/`, { width: 800, height: 600, before: kClockCamera });
  await studio.mouse.click(5, 5);
  await publishWhip(studio, lesson.whip, lesson.publish_key);
  await server.becomes(link.token, 'live');
  const viewer = await browser.open(`${server.origin}/`, { width: 800, height: 600 });
  await watchWhep(viewer, link.whep);
  await waitFor(async () => (await received(viewer)).framesDecoded > 30, { ms: 20_000, what: 'it plays' });
  await measureDelays(viewer, 8); // the encoder's rate climbs
  const calm = await measureDelays(viewer, kSeconds);
  const args = ['bench', 'whep', '--json', '--url', link.whep, '--viewers', String(kJoining), '--ramp', '0', '--seconds', String(kSeconds)];
  const load = spawn(kTongke, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const left = once(load, 'exit');
  const joined = await measureDelays(viewer, kSeconds);
  await left;
  console.log(JSON.stringify({ bench: 'glass_to_glass_webrtc', first_picture_ms: Math.round((await received(viewer)).firstFrameMs), ...delayReport(calm), joining: { viewers: kJoining, ...delayReport(joined) } }));
} finally {
  await browser.close();
  await server.close();
}
