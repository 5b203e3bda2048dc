// `npm run crash`: kill -9 under load, many times over. `--cycles` kills of a bare process with bus, table and handlers,
// `--shop` kills of the whole shop as `npm start` runs it; `--seed` for other moments. tests/adapters/kill.test.ts and
// tests/local/kill-shop.test.ts say what must hold; `npm test` runs a few of each.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'

function whole(text) {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 on.')
  return text
}

const values = new Command('npm run crash --')
  .description(
    'Kills a bare process with bus and table under load, and the whole shop; nothing acknowledged may be lost.',
  )
  .option('--cycles <n>', 'kills of the bare process', whole, '300')
  .option('--shop <n>', 'kills of the whole shop', whole, '5')
  .option('--seed <n>', 'of the moments', whole, '20220424')
  .parse()
  .opts()

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
