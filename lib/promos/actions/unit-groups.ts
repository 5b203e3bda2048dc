// Three for a hundred; every second pair at a third less: units in groups of n, each group with one reward.
import * as v from 'valibot'
import { defineAction, type Turn } from '../action.ts'
import { checkReward, maxMinor, pick, repeats, repeatsOf, rewardArgs, rewardOf, targets } from '../action-kinds.ts'
import { units } from '../args.ts'
import { claimTogether, cut, type Pick, poolOf, type Reward, type Segment, segmentsOf } from '../claims.ts'
import { nextMultiple, withUnits } from '../condition-kinds.ts'
import { lineOf, type Range, spend } from '../ledger.ts'

export const unitGroups = defineAction({
  code: 'unit_groups',
  description:
    'Every n units of the goods together: at a price, a percentage or a sum off. Units left over cost the same.',
  args: {
    units: v.pipe(units(), v.description('Units in a group')),
    ...rewardArgs(),
    pick: pick('dearest'),
    repeats: repeats(),
    targets: targets(),
    max_minor: maxMinor(),
  },
  check: (args) => checkReward(args, { needed: true }),
  make({ units, pick = 'dearest', repeats, ...args }) {
    const reward = rewardOf(args)!
    const most = repeatsOf(repeats)
    return {
      stage: 1,
      propose(turn) {
        const { segments, minor } = groupUnits(turn, { size: units, reward, pick, most })
        return { kind: 'discount', claims: claimTogether(turn.ledger, segments, minor, 'discount') }
      },
      need({ ledger, targets }) {
        let there = 0
        for (const line of targets) there += lineOf(ledger, line).quantity
        return withUnits(nextMultiple(there, units, most))
      },
    }
  },
})

type Groups = { size: number; reward: Reward; pick: Pick; most: number }

/** Groups are filled in the order of `pick`; one that would not become cheaper is left as it is. */
function groupUnits(
  { ledger, targets }: Turn,
  { size, reward, pick, most }: Groups,
): { segments: Segment[]; minor: number } {
  const pool = poolOf(ledger, targets, pick)
  const grouped: (Range & { line: number })[] = []
  let minor = 0
  let groups = 0
  let filling: (Range & { line: number })[] = []
  let filled = 0
  let value = 0
  for (const { line, from, count, remaining } of pool) {
    let used = 0
    while (used < count && groups < most && spend(ledger.work, 1)) {
      // Whole groups of equal units at once.
      const whole = filled === 0 ? Math.min(Math.floor((count - used) / size), most - groups) : 0
      const taken = whole > 0 ? whole * size : Math.min(count - used, size - filled)
      const segment = { line, from: from + used, count: taken }
      used += taken
      if (whole > 0) {
        const each = cut(remaining * size, reward)
        groups += whole
        minor += whole * each
        if (each > 0) grouped.push(segment)
        continue
      }
      filling.push(segment)
      filled += taken
      value += taken * remaining
      if (filled < size) continue
      const off = cut(value, reward)
      groups++
      minor += off
      if (off > 0) grouped.push(...filling)
      filling = []
      filled = 0
      value = 0
    }
  }
  return { segments: segmentsOf(grouped), minor }
}
