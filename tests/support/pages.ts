import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';

import { type Browser, kChromium, startBrowser, type View } from './browser';
import { type Double, startDouble } from './double';

export interface Tabs {
  readonly browser: Browser;
  /** Closed after the test. */
  open(url: string, view?: View): Promise<Page>;
}

/** One browser for the tests of a file. Made after the server it looks at, so that it goes first. */
export function useBrowser(program: () => string = () => kChromium): Tabs {
  let browser: Browser | null = null;
  const pages: Page[] = [];
  beforeAll(async () => {
    browser = await startBrowser(program());
  });
  afterEach(async () => {
    for (const page of pages.splice(0)) await page.context().close();
  });
  afterAll(async () => {
    await browser?.close();
  });
  const get = (): Browser => {
    if (browser === null) throw new Error('the browser is not up');
    return browser;
  };
  return {
    get browser() {
      return get();
    },
    async open(url, view) {
      const page = await get().open(url, view);
      pages.push(page);
      return page;
    },
  };
}

export interface Stage {
  readonly browser: Browser;
  /** A fresh one for every test. */
  readonly double: Double;
  /** A page of the double's. */
  open(path: string, view?: View): Promise<Page>;
}

/** A browser, and a stand-in for the server that `prepare` sets up for each test. */
export function useDouble(prepare?: (double: Double, browser: Browser) => Promise<void>): Stage {
  let double: Double | null = null;
  afterEach(async () => {
    await double?.rtc.answerer?.close();
    await double?.close();
  });
  const tabs = useBrowser();
  beforeEach(async () => {
    double = await startDouble();
    await prepare?.(double, tabs.browser);
  });
  const get = (): Double => {
    if (double === null) throw new Error('the double is not up');
    return double;
  };
  return {
    get browser() {
      return tabs.browser;
    },
    get double() {
      return get();
    },
    open: (path, view) => tabs.open(get().origin + path, view),
  };
}
