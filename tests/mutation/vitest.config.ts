// What mutants of lib/rules are tried against: all of tests/rules but what takes long and adds little. Fewer runs of each
// property, since it is run for each mutant.
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/rules/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'tests/rules/{docs,browser,mutated}.test.ts'],
    testTimeout: 30_000,
    env: { KRAM_PROPERTY_RUNS: '25' },
  },
})
