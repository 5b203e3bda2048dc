// Whether the simulator has teeth: the first seed at which a planted bug breaks a promise.
import type { Bug } from './bugs/plant.ts'
import { simulate } from './simulate.ts'

/** A bug that is not found with so many schedules counts as not found. */
export const bugSeeds = 2_000

export async function findBug(bug: Bug): Promise<{ seed: number; violation: string } | undefined> {
  for (let seed = 1; seed <= bugSeeds; seed++) {
    const { violation } = await simulate({ seed, bug })
    if (violation !== undefined) return { seed, violation }
  }
  return undefined
}
