import { mkdirSync, rmSync, writeFileSync } from 'node:fs';

import type { CDPSession, Page } from 'playwright-core';

import { accessibilityProblems } from './axe';
import { kDesktop, kPhone, kTelevision, type View } from './browser';
import type { Tabs } from './pages';
import { kScreenshots } from './paths';
import { sightProblems } from './sight';
import { watchErrors } from './watch-page';

/** A page in one state, photographed and examined at every size in both languages, without a reload. */

const kFolder = `${kScreenshots}gallery/`;
const kSizes = { phone: kPhone, desktop: kDesktop, tv: kTelevision } as const;
export type Size = keyof typeof kSizes;
const kEverySize: readonly Size[] = ['phone', 'desktop', 'tv'];
const kLanguages = ['zh-CN', 'en'] as const;
/** Pictures go down to here, in windows. */
const kWindows: Readonly<Record<Size, number>> = { phone: 3, desktop: 2, tv: 1 };

interface Wall {
  readonly page: Page;
  /** Shows the page as it is now. */
  hang(state: string, sizes?: readonly Size[]): Promise<void>;
  /** What was found on every picture so far, and what the page itself complained of or asked of others. */
  readonly problems: readonly string[];
}

/** Both themes are chosen for the same page: what is light on a phone is dark there in the other language. */
async function dress(session: CDPSession, view: View, dark: boolean): Promise<void> {
  const touch = view.touch ?? false;
  await session.send('Emulation.setDeviceMetricsOverride', { width: view.width, height: view.height, deviceScaleFactor: 1, mobile: touch });
  await session.send('Emulation.setTouchEmulationEnabled', { enabled: touch });
  await session.send('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }] });
}

async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    window.scrollTo(0, 0);
    await document.fonts.ready;
    for (let frame = 0; frame < 3; frame += 1) await new Promise((resolve) => requestAnimationFrame(resolve));
    await Promise.all(document.getAnimations().filter((one) => one.effect?.getTiming().iterations === 1).map((one) => one.finished.catch(() => undefined)));
  });
}

async function photograph(page: Page, session: CDPSession, size: Size, file: string): Promise<void> {
  const { width, height } = kSizes[size];
  const whole = await page.evaluate(() => (document.querySelector('.veil') === null ? document.documentElement.scrollHeight : 0));
  const clip = { x: 0, y: 0, width, height: Math.max(height, Math.min(whole, height * kWindows[size])), scale: 1 };
  const { data } = await session.send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: clip.height > height });
  writeFileSync(`${kFolder}${file}.png`, Buffer.from(data, 'base64'));
}

export const emptyGallery = (): void => {
  rmSync(kFolder, { recursive: true, force: true });
  mkdirSync(kFolder, { recursive: true });
};

export async function openWall(tabs: Tabs, url: string, before?: string): Promise<Wall> {
  const page = await tabs.open('about:blank', { ...kDesktop, ...(before !== undefined && { before }) });
  const session = await page.context().newCDPSession(page);
  await dress(session, kPhone, false);
  const errors = watchErrors(page);
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(url);
  const foreign = (): string[] => asked.filter((one) => !one.startsWith(new URL(url).origin) && !/^(blob|data):/.test(one));
  const found: string[] = [];
  let hung = 0;
  return {
    page,
    get problems() {
      return [...found, ...errors.map((error) => `console: ${error}`), ...foreign().map((one) => `foreign: ${one}`)];
    },
    async hang(state, sizes = kEverySize) {
      for (const language of kLanguages) {
        await page.evaluate((wanted) => {
          if (document.documentElement.lang !== wanted) document.querySelector<HTMLElement>('.bar__language')?.click();
        }, language);
        for (const size of sizes) {
          const view = kSizes[size];
          const name = `${state}-${language.slice(0, 2)}-${size}`;
          await dress(session, view, size === 'phone' && language === 'en');
          await settle(page);
          const seen = await sightProblems(page, { width: view.width, touch: view.touch ?? false, language });
          // The rules of colour and of names: in either theme and layout in turn, as they take longest.
          if (size === 'phone' && (language === 'en') === (hung % 2 === 0)) seen.push(...(await accessibilityProblems(page)));
          found.push(...seen.map((one) => `${name}: ${one}`));
          await photograph(page, session, size, name);
        }
      }
      hung += 1;
      await dress(session, kPhone, false);
      await page.evaluate(() => document.documentElement.lang === 'zh-CN' || document.querySelector<HTMLElement>('.bar__language')?.click());
    },
  };
}
