// Some thousand schedules of the whole shop; `.ci/run` has 100,000, `npm run sim` goes on for as long as one likes.
import { expect, test } from 'vitest'
import { parts } from './parts.ts'
import { simulate, subscriptions } from './simulate.ts'

test('3,000 schedules keep every promise', { timeout: 600_000 }, async () => {
  for (let seed = 1; seed <= 3_000; seed++) {
    const { violation } = await simulate({ seed })
    expect(violation, `npm run sim -- --seed ${seed} --trace`).toBeUndefined()
  }
})

test('a seed gives the very same schedule again', async () => {
  for (const seed of [7, 77, 888, 7_777]) {
    const [first, second]: [string[], string[]] = [[], []]
    const one = await simulate({ seed, trace: first })
    const other = await simulate({ seed, trace: second })
    expect(first.length).toBeGreaterThan(20)
    expect(second).toEqual(first)
    expect({ ...other, state: other.state() }).toEqual({ ...one, state: one.state() })
  }
})

test('every subscription of serverless.yml is simulated', () => {
  expect(Object.keys(parts.handlers).sort()).toEqual(subscriptions.map(({ name }) => name).sort())
})
