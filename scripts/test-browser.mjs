// `npm run test:browser`: the admin page in a real browser, on shops that it starts itself. Without Chromium, and where
// none can be installed, it ends with 77 and says so. `-- --pictures` writes docs/images anew, and does nothing else.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const skipped = 77
const places = [
  process.env.KRAM_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const chromiumHere = () => places.find((path) => path && existsSync(path))

/** Debian's own, where this may install packages; nothing is fetched from anywhere else. */
function install() {
  if (process.getuid?.() !== 0 || !process.env.CI) return
  console.log('Installing chromium (apt-get) ...')
  const quietly = { stdio: 'ignore', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }
  if (spawnSync('apt-get', ['update'], quietly).status !== 0) return
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], quietly)
}

if (!chromiumHere()) install()
const chromium = chromiumHere()
if (!chromium) {
  console.log('no Chromium here: apt-get install chromium, or name one in KRAM_CHROMIUM')
  process.exit(skipped)
}
const args = process.argv.slice(2)
const pictures = args.includes('--pictures')
// Alone, on a shop that no other test has put its promotions into.
const files = pictures ? ['pictures'] : args
const { status } = spawnSync('vitest', ['run', '--config', 'tests/browser/vitest.config.ts', ...files], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, KRAM_CHROMIUM: chromium, ...(pictures ? { KRAM_PICTURES: '1' } : {}) },
})
process.exit(status ?? 1)
