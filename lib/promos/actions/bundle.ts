// A shirt, a tie and shoes for one price: units of several kinds together, each set with one reward.
import * as v from 'valibot'
import { defineAction, type Remedy, type Turn } from '../action.ts'
import { checkReward, maxMinor, pick, repeats, repeatsOf, rewardArgs, rewardOf, targets } from '../action-kinds.ts'
import { units } from '../args.ts'
import { claimTogether, cut, type Pick, type Pool, poolOf, type Reward, segmentsOf } from '../claims.ts'
import { judgeRange } from '../condition-kinds.ts'
import { compileFilter, type FilterNode, matchesFilter } from '../filter.ts'
import { filterSchema } from '../filter-schema.ts'
import { type Range, spend } from '../ledger.ts'

/** All sets of parts are looked at (two to the power of their number). */
const mostParts = 6

const part = v.strictObject(
  {
    filter: v.pipe(filterSchema, v.description('Which goods, written as product_filters are')),
    quantity: v.exactOptional(v.pipe(units(100), v.description('Units of them; 1 when left out'))),
  },
  'must be an object such as {"filter": {"kind": "Shirt"}, "quantity": 1}',
)

export const bundle = defineAction({
  code: 'bundle',
  description: 'Certain goods together: at a price, a percentage or a sum off each set.',
  args: {
    parts: v.pipe(
      v.array(part, 'must be a list of parts'),
      v.minLength(1, 'must hold a part'),
      v.maxLength(mostParts, `must hold at most ${mostParts} parts`),
      v.description('What a set is made of: each a `filter`, and a `quantity` (1 when left out)'),
    ),
    ...rewardArgs(),
    pick: pick('dearest'),
    repeats: repeats(),
    targets: targets(),
    max_minor: maxMinor(),
  },
  check: (args) => checkReward(args, { needed: true }),
  make({ parts, pick = 'dearest', repeats, ...args }) {
    const reward = rewardOf(args)!
    const most = repeatsOf(repeats)
    const compiled = parts.map(({ filter, quantity = 1 }) => ({ filter: compileFilter(filter), quantity }))
    const size = compiled.reduce((sum, { quantity }) => sum + quantity, 0)
    return {
      stage: 1,
      filters: parts.map(({ filter }, i) => ({ pointer: `/parts/${i}/filter`, filter })),
      propose(turn) {
        const { segments, minor } = formBundles(turn, compiled, { reward, pick, most })
        return { kind: 'discount', claims: claimTogether(turn.ledger, segments, minor, 'discount') }
      },
      need(turn, hasGiven) {
        const pool = poolOfParts(turn, compiled, pick)
        // After sets that save nothing another would neither.
        const formed = hasGiven ? takeBundles(turn, pool, { parts: compiled, most }) : 0
        const units = unitsOfOne(pool, compiled)
        const judgement = judgeRange(units, { least: size, most: Number.POSITIVE_INFINITY })
        const met = judgement.met || (formed > 0 && (units === 0 || formed === most))
        return { ...judgement, met, remedies: met ? [] : partsMissing(pool, compiled) }
      },
    }
  },
})

type CompiledPart = { filter: FilterNode; quantity: number }
type Entry = Pool[number] & { /** Bit p: it can be part p. */ mask: number; used: number }

/** For every set of parts (bits): how many units of a bundle can be only of them. */
function capacities(parts: readonly CompiledPart[]): number[] {
  const capacity: number[] = []
  for (let set = 0; set < 1 << parts.length; set++) {
    let sum = 0
    for (let p = 0; p < parts.length; p++) if (set & (1 << p)) sum += parts[p]!.quantity
    capacity.push(sum)
  }
  return capacity
}

/**
 * How many units of each entry the next bundle takes, in the order of the pool. A unit is taken when all taken so far
 * can still be given places: no set of parts may get more units that fit nothing else than it has places (Hall 1935).
 */
function nextBundle(pool: readonly Entry[], capacity: readonly number[]): number[] {
  const free = [...capacity]
  return pool.map(({ mask, count, used }) => {
    let taken = count - used
    for (let set = 0; set < free.length; set++) if ((mask & set) === mask) taken = Math.min(taken, free[set]!)
    if (taken > 0) for (let set = 0; set < free.length; set++) if ((mask & set) === mask) free[set]! -= taken
    return taken
  })
}

function poolOfParts({ order, ledger, targets }: Turn, parts: readonly CompiledPart[], pick: Pick): Entry[] {
  return poolOf(ledger, targets, pick).flatMap((entry) => {
    let mask = 0
    for (let p = 0; p < parts.length; p++) if (matchesFilter(parts[p]!.filter, order.lines[entry.line]!)) mask |= 1 << p
    return mask === 0 ? [] : [{ ...entry, mask, used: 0 }]
  })
}

/** Bundles one after another, each of the first goods that fit; one that would not become cheaper is left as it is. */
function formBundles(
  turn: Turn,
  parts: readonly CompiledPart[],
  { reward, pick, most }: { reward: Reward; pick: Pick; most: number },
) {
  const pool = poolOfParts(turn, parts, pick)
  const bundled: (Range & { line: number })[] = []
  let minor = 0
  takeBundles(turn, pool, { parts, most }, (taken, times) => {
    const value = taken.reduce((sum, units, i) => sum + units * pool[i]!.remaining, 0)
    const off = cut(value, reward)
    minor += times * off
    if (off <= 0) return
    for (const [i, units] of taken.entries()) {
      const { line, from, used } = pool[i]!
      if (units > 0) bundled.push({ line, from: from + used, count: units * times })
    }
  })
  return { segments: segmentsOf(bundled), minor }
}

/**
 * Takes units for as many sets as there can be, `take` those of so many that are alike before they are used. Answers how
 * many sets that were.
 */
function takeBundles(
  { ledger }: Turn,
  pool: readonly Entry[],
  { parts, most }: { parts: readonly CompiledPart[]; most: number },
  take?: (taken: readonly number[], times: number) => void,
): number {
  const capacity = capacities(parts)
  const size = capacity.at(-1)!
  let formed = 0
  while (formed < most && spend(ledger.work, pool.length)) {
    const taken = nextBundle(pool, capacity)
    if (taken.reduce((sum, units) => sum + units, 0) < size) break
    let times = most - formed
    for (const [i, units] of taken.entries()) {
      const { count, used } = pool[i]!
      if (units > 0) times = Math.min(times, Math.floor((count - used) / units))
    }
    take?.(taken, times)
    for (const [i, units] of taken.entries()) pool[i]!.used += units * times
    formed += times
  }
  return formed
}

const unitsOfOne = (pool: readonly Entry[], parts: readonly CompiledPart[]): number =>
  nextBundle(pool, capacities(parts)).reduce((sum, units) => sum + units, 0)

/** What a set lacks that has been begun: of parts that others' goods could be too, the first. */
function partsMissing(pool: readonly Entry[], parts: readonly CompiledPart[]): Remedy[] {
  const missing: Remedy[] = []
  const filled = [...pool]
  let there = unitsOfOne(pool, parts)
  if (there === 0) return []
  for (const [p, { filter, quantity }] of parts.entries()) {
    const more: Entry = { line: -1, from: 0, count: quantity, remaining: 0, mask: 1 << p, used: 0 }
    const units = unitsOfOne([...filled, more], parts) - there
    if (units <= 0) continue
    missing.push({ mend: { kind: 'units', goods: filter }, missing: units, of: 'targets' })
    filled.push({ ...more, count: units })
    there += units
  }
  return missing
}
