import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

// Old Android WebViews (WeChat's X5, set-top boxes, 2017 phones) are who this is built for:
// syntax is brought down to ES2015. `import()` stays, as hls.js must be its own chunk;
// browsers without modules get public/old.js instead (a bare native <video>).
// hls.js from its sources, without what a lesson never has (DRM, subtitles, advertisements,
// trick-play images, MPEG-TS, bare AAC and MP3, encryption): half of its ready-made build to fetch
// over a slow line. Its "light" build drops separate audio, which sound-only needs.
const hlsPackage = JSON.parse(readFileSync('node_modules/hls.js/package.json', 'utf8')) as { version: string };
const kHlsParts = {
  __VERSION__: JSON.stringify(hlsPackage.version),
  __USE_ALT_AUDIO__: 'true',
  __USE_CMCD__: 'false',
  __USE_CONTENT_STEERING__: 'false',
  __USE_EME_DRM__: 'false',
  __USE_IFRAMES__: 'false',
  __USE_INTERSTITIALS__: 'false',
  __USE_M2TS_ADVANCED_CODECS__: 'false',
  __USE_MEDIA_CAPABILITIES__: 'false',
  __USE_SUBTITLES__: 'false',
  __USE_VARIABLE_SUBSTITUTION__: 'false',
  __IN_WORKER__: 'false',
  __HLS_WORKER_BUNDLE__: 'undefined',
};
const kLeftOut = /\/hls\.js\/src\/controller\/(cmcd|eme|content-steering|i-?frame|image-iframe|interstitial|subtitle|timeline)[\w-]*$|^@svta\/cml-cmcd$/;

// Parts are fMP4, passed on as they are: other containers are never recognised, nor made into it. hls.js goes on without these
// where they are null. (Of the remuxer the pass-through has a function or two.)
const kNull = /\/hls\.js\/src\/(demux\/(audio\/(aac|ac3-|mp3)demuxer|tsdemuxer)|remux\/(aac-helper|mp4-generator)|crypt\/aes-decryptor|controller\/id3-track-controller)$/;
const kNothing = '\0nothing';

const leaveOut: Plugin = {
  name: 'leave-out-of-hls.js',
  enforce: 'pre',
  resolveId(source, importer) {
    const path = source.startsWith('.') && importer ? resolve(importer, '..', source) : source;
    if (kLeftOut.test(path)) return resolve('node_modules/hls.js/src/empty-es.js');
    const remuxes = path.endsWith('/hls.js/src/remux/mp4-remuxer') && importer?.endsWith('/transmuxer.ts');
    return remuxes || kNull.test(path) ? kNothing : null;
  },
  load: (id) => (id === kNothing ? 'const nothing = null; export { nothing as default, nothing as AC3Demuxer, nothing as removePadding };' : null),
};

// What every page's head begins with, so that no page forgets to keep out of search engines and referrers.
const kHeadMark = '<!-- head.html -->';
const sharedHead: Plugin = {
  name: 'shared-head',
  transformIndexHtml: {
    order: 'pre',
    handler(page, { filename }) {
      if (!page.includes(kHeadMark)) throw new Error(`${filename} has no ${kHeadMark}`);
      return page.replace(kHeadMark, readFileSync('head.html', 'utf8').trim());
    },
  },
};

export default defineConfig({
  plugins: [leaveOut, sharedHead],
  define: kHlsParts,
  resolve: { alias: { 'hls.js': resolve('node_modules/hls.js/src/hls.ts') } },
  base: '/',
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact', legalComments: 'none' },
  build: {
    target: 'es2015',
    cssTarget: 'chrome61',
    outDir: 'dist',
    assetsDir: 'assets',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 700, // hls.js, loaded only where it is needed
    // Each file is a wait of its own on a slow line: small ones go together.
    rollupOptions: {
      output: { experimentalMinChunkSize: 4000 },
      input: { desk: resolve('desk.html'), family: resolve('family.html'), home: resolve('home.html'), inspect: resolve('inspect.html'), office: resolve('office.html'), studio: resolve('studio.html'), tv: resolve('tv.html'), watch: resolve('watch.html') },
    },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node', testTimeout: 60_000 },
});
