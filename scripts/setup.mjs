// Installs from the lock file when node_modules is missing or older than it. Runs on any Node >= 20, before anything
// is installed; `npm start` and `npm test` call it first.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const installed = `${root}/node_modules/.package-lock.json`
const upToDate = existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${root}/package-lock.json`).mtimeMs

if (!upToDate) {
  console.log('Installing what the project needs (once, about a minute) ...')
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('npm ci failed: is the npm registry reachable? The lines above say what went wrong.')
    process.exit(status ?? 1)
  }
}
