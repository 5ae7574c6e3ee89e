import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { type BrowserContext, chromium, type Page } from 'playwright-core';

import { kScreenshots } from './paths';

export const kChromium = process.env['CHROMIUM'] ?? '/usr/bin/chromium';

const kFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-ui-for-media-stream',
  '--use-fake-device-for-media-stream',
  '--auto-select-desktop-capture-source=Entire screen',
];

export interface View {
  readonly width: number;
  readonly height: number;
  readonly locale?: string;
  readonly dark?: boolean;
  readonly touch?: boolean;
  readonly userAgent?: string;
  /** Script that runs in the page before its own. */
  readonly before?: string;
}

export const kPhone: View = { width: 360, height: 640, touch: true };
export const kDesktop: View = { width: 1280, height: 800 };
export const kTelevision: View = { width: 1920, height: 1080 };

export interface Browser {
  open(url: string, view?: View): Promise<Page>;
  close(): Promise<void>;
}

/** The installed Chromium, headless, with a profile of its own. `autoplay` leaves the
 *  browser's own rule in force: sound needs a tap. */
export async function startBrowser(program = kChromium, flags: readonly string[] = []): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'tongke-chromium-'));
  const browser = await chromium.launch({
    executablePath: program,
    headless: true,
    args: [...kFlags, ...flags],
    // Playwright turns sound and autoplay rules off; both are what is tested here.
    ignoreDefaultArgs: ['--mute-audio'],
    env: { ...process.env, HOME: profile } as Record<string, string>,
  });
  return {
    async open(url, view = kDesktop) {
      const context: BrowserContext = await browser.newContext({
        viewport: { width: view.width, height: view.height },
        locale: view.locale ?? 'zh-CN',
        colorScheme: view.dark ? 'dark' : 'light',
        hasTouch: view.touch ?? false,
        isMobile: view.touch ?? false,
        deviceScaleFactor: view.touch ? 2 : 1,
        ...(view.userAgent === undefined ? {} : { userAgent: view.userAgent }),
      });
      if (view.before !== undefined) await context.addInitScript(view.before);
      const page = await context.newPage();
      await page.goto(url);
      return page;
    },
    async close() {
      await browser.close();
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(kScreenshots, { recursive: true });
  await page.screenshot({ path: `${kScreenshots}${name}.png` });
}
