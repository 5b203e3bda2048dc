// The second at half price: the first units at one reward (or none), each further one at another.

import * as v from 'valibot'
import { defineAction } from '../action.ts'
import { checkReward, maxMinor, pick, rewardArgs, rewardOf, targets } from '../action-kinds.ts'
import { units } from '../args.ts'
import { claimUnits, mergeClaims, poolOf, segmentsOf } from '../claims.ts'
import { judgeRange, withUnits } from '../condition-kinds.ts'
import { lineOf, type Range } from '../ledger.ts'

const reward = (needed: boolean) =>
  v.pipe(
    v.strictObject(rewardArgs(), 'must be an object such as {"percent": 50}'),
    v.rawCheck(({ dataset, addIssue }) => {
      const fault = dataset.typed ? checkReward(dataset.value, { needed }) : undefined
      if (fault) addIssue({ message: `${fault.argument} ${fault.message}` })
    }),
  )

export const firstThenEachFurther = defineAction({
  code: 'first_then_each_further',
  description: 'The first units at one reward or none, each further unit at another: the second at half price.',
  args: {
    first_units: v.exactOptional(v.pipe(units(), v.description('How many units are the first; 1 when left out'))),
    first: v.exactOptional(v.pipe(reward(true), v.description('Reward of the first units; none when left out'))),
    further: v.pipe(reward(true), v.description('Reward of each further unit')),
    pick: pick('dearest'),
    targets: targets(),
    max_minor: maxMinor(),
  },
  make({ first_units = 1, first, further, pick = 'dearest' }) {
    const firstReward = first === undefined ? undefined : rewardOf(first)
    const furtherReward = rewardOf(further)!
    return {
      stage: 1,
      propose({ ledger, targets }) {
        const firsts: (Range & { line: number })[] = []
        const others: (Range & { line: number })[] = []
        let left = first_units
        for (const { line, from, count } of poolOf(ledger, targets, pick)) {
          const taken = Math.min(left, count)
          if (taken > 0) firsts.push({ line, from, count: taken })
          if (taken < count) others.push({ line, from: from + taken, count: count - taken })
          left -= taken
        }
        const first = firstReward ? claimUnits(ledger, segmentsOf(firsts), firstReward, 'discount') : []
        const further = claimUnits(ledger, segmentsOf(others), furtherReward, 'discount')
        return { kind: 'discount', claims: mergeClaims(ledger, [...first, ...further]) }
      },
      need({ ledger, targets }) {
        let there = 0
        for (const line of targets) there += lineOf(ledger, line).quantity
        const least = firstReward ? 1 : first_units + 1
        return withUnits(judgeRange(there, { least, most: Number.POSITIVE_INFINITY }))
      },
    }
  },
})
