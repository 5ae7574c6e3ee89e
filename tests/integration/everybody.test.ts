import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { Description } from '../support/openapi';
import { School, type TaughtLesson, Visitor } from '../support/school';
import { SignalClient } from '../support/signal';
import { waitFor } from '../support/wait';

// Every address of docs/api/openapi.yaml, asked by everybody, about everybody: nobody reads a name, an answer, a word of help
// or a link that is not his to read. The websocket's frames are walked in tests/unit/signaling/test_whole_morning.cpp.

const use = useServer();
const description = new Description();
const kept: SignalClient[] = [];
afterAll(() => {
  kept.forEach((client) => client.vanish());
});

const kPupils = ['学校,年级,班级,学号,姓名', ...[['1', '钱甲一'], ['1', '孙甲二'], ['2', '周乙一'], ['2', '吴乙二']].map(([klass, name], i) => `第一小学,三年级,${klass}班,31${i},${name}`)].join('\r\n');
const kStaff = '学校,工号,姓名,学科,任教班级\r\n第一小学,T1,王老师,数学,三年级1班\r\n第一小学,T2,李老师,数学,三年级2班\r\n';
const kElsewhere = '学校,年级,班级,学号,姓名\r\n第二小学,三年级,1班,901,郑丙一\r\n';
const kOne = '三年级1班';
const kTwo = '三年级2班';

/** Somebody who asks: by bearer, and by the links that are his own. */
interface Asker {
  readonly who: string;
  readonly bearer: string;
  readonly links: readonly string[];
  /** Of whom he may read. */
  readonly reads: readonly string[];
}
/** What only some may read. */
interface Secret {
  readonly what: string;
  readonly of: string;
}

let school: School;
let lesson: TaughtLesson;
const askers: Asker[] = [];
const secrets: Secret[] = [];
const values = new Map<string, readonly string[]>();

beforeAll(async () => {
  school = await School.open(use.server, '第一小学', [kPupils, kElsewhere, kStaff]);
  lesson = await school.teach({
    title: '分数',
    mode: 'joint',
    lead: school.member('王老师').id,
    rooms: [{ class: school.klass(kOne).id }, { class: school.klass(kTwo).id, teacher: school.member('李老师').id }],
  });
  const all = [...(await school.pupils(kOne)), ...(await school.pupils(kTwo))];
  const token = (id: string): Promise<string> => school.token(lesson.id, { pupil: id });
  const [first, ...others] = all;
  if (first === undefined) throw new Error('no pupils');

  // A morning: all are there, answer, ask for help and do not follow; one is reached by telephone.
  use.keep(publish(lesson.rtmp, pattern({ size: '320x180', kilobits: 200 })));
  const firstToken = await token(first.id);
  await use.server.becomes(firstToken, 'live', 30_000);
  const lead = await SignalClient.enter(use.server, await school.token(lesson.id, { staff: school.member('王老师').id }));
  kept.push(lead);
  lead.say({ t: 'check', media_time: 1000, items: [{ kind: 'number', text: '几？', right: '0.5' }] });
  for (const [i, { id, name }] of all.entries()) {
    const client = await SignalClient.enter(use.server, await token(id));
    kept.push(client);
    await client.beats();
    const words = `求助的话${i}号`;
    const { seq } = await client.hears('check');
    client.say({ t: 'answer', check: seq, item: 0, number: `0.73${i}` });
    client.say({ t: 'help', text: words });
    client.say({ t: 'unclear', media_time: 2000 });
    await client.hears('help');
    const own = await school.link({ pupil: id });
    secrets.push({ what: name, of: name }, { what: words, of: name }, { what: `0.73${i}`, of: name }, { what: own, of: name });
  }
  secrets.push({ what: '郑丙一', of: '郑丙一' });

  const classes = { [kOne]: all.slice(0, 2).map(({ name }) => name), [kTwo]: all.slice(2).map(({ name }) => name) };
  const account = async (who: string, reads: readonly string[], ...args: readonly string[]): Promise<void> => {
    const visitor: Visitor = await School.signIn(use.server, `a${askers.length}`, '--name', who, ...args);
    askers.push({ who, bearer: visitor.token, links: [], reads });
  };
  const linked = async (who: string, role: string): Promise<void> => {
    const { token: link } = await use.server.link(lesson.id, role);
    askers.push({ who, bearer: link, links: [link], reads: [] });
  };
  askers.push({ who: 'a stranger', bearer: '', links: ['AAAA'], reads: [] });
  const own = await school.link({ pupil: first.id });
  askers.push({ who: 'a pupil in the lesson', bearer: firstToken, links: [firstToken], reads: [first.name] });
  askers.push({ who: 'a pupil by the own link', bearer: own, links: [own], reads: [first.name] });
  const home = await school.link({ home_of: first.id });
  const words = '家里写给学校的话';
  await new Visitor(use.server, home).must('POST', `/api/v1/pupils/${first.id}/feedback`, { picture: 'good', sound: 'poor', pace: 'fits', text: words });
  secrets.push({ what: words, of: first.name });
  askers.push({ who: 'a family', bearer: home, links: [home], reads: [first.name] });
  const televisions = await new Visitor(use.server, '').must('GET', `/api/v1/links/${home}/channels`);
  askers.push({ who: 'a family’s television', bearer: '', links: [String(televisions['link'])], reads: [] });
  const screen = await school.office.must('POST', '/api/v1/channels', { school: ((await school.office.items('/api/v1/schools'))[0] ?? { id: '' }).id });
  askers.push({ who: 'a school’s screen', bearer: '', links: [String(screen['link'])], reads: [] });
  const leads = await school.token(lesson.id, { staff: school.member('王老师').id });
  askers.push({ who: 'the lead by the lesson’s link', bearer: leads, links: [leads], reads: [] });
  await linked('a counted pupil', 'pupil');
  await linked('a counted lead', 'lead');
  await linked('a technician', 'technician');
  await linked('an observer', 'inspector');
  await linked('an office by link', 'office');
  await account('王老师', classes[kOne], '--school', '第一小学');
  await account('李老师', classes[kTwo], '--school', '第一小学');
  await account('赵校长', ['郑丙一'], '--duty', 'school_office', '--school', '第二小学');
  await account('督学', [], '--duty', 'inspector');
  await account('教育科', [], '--duty', 'district_office');
  await account('张校长', all.map(({ name }) => name), '--duty', 'school_office', '--school', '第一小学');

  const schools = (await school.district.items('/api/v1/schools')).map(({ id }) => id);
  const district = (await Promise.all(schools.map((id) => school.district.items(`/api/v1/schools/${id}/classes`)))).flat();
  values.set('lesson', [lesson.id]);
  values.set('id', [lesson.id]);
  values.set('class', district.map(({ id }) => id));
  values.set('school', schools);
  values.set('pupil', [first, ...others].map(({ id }) => id));
  values.set('month', [new Date().toISOString().slice(0, 7)]);
  const [today] = new Date().toISOString().split('T');
  const weekday = (new Date(`${today ?? ''}T00:00:00Z`).getUTCDay() + 6) % 7;
  values.set('week', [new Date(Date.parse(`${today ?? ''}T00:00:00Z`) - weekday * 86_400_000).toISOString().slice(0, 10)]);
  values.set('row', ['1']);
  values.set('number', ['1']);
  values.set('login', ['office1']);
  values.set('ticket', (await school.office.items('/api/v1/tickets')).map(({ id }) => id));
  values.set('staff', [school.member('李老师').id]);
  for (const name of ['approval', 'session']) values.set(name, ['AAAAAA']);
  values.set('destination', ['cable']);
  values.set('verb', ['start', 'end']);
  values.set('key', ['AAAAAA']);
  values.set('rendition', ['src']);
  values.set('file', ['media.m3u8']);
  values.set('piece', ['0123456789abcdef.0.ts']);
  values.set('place', ['3', ...(values.get('pupil') ?? [])]);
  values.set('file...', ['watch.html']);
});

/** An address with everything that may stand in it. */
function addresses(path: string, asker: Asker): readonly string[] {
  const open = /\{(.+?)\}/.exec(path);
  if (open === null) return [path];
  const name = open[1] ?? '';
  const put = /^(link|token)$/.test(name) ? asker.links : (values.get(name) ?? []);
  return put.flatMap((value) => addresses(path.replace(open[0], value), asker));
}
/** With what is asked for beside it. */
function questions(address: string, asker: Asker): readonly string[] {
  if (/\/(absent|attendance)$/.test(address)) return [address, ...(values.get('class') ?? []).map((id) => `${address}?class=${id}`)];
  if (/\/(recording|stats)/.test(address)) return [address, ...asker.links.map((link) => `${address}?token=${link}`)];
  if (/\/accesses$/.test(address)) return [address, ...(values.get('pupil') ?? []).map((id) => `${address}?pupil=${id}`)];
  return [address];
}
async function ask(asker: Asker, method: string, address: string): Promise<{ status: number; text: string }> {
  const response = await fetch(use.server.origin + address, {
    method,
    redirect: 'manual',
    headers: { ...(asker.bearer !== '' && { Authorization: `Bearer ${asker.bearer}` }), ...(method !== 'GET' && { 'Content-Type': 'application/json' }) },
    ...(method !== 'GET' && { body: '{}' }),
  });
  return { status: response.status, text: await response.text() };
}
/** What an answer tells somebody who may not know. */
const told = (asker: Asker, text: string): readonly string[] => secrets.filter(({ what, of }) => !asker.reads.includes(of) && text.includes(what)).map(({ what }) => what);

describe('every address, asked by everybody', () => {
  it('has a value for everything that may stand in one', () => {
    const names = new Set(description.operations().flatMap(({ path }) => [...path.matchAll(/\{(.+?)\}/g)].map((match) => match[1] ?? '')));
    expect([...names].filter((name) => (values.get(name)?.length ?? 0) === 0 && !/^(link|token)$/.test(name))).toEqual([]);
  });

  it('tells nobody what is not his', async () => {
    const seen = new Map<string, Set<string>>(askers.map(({ who }) => [who, new Set()]));
    for (const asker of askers) {
      const answered = seen.get(asker.who);
      for (const { method, path } of description.operations()) {
        if (method !== 'GET') continue;
        for (const address of addresses(path, asker).flatMap((one) => questions(one, asker))) {
          const { status, text } = await ask(asker, method, address);
          expect([asker.who, path, status, told(asker, text)]).toEqual([asker.who, path, status, []]);
          expect([asker.who, path, status < 500 || status === 503]).toEqual([asker.who, path, true]);
          if (status === 200) answered?.add(path);
          if (status === 200) for (const { what, of } of secrets) if (what === of && text.includes(what)) answered?.add(of);
        }
      }
    }
    // The walk went through doors, not only along them.
    const names = (who: string): readonly string[] => secrets.map(({ of }) => of).filter((of, i, all) => all.indexOf(of) === i && seen.get(who)?.has(of));
    expect(names('张校长')).toEqual(['钱甲一', '孙甲二', '周乙一', '吴乙二']);
    expect(names('王老师')).toEqual(['钱甲一', '孙甲二']);
    expect(names('李老师')).toEqual(['周乙一', '吴乙二']);
    expect(names('赵校长')).toEqual(['郑丙一']);
    expect(names('a family')).toEqual(['钱甲一']);
    for (const who of ['a stranger', 'a counted pupil', 'a counted lead', 'a technician', 'an observer', 'a family’s television', 'a school’s screen', '督学', '教育科']) expect([who, names(who)]).toEqual([who, []]);
    for (const { who } of askers) expect([who, (seen.get(who)?.size ?? 0) > 5]).toEqual([who, true]);
  }, 240_000);

  it('changes nothing for a child or a stranger, and tells them nothing either', async () => {
    const children = askers.filter(({ who }) => /^a (stranger|pupil in|counted pupil)/.test(who));
    expect(children).toHaveLength(3);
    for (const asker of children) {
      for (const { method, path } of description.operations()) {
        if (method === 'GET') continue;
        for (const address of addresses(path, asker)) {
          const { status, text } = await ask(asker, method, address);
          expect([asker.who, method, path, told(asker, text)]).toEqual([asker.who, method, path, []]);
          expect([asker.who, method, path, status < 500 || status === 503]).toEqual([asker.who, method, path, true]);
        }
      }
    }
    const office = askers.find(({ who }) => who === '张校长');
    if (office === undefined) throw new Error('no office');
    for (const id of values.get('pupil') ?? []) expect((await ask(office, 'GET', `/api/v1/pupils/${id}`)).status).toBe(200);
    await waitFor(async () => (await school.counts(lesson.id, kOne))['expected'] === 2, { what: 'the class as it was' });
  }, 240_000);
});
