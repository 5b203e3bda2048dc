// `npm test`: lint, types, then every test that needs Node alone. Arguments go to vitest (`npm test -- money`).
import { spawnSync } from 'node:child_process'

const run = (command, args) => {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' })
  if (status !== 0) process.exit(status ?? 1)
}
const only = process.argv.slice(2)
if (only.length === 0) {
  run('biome', ['ci', '--reporter=summary', '.'])
  run('tsc', ['--noEmit'])
  run('tsc', ['--noEmit', '-p', 'admin'])
}
run('vitest', ['run', ...only])
