// `npm run crash`: kill -9 under load, many times over. `--cycles` kills of a bare process with bus, table and handlers,
// `--shop` kills of the whole shop as `npm start` runs it; `--seed` for other moments. tests/adapters/kill.test.ts and
// tests/local/kill-shop.test.ts say what must hold; `npm test` runs a few of each.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '300' },
    shop: { type: 'string', default: '5' },
    seed: { type: 'string', default: '20220424' },
  },
})

// A process that lives for half a second should not spend it on reading its own sources.
const cache = mkdtempSync(join(tmpdir(), 'kram-crash-'))
const env = {
  ...process.env,
  NODE_COMPILE_CACHE: cache,
  KILL_CYCLES: values.cycles,
  KILL_SHOP_CYCLES: values.shop,
  KILL_SEED: values.seed,
}
try {
  for (const file of ['tests/adapters/kill.test.ts', 'tests/local/kill-shop.test.ts']) {
    const { status } = spawnSync('vitest', ['run', file], {
      env,
      stdio: 'inherit',
      shell: process.platform === 'win32',
    })
    if (status !== 0) process.exitCode = 1
  }
} finally {
  rmSync(cache, { recursive: true, force: true })
}
