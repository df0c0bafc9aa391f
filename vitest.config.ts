import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'src/**/*.test.tsx', 'fuzz/**/*.test.ts'],
    environment: 'node',
    setupFiles: ['vitest.setup.ts'],
    // All cores: nobody works on the machine meanwhile.
    maxWorkers: '100%',
    // Against tests that hang, on machines however slow.
    testTimeout: 120_000,
  },
});
