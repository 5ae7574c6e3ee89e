/** `npm run shots`: pictures of every state, size, language and theme, to be looked at. */
import { kPhone, screenshot, startBrowser, type View } from './browser';
import { startDouble } from './double';
import { kViews } from './views';
import { waitFor } from './wait';

const double = await startDouble();
const browser = await startBrowser();
const watch = `${double.origin}/w/${double.link}`;
for (const [name, view] of Object.entries(kViews)) {
  const home = await browser.open(`${double.origin}/`, view);
  await home.waitForSelector('.hero__demo');
  await screenshot(home, `home-${name}`);
  await home.context().close();
  const tv = await browser.open(`${double.origin}/tv`, view);
  await tv.waitForSelector('.tv__code');
  await screenshot(tv, `tv-code-${name}`);
  await tv.context().close();
  for (const [state, url] of [['waiting', watch], ['missing', `${double.origin}/w/nothing`]] as const) {
    const page = await browser.open(url, view);
    await page.waitForSelector('.board__text p');
    await screenshot(page, `${state}-${name}`);
    await page.context().close();
  }
}
await double.startTeacher();
for (const [name, view] of Object.entries(kViews)) {
  const page = await browser.open(watch, view);
  await page.waitForSelector('.start');
  await screenshot(page, `idle-${name}`);
  await page.click('.start');
  await waitFor(() => page.evaluate(() => (document.querySelector('video')?.currentTime ?? 0) > 8), { ms: 30_000 });
  await screenshot(page, `live-${name}`);
  await page.click('.main .tool');
  await page.waitForSelector('.late', { timeout: 8000 });
  await screenshot(page, `behind-${name}`);
  await page.click('.tools .tool:nth-last-child(2)');
  await page.waitForSelector('.sheet');
  await screenshot(page, `menu-${name}`);
  await page.click('.sheet .choice:last-child');
  await page.waitForSelector('.cover--sound');
  await screenshot(page, `sound-${name}`);
  await page.context().close();
}
for (const [name, view] of Object.entries({ ...kViews, side: { width: 640, height: 360, touch: true } satisfies View })) {
  const page = await browser.open(watch, view);
  await page.click('.start');
  await page.waitForSelector('.seek__bar:not(:disabled)');
  if (name === 'side') await screenshot(page, 'live-side');
  await page.keyboard.press('f');
  await page.waitForSelector('.player--over');
  await screenshot(page, `full-${name}`);
  await page.context().close();
}
const away = await browser.open(watch, kPhone);
await away.click('.start');
await away.waitForSelector('.seek__bar:not(:disabled)');
double.script.state = 'interrupted';
await away.waitForFunction(() => /老师/.test(document.querySelector('.words')?.textContent ?? ''));
await screenshot(away, 'interrupted-phone');
await double.stopTeacher();
double.script.state = 'ended';
double.script.mp4 = '/api/v1/lessons/L1/recording.mp4';
await away.waitForSelector('.player--finished', { timeout: 30_000 });
await screenshot(away, 'finished-phone');
for (const [name, view] of Object.entries(kViews)) {
  const page = await browser.open(watch, view);
  await page.click('.start');
  await page.waitForSelector('.seek__bar:not(:disabled)');
  await screenshot(page, `replay-${name}`);
  double.signal.tell(['pupil'], { t: 'chapter', seq: 60, media_time: 0, text: '复习：一半是多少' });
  double.signal.tell(['pupil'], { t: 'chapter', seq: 61, media_time: 4000, text: '分数的意义' });
  double.signal.tell(['pupil'], { t: 'note', seq: 62, from: '李老师', media_time: 6000, text: '看第八页的图' });
  await page.locator('.company .tool').first().click();
  await page.waitForSelector('.mark');
  await screenshot(page, `marks-${name}`);
  await page.context().close();
}
await browser.close();
await double.close();
