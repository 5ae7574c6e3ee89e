/** The subject teacher's desk in its states, sizes and languages, to be looked at. */
import { kDesktop, kPhone, kTelevision, screenshot, startBrowser, type View } from './browser';
import { fillClass } from './class-script';
import { startDouble } from './double';
import { join } from './watch-page';

const browser = await startBrowser();
const views: Readonly<Record<string, View>> = {
  phone: kPhone,
  'phone-en-dark': { ...kPhone, locale: 'en-US', dark: true },
  desktop: kDesktop,
  'desktop-en': { ...kDesktop, locale: 'en-US' },
  'desktop-dark': { ...kDesktop, dark: true },
  tv: kTelevision,
};
for (const [name, view] of Object.entries(views)) {
  const double = await startDouble();
  fillClass(double.signal, 'r2', 42);
  const waiting = await browser.open(`${double.origin}/desk/${double.teacher}`, view);
  await waiting.waitForSelector('.seat');
  await screenshot(waiting, `desk-waiting-${name}`);
  await waiting.context().close();
  await double.startTeacher();
  const page = await browser.open(`${double.origin}/desk/${double.teacher}`, view);
  await join(page);
  await page.waitForSelector('.seat');
  double.signal.unclear('r2', 4, 125_000);
  double.signal.unclear('r2', 15, 131_000);
  await page.fill('.note__text', '第12题(2)先别做，看黑板');
  await page.click('.note__do .button');
  await page.waitForSelector('.sent__list .sent__one');
  await page.evaluate(() => window.scrollTo(0, 0));
  await screenshot(page, `desk-live-${name}`);
  await page.evaluate(() => document.querySelector('.room')?.scrollIntoView());
  if (view.touch) await screenshot(page, `desk-roster-${name}`);
  await page.context().close();
  double.signal.rooms['r4'] = { label: '三(4)班', seats: {} };
  fillClass(double.signal, 'r4', 38);
  double.signal.people[double.teacher] = { role: 'teacher', rooms: ['r2', 'r4'], label: '李老师' };
  const two = await browser.open(`${double.origin}/desk/${double.teacher}`, view);
  await two.waitForSelector('.seat');
  double.signal.tell(['teacher'], { t: 'device', room: 'r2', seat: 7, label: '李明' });
  await two.waitForSelector('.refused');
  await two.getByRole('button', { name: /^(冻结|Freeze).*2/ }).click();
  await two.waitForSelector('.button--frozen');
  await screenshot(two, `desk-two-${name}`);
  await two.context().close();
  await double.close();
}
await browser.close();
