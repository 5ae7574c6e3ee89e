/** The office in its states, sizes and languages, to be looked at. */
import { kDesktop, kPhone, kTelevision, screenshot, startBrowser, type View } from './browser';
import { startDouble } from './double';

const browser = await startBrowser();
const views: Readonly<Record<string, View>> = {
  phone: kPhone,
  'phone-en-dark': { ...kPhone, locale: 'en-US', dark: true },
  desktop: kDesktop,
  'desktop-en': { ...kDesktop, locale: 'en-US' },
  tv: kTelevision,
};
const room = (id: string, label: string, name: string | null) => ({
  id, label, school: null, class: `c${id}`, group: null, teacher: name === null ? null : { id: 't', name }, expected: 42,
});
const lead = { id: 'st2', name: '李老师' };
for (const [name, view] of Object.entries(views)) {
  const double = await startDouble();
  double.office.lessons = [
    { id: 'L5', title: '三年级语文：燕子', state: 'waiting', started_at: null, lead, rooms: [room('1', '三年级1班', '张老师')] },
    { id: 'L6', title: '三年级数学：分数的初步认识', state: 'live', started_at: Date.now(), lead, rooms: [room('2', '三年级2班', null), room('3', '三年级3班', '赵老师')] },
    { id: 'L7', title: '五年级科学：光', state: 'interrupted', started_at: Date.now(), lead: null, rooms: [] },
    { id: 'L8', title: '晨会', state: 'ended', started_at: Date.now(), lead, rooms: [room('4', '四年级1班', '孙老师')] },
  ];
  double.office.report.problems = [{ file: 'a.csv', line: 12, column: 'phone', reason: 'bad_phone' }, { file: 'a.csv', line: 40, column: 'pupil_number', reason: 'identity_card' }];
  const page = await browser.open(`${double.origin}/office`, view);
  await page.waitForSelector('#login');
  await screenshot(page, `office-door-${name}`);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('.lesson-row');
  await screenshot(page, `office-board-${name}`);
  await page.click('.office__bar .button');
  await page.waitForSelector('.ticks .tick');
  await screenshot(page, `office-new-${name}`);
  await page.evaluate(() => (location.hash = '#/classes'));
  await page.waitForSelector('.tile');
  await screenshot(page, `office-classes-${name}`);
  await page.click('.tile');
  await page.waitForSelector('.grid');
  await screenshot(page, `office-roster-${name}`);
  await page.evaluate(() => (location.hash = '#/import'));
  await page.waitForSelector('.file__input');
  await screenshot(page, `office-import-${name}`);
  await page.setInputFiles('.file__input', { name: '三年级.csv', mimeType: 'text/csv', buffer: Buffer.from('学号,姓名\n1,李明\n') });
  await page.waitForSelector('.report--bad');
  await screenshot(page, `office-seen-${name}`);
  await page.context().close();
  await double.close();
}
await browser.close();
