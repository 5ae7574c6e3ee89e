import { defineConfig } from 'vitest/config';

// One test file at a time: each starts real servers, encoders and browsers.
export default defineConfig({
  test: {
    include: ['**/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    teardownTimeout: 20_000,
    // What a test complains of is said whole in its one line.
    chaiConfig: { truncateThreshold: 400 },
  },
});
