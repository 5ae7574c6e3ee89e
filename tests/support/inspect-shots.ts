/** The inspector's page in its states, sizes and languages, to be looked at. */
import { screenshot, startBrowser } from './browser';
import { startDouble } from './double';
import { inspectMorning } from './inspect-morning';
import { kViews } from './views';
import { waitFor } from './wait';

const browser = await startBrowser();
for (const [name, view] of Object.entries(kViews)) {
  const double = await startDouble();
  inspectMorning(double);
  await double.startTeacher();
  const page = await browser.open(`${double.origin}/inspect`, view);
  await page.waitForSelector('#login');
  await screenshot(page, `inspect-door-${name}`);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('#words');
  await page.fill('#words', '海湾 42');
  await page.locator('.inspect__choices .chip').nth(1).click();
  await page.locator('form .inspect__do').click();
  await page.waitForSelector('.inspect__lessons');
  await page.locator('.inspect__draw .link').first().click();
  await page.waitForSelector('.office__fine');
  await screenshot(page, `inspect-draw-${name}`);
  await page.locator('.inspect__lessons .button').first().click();
  await waitFor(() => page.evaluate(() => (document.querySelector('video')?.currentTime ?? 0) > 1), { ms: 30_000, what: 'a picture' });
  double.signal.tell(['inspector'], {
    t: 'counts', part: 0, parts: 1,
    rooms: [{ room: 'r1', label: '三年级1班', expected: 42, present: 40, stalled: 2 }, { room: 'r2', label: '三年级2班', expected: 42, present: 41 }],
  });
  await page.waitForSelector('.inspect__counts');
  for (const choices of await page.locator('.inspect__choices').all()) await choices.locator('.chip').first().click();
  await page.fill('#remark', '板书清楚，讲得慢而明白。');
  await page.evaluate(() => window.scrollTo(0, 0));
  await screenshot(page, `inspect-look-${name}`);
  await page.locator('form .inspect__do').click();
  await page.waitForSelector('.inspect__record');
  await screenshot(page, `inspect-record-${name}`);
  await page.locator('.inspect__back .button').first().click();
  await page.waitForSelector('.inspect__list .card');
  await screenshot(page, `inspect-records-${name}`);
  await page.context().close();
  await double.close();
}
await browser.close();
