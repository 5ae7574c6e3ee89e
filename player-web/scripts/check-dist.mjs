// What a build must keep: the promised size before hls.js, ES2015 syntax, and no address
// but our own. Run by `npm run build`; the numbers live in budget.json.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

import { parse } from 'acorn';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');
const budget = JSON.parse(readFileSync(join(root, 'budget.json'), 'utf8'));
const problems = [];

const gzipped = (path) => gzipSync(readFileSync(path), { level: 6 }).length;

/** A page and everything its HTML and static imports pull in; dynamic imports are later. */
function firstLoad(page) {
  const html = readFileSync(join(dist, page), 'utf8');
  const todo = [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map((m) => m[1]).filter((p) => /\.(js|css|svg)$/.test(p));
  const seen = new Set();
  while (todo.length > 0) {
    const path = todo.pop();
    if (path === '/old.js' || seen.has(path)) continue;
    seen.add(path);
    if (!path.endsWith('.js')) continue;
    for (const m of readFileSync(join(dist, path), 'utf8').matchAll(/(?:from|import)\s*"\.\/([^"]+)"/g)) {
      todo.push(`/assets/${m[1]}`);
    }
  }
  return [page, ...seen];
}

for (const [page, limit] of Object.entries(budget.firstLoadGzipBytes)) {
  const files = firstLoad(page);
  const bytes = files.reduce((sum, file) => sum + gzipped(join(dist, file)), 0);
  console.log(`${page}: ${bytes} of ${limit} bytes gzip in ${files.length} files`);
  if (bytes > limit) problems.push(`${page} is ${bytes - limit} bytes over its budget`);
}

const assets = readdirSync(join(dist, 'assets'));
// What comes later, and only where it is needed: each a chunk of its own.
for (const [library, limit] of [['hls', budget.hlsGzipBytes], ['stacked-bars', budget.chartGzipBytes]]) {
  const chunks = assets.filter((name) => name.startsWith(library) && name.endsWith('.js'));
  if (chunks.length !== 1) problems.push(`${library} should be one chunk of its own, found: ${chunks.join(', ') || 'none'}`);
  for (const name of chunks) {
    const bytes = gzipped(join(dist, 'assets', name));
    console.log(`${name}: ${bytes} of ${limit} bytes gzip`);
    if (bytes > limit) problems.push(`${name} is over its budget`);
  }
}

for (const name of assets.filter((file) => file.endsWith('.js'))) {
  // ES2015 plus import() and import.meta, which every browser with modules and the chunk has.
  const text = readFileSync(join(dist, 'assets', name), 'utf8')
    .replace(/\bimport\(/g, 'import_(')
    .replace(/\bimport\.meta\b/g, 'import_meta');
  try {
    parse(text, { ecmaVersion: 2015, sourceType: 'module' });
  } catch (error) {
    problems.push(`${name}: newer than ES2015: ${error.message}`);
  }
}
parse(readFileSync(join(dist, 'old.js'), 'utf8'), { ecmaVersion: 5 });

for (const name of readdirSync(dist).filter((file) => file.endsWith('.html'))) {
  const foreign = readFileSync(join(dist, name), 'utf8').match(/(?:src|href)="(?:https?:)?\/\/[^"]*"/g);
  if (foreign) problems.push(`${name} asks other servers: ${foreign.join(' ')}`);
}

problems.forEach((problem) => console.error(problem));
process.exitCode = problems.length > 0 ? 1 : 0;
