import { readFileSync } from 'node:fs';
import type { Server } from 'node:http';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { type WebSocket, WebSocketServer } from 'ws';

import { kRoot } from './paths';

/** The websocket of the stand-in: tongke.v1 as the real server speaks it, kept to its schema
 *  in both directions, with people that the test moves about. */

export interface SeatScript {
  label: string;
  state: string;
  tv?: true;
  companion?: string;
  since?: number;
  hand?: number;
  here?: true;
}

export interface SignalDouble {
  /** By room, by seat. */
  readonly rooms: Record<string, { label: string; seats: Record<number, SeatScript> }>;
  /** Whoever has this token is that. */
  readonly people: Record<string, { role: string; rooms: readonly string[]; seat?: number; label?: string }>;
  state: string;
  /** What clients said, hello and presence too. */
  readonly said: Frame[];
  /** Changes a seat, and tells. */
  seat(room: string, seat: number, changed: Partial<SeatScript>): void;
  /** A pupil did not follow. */
  unclear(room: string, seat: number, mediaTime: number): void;
  /** To everybody of these roles. */
  tell(roles: readonly string[], frame: object): void;
  /** Classes' chats that are not off. */
  readonly chats: Record<string, string>;
  /** Closes all connections with a code. */
  hangUp(code: number): void;
  /** While false, nothing said is answered. */
  answers: boolean;
}

type Frame = Record<string, unknown> & { t: string };
interface Member {
  readonly socket: WebSocket;
  readonly token: string;
  readonly role: string;
  readonly rooms: readonly string[];
  readonly seat: number | undefined;
  readonly label: string | undefined;
}

const schema = JSON.parse(readFileSync(`${kRoot}signaling/protocol/tongke.v1.schema.json`, 'utf8')) as object;
const ajv = new Ajv2020({ strict: false, schemas: [schema] });
const kGrownUps = ['teacher', 'lead'];
/** As the server packs them: no frame over 2048 bytes. */
const kSeatsAFrame = 12;

function check(side: 'client' | 'server', frame: unknown): void {
  const valid = ajv.getSchema(`tongke.v1#/$defs/${side}`);
  if (valid === undefined) throw new Error(`no schema of a ${side}`);
  if (!valid(frame)) throw new Error(`${side} breaks tongke.v1: ${JSON.stringify(frame)} ${JSON.stringify(valid.errors?.slice(0, 2))}`);
}

export function createSignalDouble(): SignalDouble & { attach(server: Server): void; close(): void } {
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'tongke.v1' });
  const members = new Set<Member>();
  const notes: { frame: Frame; room: string | null }[] = [];
  const unclear: Record<string, { seat: number; label: string; media_time: number }[]> = {};
  const checks = new Map<number, { right: unknown[]; room: string; answers: Map<number, number> }>();
  let helpId = 0;
  const lines: { id: number; room: string; text: string; seat?: number; from: string; pending: boolean }[] = [];
  const sendLine = (to: Member, one: (typeof lines)[number]): void => {
    const names = seesNames(to, one.room);
    const mine = one.seat === undefined ? to.label === one.from : to.seat === one.seat;
    if (!to.rooms.includes(one.room) || (one.pending && !names && !mine)) return;
    send(to, {
      t: 'chat', id: one.id, room: one.room, text: one.text, at: Date.now(), ...(names || one.seat === undefined ? { from: one.from } : {}),
      ...(one.seat === undefined ? { teacher: true } : {}), ...(mine ? { mine: true } : {}), ...(one.pending ? { pending: true } : {}),
    });
  };
  let seq = 0;

  const send = (member: Member, frame: object): void => {
    check('server', frame);
    const text = JSON.stringify(frame);
    if (Buffer.byteLength(text) > 2048) throw new Error(`frame of ${Buffer.byteLength(text)} bytes`);
    member.socket.send(text);
  };
  const line = (number: number, { since, ...seat }: SeatScript): object => ({ seat: number, ...seat, ...(since === undefined ? {} : { since }) });
  const sendSeats = (member: Member, t: string, room: string, lines: readonly object[]): void => {
    const parts = Math.max(1, Math.ceil(lines.length / kSeatsAFrame));
    for (let part = 0; part < parts; part += 1) send(member, { t, room, part, parts, seats: lines.slice(part * kSeatsAFrame, (part + 1) * kSeatsAFrame) });
  };
  const counts = (room: string): object => {
    const { label, seats } = double.rooms[room] ?? { label: room, seats: {} };
    const all = Object.values(seats);
    const some = (state: string): number => all.filter((seat) => seat.state === state).length;
    return {
      room, label, expected: all.length, present: all.length - some('absent') - some('gone'), stalled: some('stalled'), audio: some('audio'),
      gone: some('gone'), here: all.filter(({ here }) => here).length, companions: all.filter(({ companion = 'none' }) => companion !== 'none').length, unclear: unclear[room]?.length ?? 0,
    };
  };
  const seesNames = (member: Member, room: string): boolean => kGrownUps.includes(member.role) && member.rooms.includes(room);
  const seesCounts = (member: Member, room: string): boolean => member.role === 'lead' || seesNames(member, room);
  const each = (fits: (member: Member) => boolean, act: (member: Member) => void): void => members.forEach((member) => fits(member) && act(member));
  const sendCounts = (room: string): void => each((member) => seesCounts(member, room), (member) => send(member, { t: 'counts', part: 0, parts: 1, rooms: [counts(room)] }));
  const sendUnclear = (room: string): void => {
    const seats = unclear[room] ?? [];
    each((member) => seesNames(member, room), (member) => send(member, { t: 'unclear', room, count: seats.length, part: 0, parts: 1, seats }));
    sendCounts(room);
  };
  const sendCowatch = (): void => {
    const teachers = [...members].filter(({ role }) => kGrownUps.includes(role));
    const lines = (room?: string): object[] =>
      teachers
        .filter(({ rooms }) => room === undefined || rooms.includes(room))
        .map(({ label, rooms }) => ({ ...(label === undefined ? {} : { label }), rooms: room === undefined ? rooms.map((id) => double.rooms[id]?.label ?? id) : [], minutes: 3 }));
    each(({ role }) => role === 'lead', (member) => send(member, { t: 'cowatch', part: 0, parts: 1, teachers: lines() }));
    for (const room of Object.keys(double.rooms)) {
      each(({ role, rooms }) => role !== 'lead' && rooms.includes(room), (member) => send(member, { t: 'cowatch', room, part: 0, parts: 1, teachers: lines(room) }));
    }
  };
  const brief = (member: Member): void => {
    if (!kGrownUps.includes(member.role)) return;
    for (const [id, room] of Object.entries(double.rooms)) {
      if (seesNames(member, id)) sendSeats(member, 'roster', id, Object.entries(room.seats).map(([seat, one]) => line(Number(seat), one)));
      if (seesNames(member, id) && unclear[id]) send(member, { t: 'unclear', room: id, count: unclear[id].length, part: 0, parts: 1, seats: unclear[id] });
    }
    const seen = Object.keys(double.rooms).filter((room) => seesCounts(member, room));
    if (seen.length > 0) send(member, { t: 'counts', part: 0, parts: 1, rooms: seen.map(counts) });
  };
  const welcome = (socket: WebSocket, hello: Frame): Member | null => {
    const known = double.people[String(hello['token'])];
    if (known === undefined) {
      socket.close(4404, 'not_found');
      return null;
    }
    const member: Member = { socket, token: String(hello['token']), role: known.role, rooms: known.rooms, seat: known.seat, label: known.label };
    members.add(member);
    const resumed = hello.t === 'resume' && hello['epoch'] === 'double';
    send(member, {
      t: 'welcome', lesson: 'L1', role: known.role, rooms: known.rooms.map((id) => ({ id, label: double.rooms[id]?.label ?? id, ...(double.chats[id] === undefined ? {} : { chat: double.chats[id] }) })),
      ...(known.seat === undefined ? {} : { seat: known.seat }), ...(known.label === undefined ? {} : { label: known.label }),
      epoch: 'double', seq, resumed, state: double.state, frozen: false, now: Date.now(), heartbeat: 30,
    });
    const from = resumed ? Number(hello['seq']) : 0;
    notes.filter(({ frame, room }) => Number(frame['seq']) > from && (room === null || known.rooms.includes(room))).forEach(({ frame }) => send(member, frame));
    lines.forEach((one) => sendLine(member, one));
    brief(member);
    if (kGrownUps.includes(member.role)) sendCowatch();
    else if (member.seat !== undefined && member.rooms[0] !== undefined) double.seat(member.rooms[0], member.seat, { state: 'paused' });
    return member;
  };
  const onSaid = (member: Member, frame: Frame): void => {
    const [own] = member.rooms;
    switch (frame.t) {
      case 'presence':
        if (member.seat !== undefined && own !== undefined) double.seat(own, member.seat, { state: String(frame['state']) });
        return send(member, { t: 'beat', seq });
      case 'note': {
        if (!kGrownUps.includes(member.role)) return send(member, { t: 'error', code: 'forbidden', field: 'room' });
        const room = frame['room'] === undefined ? (member.role === 'teacher' ? (own ?? null) : null) : String(frame['room']);
        seq += 1;
        const note: Frame = { t: 'note', seq, ...(room === null ? {} : { room }), ...(member.label === undefined ? {} : { from: member.label }), media_time: frame['media_time'], text: frame['text'] };
        notes.push({ frame: note, room });
        return each(({ rooms, role }) => room === null || role === 'lead' || rooms.includes(room), (to) => send(to, note));
      }
      case 'unclear':
        if (own !== undefined && member.seat !== undefined) double.unclear(own, member.seat, Number(frame['media_time']));
        return;
      case 'companion':
        if (own !== undefined && member.seat !== undefined) double.seat(own, member.seat, { companion: String(frame['who']) });
        return send(member, { t: 'companion', who: frame['who'], ...(frame['who'] === 'none' ? {} : { since: Date.now() }) });
      case 'sibling': {
        const other = double.people[String(frame['token'])];
        if (other?.seat === undefined || other.rooms[0] === undefined) return send(member, { t: 'error', code: 'not_found', field: 'token' });
        return double.seat(other.rooms[0], other.seat, { state: 'playing' });
      }
      case 'help': {
        const seat = member.seat ?? Number(frame['seat']);
        const room = member.seat === undefined ? String(frame['room'] ?? own) : (own ?? '');
        helpId += 1;
        const line = { t: 'help', id: helpId, room, seat, label: double.rooms[room]?.seats[seat]?.label ?? '', teacher: member.seat === undefined, text: frame['text'], at: Date.now() };
        return each((to) => to.seat === seat || seesNames(to, room), (to) => send(to, line));
      }
      case 'hand': {
        const seat = member.seat ?? Number(frame['seat']);
        const room = member.seat === undefined ? String(frame['room'] ?? own) : (own ?? '');
        const { hand: _, ...before } = double.rooms[room]?.seats[seat] ?? { label: '', state: 'absent' };
        const seats = double.rooms[room]?.seats;
        if (seats !== undefined) seats[seat] = before;
        double.seat(room, seat, frame['on'] === true ? { hand: Date.now() } : {});
        return each((to) => to.seat === seat, (to) => send(to, { t: 'hand', on: frame['on'] }));
      }
      case 'check': {
        seq += 1;
        const asked = frame['items'] as Record<string, unknown>[];
        checks.set(seq, { right: asked.map((item) => item['right']), room: String(frame['room'] ?? own), answers: new Map() });
        const items = asked.map(({ right: _, ...item }) => item);
        const check: Frame = { t: 'check', seq, room: String(frame['room'] ?? own), media_time: frame['media_time'], items };
        notes.push({ frame: check, room: String(frame['room'] ?? own) });
        return each(({ rooms }) => rooms.includes(String(frame['room'] ?? own)), (to) => send(to, check));
      }
      case 'answer': {
        const check = checks.get(Number(frame['check']));
        if (check === undefined || member.seat === undefined) return send(member, { t: 'error', code: 'not_found' });
        const choices = frame['choices'] as number[] | undefined;
        const right = check.right[0];
        check.answers.set(member.seat, choices?.[0] ?? 0);
        send(member, { ...frame, ...(right === undefined ? {} : { right: JSON.stringify(right) === JSON.stringify(choices ?? frame['number']) }) });
        const all = [...check.answers.values()];
        const tally = { t: 'tally', check: frame['check'], room: check.room, items: [{ kind: 'single', answered: all.length, choices: [0, 1].map((option) => all.filter((one) => one === option).length) }] };
        return each((to) => seesNames(to, check.room), (to) => send(to, tally));
      }
      case 'rollcall': {
        seq += 1;
        const call: Frame = { t: 'rollcall', seq, ...(frame['room'] === undefined ? {} : { room: frame['room'] }) };
        notes.push({ frame: call, room: (frame['room'] as string | undefined) ?? null });
        return each(({ rooms, role }) => role === 'lead' || frame['room'] === undefined || rooms.includes(String(frame['room'])), (to) => send(to, call));
      }
      case 'here':
        if (own !== undefined && member.seat !== undefined) double.seat(own, member.seat, { here: true });
        return;
      case 'chapter': {
        seq += 1;
        const chapter: Frame = { t: 'chapter', seq, media_time: frame['media_time'], text: frame['text'] };
        notes.push({ frame: chapter, room: null });
        return each(() => true, (to) => send(to, chapter));
      }
      case 'chat_mode': {
        const room = String(frame['room'] ?? own);
        seq += 1;
        double.chats[room] = String(frame['mode']);
        return each(({ rooms }) => rooms.includes(room), (to) => send(to, { t: 'chat_mode', seq, room, mode: frame['mode'] }));
      }
      case 'chat': {
        const room = String(frame['room'] ?? own);
        const mode = double.chats[room] ?? 'off';
        if (mode === 'off') return send(member, { t: 'error', code: 'closed' });
        const line = { id: lines.length + 1, room, text: String(frame['text']), ...(member.seat === undefined ? {} : { seat: member.seat }), from: member.label ?? '', pending: member.seat !== undefined && mode === 'moderated' };
        lines.push(line);
        return each(() => true, (to) => sendLine(to, line));
      }
      case 'chat_judge': {
        const line = lines.find(({ id }) => id === frame['id']);
        if (line === undefined) return;
        line.pending = false;
        if (frame['show'] === true) return each(() => true, (to) => sendLine(to, line));
        lines.splice(lines.indexOf(line), 1);
        return each(({ rooms }) => rooms.includes(line.room), (to) => send(to, { t: 'chat_gone', id: line.id, room: line.room }));
      }
      case 'freeze':
        seq += 1;
        return each(() => true, (to) => send(to, { t: 'freeze', seq, on: frame['on'], ...(frame['room'] === undefined ? {} : { room: frame['room'] }) }));
      case 'bye':
        return member.socket.close(1000, 'normal');
    }
  };

  const double: SignalDouble & { attach(server: Server): void; close(): void } = {
    rooms: { r2: { label: '三(2)班', seats: { 7: { label: '李明', state: 'absent' } } } },
    people: {
      XIAOMING: { role: 'pupil', rooms: ['r2'], seat: 7, label: '李明' },
      XIAOMING2: { role: 'pupil', rooms: ['r2'], seat: 7, label: '李明' },
      LILAOSHI: { role: 'teacher', rooms: ['r2'], label: '李老师' },
      WANGLAOSHI: { role: 'lead', rooms: [], label: '王老师' },
    },
    state: 'waiting',
    said: [],
    chats: {},
    answers: true,
    seat(room, seat, changed) {
      const seats = double.rooms[room]?.seats;
      if (seats === undefined) return;
      seats[seat] = { label: `${seat}号`, state: 'absent', ...seats[seat], ...changed, since: Date.now() };
      const news = line(seat, seats[seat]);
      each((member) => seesNames(member, room), (member) => sendSeats(member, 'seats', room, [news]));
      sendCounts(room);
    },
    unclear(room, seat, mediaTime) {
      const label = double.rooms[room]?.seats[seat]?.label ?? '';
      unclear[room] = [...(unclear[room] ?? []).filter((one) => one.seat !== seat), { seat, label, media_time: mediaTime }];
      sendUnclear(room);
    },
    tell: (roles, frame) => each(({ role }) => roles.includes(role), (member) => send(member, frame)),
    hangUp: (code) => [...members].forEach(({ socket }) => socket.close(code)),
    attach(server) {
      server.on('upgrade', (request, stream, head) => {
        sockets.handleUpgrade(request, stream, head, (socket) => {
          let member: Member | null = null;
          socket.on('message', (data) => {
            const frame = JSON.parse(String(data)) as Frame;
            check('client', frame);
            double.said.push(frame);
            if (!double.answers) return;
            if (member !== null) onSaid(member, frame);
            else if (frame.t === 'hello' || frame.t === 'resume') member = welcome(socket, frame);
          });
          socket.on('close', () => {
            const gone = member;
            if (gone === null) return;
            members.delete(gone);
            if (gone.seat !== undefined && gone.rooms[0] !== undefined) double.seat(gone.rooms[0], gone.seat, { state: 'gone' });
          });
        });
      });
    },
    close() {
      members.clear();
      sockets.clients.forEach((socket) => socket.terminate());
      sockets.close();
    },
  };
  return double;
}
