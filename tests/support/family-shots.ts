/** A family's page and the board of tickets in their states, sizes and languages, to be looked at. */
import { type Browser, screenshot, startBrowser, type View } from './browser';
import { startDouble } from './double';
import { familyWeek, ticketBoard } from './family-week';
import { kViews } from './views';

async function family(browser: Browser, name: string, view: View): Promise<void> {
  const double = await startDouble();
  familyWeek(double.family);
  const page = await browser.open(`${double.origin}/family/${double.family.link}`, view);
  await page.waitForSelector('.family__said');
  await page.waitForSelector('.family__bar');
  await screenshot(page, `family-${name}`);
  for (const [part, selector] of [['term', '.family__bar'], ['say', '.family__taps'], ['data', '.family__erase']] as const) {
    await page.evaluate((to) => document.querySelector(to)?.scrollIntoView({ block: 'center' }), selector);
    await screenshot(page, `family-${part}-${name}`);
  }
  for (const taps of await page.locator('.family__taps').all()) await taps.locator('button').nth(1).click();
  await page.fill('#more', '星期二也听不清');
  await page.evaluate(() => document.querySelector('.family__taps')?.scrollIntoView());
  await screenshot(page, `family-tapped-${name}`);
  await page.locator('.say__do').first().click();
  await page.waitForSelector('.say__thanks');
  await screenshot(page, `family-said-${name}`);
  await page.getByRole('button', { name: /更正|Correct/ }).click();
  await page.waitForSelector('.accesses li');
  await page.evaluate(() => document.querySelector('.correct')?.scrollIntoView());
  await screenshot(page, `family-correct-${name}`);
  await page.locator('.correct .button').last().click();
  await page.locator('.family__erase').click();
  await screenshot(page, `family-erase-${name}`);
  await page.context().close();
  await double.close();
}

async function board(browser: Browser, name: string, view: View): Promise<void> {
  const double = await startDouble();
  ticketBoard(double.family);
  double.office.may.push('answer_tickets');
  const page = await browser.open(`${double.origin}/office#/tickets`, view);
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector('.ticket');
  await screenshot(page, `tickets-${name}`);
  await page.locator('.ticket .button').first().click();
  await page.locator('.ticket textarea').fill('已经换了线路，请再看看。');
  await screenshot(page, `tickets-answer-${name}`);
  await page.context().close();
  await double.close();
}

const browser = await startBrowser();
for (const [name, view] of Object.entries(kViews)) {
  await family(browser, name, view);
  await board(browser, name, view);
}
await browser.close();
