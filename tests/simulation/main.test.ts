// A broken promise is of use only if it can be seen again: what `npm run sim` prints of one replays exactly.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { allBugs } from './bugs/all.ts'

const [bug] = allBugs
const main = ['--disable-warning=ExperimentalWarning', 'tests/simulation/main.ts']

function run(...args: string[]) {
  const { status, stdout } = spawnSync(process.execPath, [...main, ...args], { encoding: 'utf8' })
  return { status, stdout }
}

test('a failing seed is printed with the line that replays it, and replays exactly', { timeout: 120_000 }, () => {
  const soak = run('--count', '400', '--bug', String(bug?.name))
  expect(soak.status).toBe(1)
  const [, seed, violation] = /^seed (\d+): (.+)$/m.exec(soak.stdout) ?? []
  expect(seed, soak.stdout).toBeDefined()
  const line = `npm run sim -- --seed ${seed} --trace --bug '${bug?.name}'`
  expect(soak.stdout.split('\n')).toContain(line)

  const replayed = run('--seed', String(seed), '--trace', '--bug', String(bug?.name))
  expect(replayed.status).toBe(1)
  expect(replayed.stdout).toContain(`VIOLATION ${violation}`)
  expect(replayed.stdout).toMatch(new RegExp(`^seed ${seed}: `, 'm'))
  expect(run('--seed', String(seed), '--trace', '--bug', String(bug?.name))).toEqual(replayed)

  const mended = run('--seed', String(seed))
  expect(mended).toEqual({ status: 0, stdout: expect.stringMatching(/^seed \d+: \d+ steps, every promise kept\n$/) })
})

test('schedules are shared out among the cores and counted', { timeout: 120_000 }, () => {
  const { status, stdout } = run('--count', '30')
  expect(status).toBe(0)
  expect(stdout).toContain('30 schedules, every promise kept')
})
