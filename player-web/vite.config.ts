import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

// Old Android WebViews (WeChat's X5, set-top boxes, 2017 phones) are who this is built for:
// syntax is brought down to ES2015. `import()` stays, as hls.js must be its own chunk;
// browsers without modules get public/old.js instead (a bare native <video>).
export default defineConfig({
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
    rollupOptions: { input: { home: resolve('home.html'), watch: resolve('watch.html') } },
  },
  test: { include: ['test/**/*.test.ts'], environment: 'node' },
});
