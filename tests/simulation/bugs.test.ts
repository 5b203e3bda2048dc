// The simulator has teeth: each planted bug breaks a promise, and the name of the test says which one it is.
import { afterAll, expect, test } from 'vitest'
import { allBugs } from './bugs/all.ts'
import { bugSeeds, findBug } from './find-bug.ts'
import { simulate } from './simulate.ts'

const found: string[] = []
afterAll(() => console.log(`planted bugs, and the seeds that found them:\n${found.join('\n')}`))

test('there are at least 25 planted bugs, each with a name of its own', () => {
  expect(new Set(allBugs.map(({ name }) => name)).size).toBe(allBugs.length)
  expect(allBugs.length).toBeGreaterThanOrEqual(25)
})

test.each(allBugs)('found within 2,000 seeds: $name', { timeout: 300_000 }, async (bug) => {
  const at = await findBug(bug)
  expect(at, `not found with seeds 1 to ${bugSeeds}`).toBeDefined()
  if (!at) return
  found.push(`${String(at.seed).padStart(6)}  ${bug.name}`)
  // It is the bug that breaks the promise, not the schedule; and the seed finds it again.
  expect((await simulate({ seed: at.seed })).violation).toBeUndefined()
  expect((await simulate({ seed: at.seed, bug })).violation).toBe(at.violation)
})
