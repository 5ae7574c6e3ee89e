import { describe, it } from 'vitest';

import { useServer } from '../support/fixture';
import { pattern, publish } from '../support/media';
import { useBrowser } from '../support/pages';
import { kDesktop } from '../support/browser';
import { waitFor } from '../support/wait';
import { playing, says } from '../support/watch-page';

// An inspector with the real server and a real picture: from the tap to the lesson, and to a signed record.

/** From "observe" to a moving picture (SP-3); a machine that builds at the same time is slower. */
const kPictureMs = Number(process.env['TONGKE_PICTURE_MS'] ?? 15_000);

describe('an inspector', () => {
  const use = useServer();
  const tabs = useBrowser();

  it('draws, sees the picture soon, signs, and the record holds', async () => {
    const { password } = (await use.server.tongke('account', 'create', 'inspector', '--name', '刘督学', '--duty', 'inspector')) as { password: string };
    const { lesson, link } = await use.newClass('三年级数学');
    use.keep(publish(lesson.rtmp, pattern()));
    await use.server.becomes(link.token, 'live');
    const page = await tabs.open(`${use.server.origin}/inspect`, kDesktop);
    await page.fill('#login', 'inspector');
    await page.fill('#password', password);
    await page.click('.door__do');
    await says(page, '.inspect__urn', /1 节课正在上/, 30_000);
    await page.fill('#words', '海湾 42');
    await page.click('form .inspect__do');
    await page.waitForSelector('.inspect__lessons .button');
    await page.locator('.inspect__draw .link').first().click();
    await says(page, '.inspect__said', /重算一致/, 15_000);

    const tapped = Date.now();
    await page.locator('.inspect__lessons .button').click();
    await waitFor(async () => (await playing(page)).frames > 2, { ms: kPictureMs, every: 50, what: 'a picture' });
    console.log(`from the tap to a moving picture: ${Date.now() - tapped} ms`);
    await page.waitForSelector('.inspect__counts', { timeout: 20_000 });
    await page.waitForSelector('.inspect__stills img', { timeout: 30_000 });
    for (const item of await page.locator('form .inspect__choices').all()) await item.locator('.chip').first().click();
    await page.click('form .inspect__do');
    await says(page, '.inspect__record', /签名有效.*刘督学/, 15_000);
    await waitFor(() => page.evaluate(() => (document.querySelector<HTMLImageElement>('.inspect__record img')?.naturalWidth ?? 0) > 100), { ms: 15_000, what: 'a still on the record' });
  });
});
