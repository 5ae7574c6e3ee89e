import { parentPort, workerData } from 'node:worker_threads';

import { WebSocket } from 'ws';

// Pupils who answer a check over and over, each every so often, spread evenly: lines for the server to
// write. Reports how many were said. Used by school.ts.

const { url, tokens, teacher, everyMs } = workerData;

/** Opens one and says hello; resolves with its welcome. */
function enter(token) {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, 'tongke.v1');
    socket.on('open', () => socket.send(JSON.stringify({ t: 'hello', token })));
    socket.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.t === 'welcome') resolve(socket);
      if (frame.t === 'error') reject(new Error(String(data)));
    });
    socket.on('error', reject);
    socket.on('close', (code) => reject(new Error(`closed: ${code}`)));
  });
}

let said = 0;
try {
  const asking = await enter(teacher);
  const check = new Promise((resolve) => {
    asking.on('message', (data) => {
      const frame = JSON.parse(String(data));
      if (frame.t === 'check') resolve(frame);
    });
  });
  asking.send(JSON.stringify({ t: 'check', media_time: 0, items: [{ kind: 'single', text: '?', options: ['A', 'B'], right: [0] }] }));
  const { seq } = await check;
  const pupils = [];
  for (let i = 0; i < tokens.length; i += 50) pupils.push(...(await Promise.all(tokens.slice(i, i + 50).map(enter))));
  parentPort.postMessage({ ready: true, said });
  const begun = performance.now();
  // One timer for all: each tick catches up with what is due.
  setInterval(() => {
    const due = ((performance.now() - begun) / everyMs) * pupils.length;
    for (; said < due; ++said) pupils[said % pupils.length].send(JSON.stringify({ t: 'answer', check: seq, item: 0, choices: [said % 2] }));
    parentPort.postMessage({ said });
  }, 10);
} catch (error) {
  parentPort.postMessage({ error: String(error) });
}
