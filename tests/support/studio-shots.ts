/** `npm run shots`, second half: every state of the studio page. */
import { startAnswerer } from './answerer';
import { kDesktop, kPhone, screenshot, startBrowser, type View } from './browser';
import { startDouble } from './double';
import { waitFor } from './wait';

/** As a browser that has not been asked yet. */
const kUnasked = 'navigator.permissions.query = () => Promise.resolve({ state: "prompt" })';
const browser = await startBrowser();
const views: Readonly<Record<string, View>> = { phone: kPhone, desktop: kDesktop, 'phone-en-dark': { ...kPhone, locale: 'en-US', dark: true } };
for (const [name, view] of Object.entries(views)) {
  const double = await startDouble();
  double.rtc.answerer = await startAnswerer(browser, double.origin);
  const page = await browser.open(`${double.origin}/studio/${double.lead}`, view);
  const shot = async (state: string): Promise<void> => {
    await page.evaluate(() => window.scrollTo(0, 0));
    await screenshot(page, `studio-${state}-${name}`);
  };
  const door = await browser.open(`${double.origin}/studio/${double.lead}`, { ...view, before: kUnasked });
  await door.waitForSelector('.cover .button');
  await screenshot(door, `studio-door-${name}`);
  await door.context().close();
  await page.waitForSelector('.devices');
  await waitFor(() => page.evaluate(() => (document.querySelector('video')?.videoWidth ?? 0) > 0));
  await shot('before');
  await page.click('.preflight__do');
  const below = async (state: string): Promise<void> => screenshot(page, `studio-${state}-${name}`);
  await page.waitForFunction(() => Number(document.querySelector('progress')?.value) > 0.4, undefined, { timeout: 30_000 });
  await below('testing');
  await page.waitForSelector('.findings', { timeout: 30_000 });
  await below('tested');
  await page.click('.bell__do');
  await page.waitForSelector('.health__words', { timeout: 30_000 });
  await shot('live');
  await page.click('.studio__tools .tool:last-child');
  await page.waitForSelector('.code__svg');
  await shot('code');
  await page.keyboard.press('Escape');
  double.down = true;
  await double.rtc.answerer.hangUp(double.rtc.opened[0] ?? '');
  await page.waitForSelector('.light--reconnecting', { timeout: 30_000 });
  await waitFor(async () => /秒后|again in/.test((await page.textContent('.bell')) ?? ''), { ms: 30_000 });
  await shot('reconnecting');
  double.rtc.publisher = 'whip-phone';
  double.down = false;
  await page.waitForSelector('.light--superseded', { timeout: 30_000 });
  await shot('superseded');
  await page.click('.bell__do');
  await page.waitForSelector('.light--live', { timeout: 30_000 });
  await page.click('.button--end');
  await page.waitForSelector('.sheet');
  await shot('asks');
  await page.click('.sheet__do');
  await page.waitForSelector('.light--ended');
  await shot('ended');
  await page.context().close();
  await double.rtc.answerer.close();
  await double.close();
}
await browser.close();
