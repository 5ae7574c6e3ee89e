/** `npm run dev`: the built pages with a lesson that never ends, for looking at them. */
import { startDouble } from './double';

const double = await startDouble(Number(process.env['PORT'] ?? 8099));
await double.startTeacher();
console.log(['', `w/${double.link}`, `desk/${double.teacher}`, `studio/${double.lead}`, 'office', 'tv'].map((path) => `${double.origin}/${path}`).join('\n'));
process.once('SIGINT', () => void double.close().then(() => process.exit(0)));
