import { expect, it } from 'vitest';

import { kDesktop, kPhone, screenshot } from '../support/browser';
import { useServer } from '../support/fixture';
import { useBrowser } from '../support/pages';
import { School } from '../support/school';
import { join, moves, says } from '../support/watch-page';

// One teacher hands a lesson that is on air to another, as both of them do it: real server, real Chromium.

const kPupils = ['学校,年级,班级,学号,姓名', '第一小学,三年级,1班,2023011,学生11', '第一小学,三年级,2班,2023021,学生21'].join('\r\n');
const kStaff = ['学校,工号,姓名,学科,任教班级', '第一小学,T1,王老师,数学,三年级1班', '第一小学,T2,李老师,数学,三年级2班'].join('\r\n');
const kDeadline = { timeout: 30_000 };

const use = useServer();
const tabs = useBrowser();

it('hands the lesson over from studio to desk, and pupils go on watching', async () => {
  const school = await School.open(use.server, '第一小学', [kPupils, kStaff]);
  const lesson = await school.teach({
    title: '三年级数学：分数的比较',
    mode: 'joint',
    lead: school.member('王老师').id,
    rooms: ['三年级1班', '三年级2班'].map((label) => ({ class: school.klass(label).id })),
  });
  const page = async (path: string, token: Promise<string>, view = kDesktop) => tabs.open(`${use.server.origin}/${path}/${await token}`, view);
  const wang = await page('studio', school.token(lesson.id, { staff: school.member('王老师').id }));
  await wang.waitForSelector('.devices', kDeadline);
  await wang.click('.bell__do');
  await wang.waitForSelector('.light--live', kDeadline);
  const child = await page('w', school.token(lesson.id, { pupil: (await school.pupil('三年级1班', '学生11')).id }), kPhone);
  await child.waitForSelector('.start', kDeadline);
  await join(child);
  await moves(child, 2, 30_000);
  const li = await page('desk', school.token(lesson.id, { staff: school.member('李老师').id }));
  await li.waitForSelector('.room', kDeadline);

  await wang.getByRole('button', { name: '交给同事' }).click();
  await wang.getByRole('button', { name: /交给李老师/ }).click();
  await says(wang, '.handed', /请您接着讲/);
  await moves(child, 2, 30_000);
  await li.getByRole('link', { name: '去讲课' }).click(kDeadline);
  await li.waitForSelector('.devices', kDeadline);
  await says(li, '.bell', /在这台设备上接着上/);
  await screenshot(li, 'handover-new-lead');
  await li.click('.bell__do');
  await li.waitForSelector('.light--live', kDeadline);
  await says(wang, '.handed', /现在由李老师讲课/, 30_000);
  await screenshot(wang, 'handover-old-lead');
  await moves(child, 3, 30_000);
  expect(await child.locator('.player').count()).toBe(1);
});
