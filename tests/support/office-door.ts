import type { Page } from 'playwright-core';

import { kDesktop, type View } from './browser';
import type { Stage } from './pages';

/** A page of the office's, signed in to by the account that the stand-in knows. */
export async function openOffice(stage: Stage, place: string, selector: string, view: View = kDesktop): Promise<Page> {
  const page = await stage.open(`/office#/${place}`, view);
  await page.waitForSelector('#login');
  await page.fill('#login', 'wang');
  await page.fill('#password', 'correct-horse');
  await page.click('.door__do');
  await page.waitForSelector(selector);
  return page;
}
