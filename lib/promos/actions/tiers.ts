// The more of the matching goods, the better: by what they cost together, or by how many there are.

import * as v from 'valibot'
import { defineAction, type Turn } from '../action.ts'
import { checkReward, maxMinor, maxOf, rewardArgs, rewardOf, targets, unitArgs } from '../action-kinds.ts'
import { threshold } from '../args.ts'
import { claimLines, claimTogether, claimUnits, pickUnits } from '../claims.ts'
import { judgeRange, of } from '../condition-kinds.ts'
import { lineOf } from '../ledger.ts'
import { minorOf } from '../written.ts'

const tier = v.pipe(
  v.strictObject(
    {
      from: v.pipe(
        threshold(),
        v.description('Whole currency units, or units of goods, from which on this tier is reached'),
      ),
      ...rewardArgs(),
    },
    'must be an object such as {"from": 1000, "percent": 5}',
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? checkReward(dataset.value, { needed: true }) : undefined
    if (fault) addIssue({ message: `${fault.argument} ${fault.message}` })
  }),
)

export const tiers = defineAction({
  code: 'tiers',
  description: 'The highest tier that the matching goods reach: percent off each line, a sum off all, a price a unit.',
  args: {
    by: v.exactOptional(
      v.pipe(
        v.picklist(['total', 'quantity'], 'must be total or quantity'),
        v.description('What is counted: what the goods cost together, or units; total when left out'),
      ),
    ),
    of: of(),
    tiers: v.pipe(
      v.array(tier, 'must be a list of tiers'),
      v.minLength(1, 'must hold a tier'),
      v.maxLength(50, 'must hold at most 50 tiers'),
      v.description('Each with `from` and one of `percent`, `sum`, `price`'),
    ),
    targets: targets(),
    ...unitArgs(),
    max_minor: maxMinor(),
  },
  check({ by = 'total', tiers }) {
    const fractional = by === 'quantity' && tiers.some(({ from }) => !Number.isInteger(from))
    if (fractional) return { argument: 'tiers', message: 'count units, so each `from` must be a whole number' }
    const same = new Set(tiers.map(({ from }) => from)).size < tiers.length
    return same ? { argument: 'tiers', message: 'must each begin at another `from`' } : undefined
  },
  make({ by = 'total', of = 'list', tiers, pick = 'cheapest', max_units }) {
    const steps = tiers
      .map((tier) => ({ from: by === 'total' ? minorOf(tier.from) : tier.from, reward: rewardOf(tier)! }))
      .sort((a, b) => b.from - a.from)
    const max = maxOf(max_units)
    const reached = (turn: Turn): number => measure(turn, by, of)
    return {
      stage: 1,
      propose(turn) {
        const count = reached(turn)
        const reward = steps.find(({ from }) => count >= from)?.reward
        if (!reward) return { kind: 'discount', claims: [] }
        const segments = pickUnits(turn.ledger, turn.targets, max, pick)
        const mode = 'discount'
        if (reward.kind === 'percent') return { kind: mode, claims: claimLines(turn.ledger, segments, reward, mode) }
        if (reward.kind === 'price') return { kind: mode, claims: claimUnits(turn.ledger, segments, reward, mode) }
        return { kind: mode, claims: claimTogether(turn.ledger, segments, reward.minor, mode) }
      },
      need(turn) {
        const count = reached(turn)
        const next = steps.findLast(({ from }) => from > count) ?? steps[0]!
        const missing = next.from - count
        const remedies =
          missing > 0 ? [{ mend: by === 'total' ? sumMend : unitsMend, missing, of: 'goods' as const }] : []
        return { ...judgeRange(count, { least: next.from, most: Number.POSITIVE_INFINITY }), remedies }
      },
    }
  },
})

const sumMend = { kind: 'sum' as const, goods: 'own' as const }
const unitsMend = { kind: 'units' as const, goods: 'own' as const }

function measure({ order, ledger, goods }: Turn, by: 'total' | 'quantity', of: 'list' | 'remaining'): number {
  let count = 0
  for (const line of goods) {
    const { price_minor, quantity } = order.lines[line]!
    if (by === 'quantity') count += quantity
    else count += of === 'list' ? price_minor * quantity : lineOf(ledger, line).remaining
  }
  return count
}
