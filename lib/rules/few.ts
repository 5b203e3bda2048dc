// Where a type of fact has few live selections, testing a fact for each of them takes less than looking up all of its
// attributes: which tests these are.
import { readerOf, type ValueFunction } from './functions.ts'
import type { Program } from './program.ts'
import type { Scalar } from './types.ts'
import { isInheritedName, type Steps } from './values.ts'
import { anyPair, bucketLayout, type View } from './view.ts'

type Equality = { read: ValueFunction; value: unknown }

/** A live slot with what a fact must have to count in it. */
type FewTest = Equality & { slot: number; more: readonly Equality[] }
export type FewTests = readonly FewTest[]

/** A test takes less than finding the pair of an attribute does: so many of them for each attribute. */
const testsPerPath = 2

const { stride, slot: slotAt, pair1, pair2 } = bucketLayout

/** Type -> its tests, those on one attribute side by side; undefined where looking up is faster, or needed. */
export function fewTests(program: Program, view: View): (FewTests | undefined)[] {
  const tests: FewTest[][] = program.types.map(() => [])
  const pathCounts = new Int32Array(program.types.length)
  const mustLookUp = new Set<number>()
  const pairs = equalitiesOf(program)
  let pair = 0
  program.pathType.forEach((type, path) => {
    pathCounts[type] = (pathCounts[type] as number) + 1
    const steps = program.pathSteps[path] as Steps
    const end = pair + (program.pathValues[path] as readonly Scalar[]).length
    const isPlain = steps.length === 1 && !isInheritedName(steps[0] as string)
    if (!isPlain || view.carefulStart[pair] !== view.carefulStart[end]) mustLookUp.add(type)
    for (; pair < end; pair++) (tests[type] as FewTest[]).push(...testsOf(view, pair, pairs))
  })
  return tests.map((few, type) => {
    const isFew = few.length <= testsPerPath * (pathCounts[type] as number)
    return isFew && !mustLookUp.has(type) ? few : undefined
  })
}

// By pair.
function equalitiesOf({ pathSteps, pathValues }: Program): Equality[] {
  return pathSteps.flatMap((steps, path) => {
    const read = readerOf(steps[0] as string)
    return (pathValues[path] as readonly Scalar[]).map((value) => ({ read, value }))
  })
}

function testsOf({ bucketStart, buckets }: View, pair: number, pairs: readonly Equality[]): FewTest[] {
  const tests: FewTest[] = []
  for (let at = bucketStart[pair] as number; at < (bucketStart[pair + 1] as number); at += stride) {
    const more = [buckets[at + pair1] as number, buckets[at + pair2] as number].filter((other) => other !== anyPair)
    tests.push({
      ...(pairs[pair] as Equality),
      slot: buckets[at + slotAt] as number,
      more: more.map((other) => pairs[other] as Equality),
    })
  }
  return tests
}
