// Explains an allocation promo by promo: what each gave and to which lines, or what stood in its way; every condition.

import { answer } from './allocate.ts'
import type { Allocation, AppliedPromo, LineCredit, LineDiscount, RefusedPromo } from './allocation.ts'
import { decide, type Request, usageIn } from './decide.ts'
import { goodsOf, judgePromo, listFacts } from './judging.ts'
import type { Order } from './order.ts'
import type { ConditionReport } from './promo.ts'

export type ExplainedPromo =
  | (AppliedPromo & {
      verdict: 'applied'
      /** As judged on list prices. */
      conditions: ConditionReport[]
      /** What it took off each line, or credited for it. */
      lines: { line: string; entries: (LineDiscount | LineCredit)[] }[]
    })
  | (RefusedPromo & { verdict: 'refused' })

/** Every promo that whoever asks may know of, by rank; undefined: it took too many steps. */
export function explain(order: Order, request: Request): ExplainedPromo[] | undefined {
  const decision = decide(order, request)
  if (!decision) return undefined
  const allocation = answer(decision, 'en', 'staff')
  const applied = allocation.applied.map((entry): ExplainedPromo => {
    const promo = decision.stack.stay.find(({ id }) => id === entry.promo)!
    const facts = listFacts(decision.situation, goodsOf(promo, decision.situation))
    const conditions = judgePromo(promo, facts, usageIn(request.usage, promo))
    return { ...entry, verdict: 'applied', conditions, lines: linesOf(allocation, entry.promo) }
  })
  const refused = allocation.refused.map((entry): ExplainedPromo => ({ ...entry, verdict: 'refused' }))
  const ranks = new Map(request.set.identities.map(({ id, rank }) => [id, rank]))
  return [...applied, ...refused].sort((a, b) => ranks.get(a.promo)! - ranks.get(b.promo)!)
}

const linesOf = ({ lines }: Allocation, promo: string) =>
  lines.flatMap(({ id, discounts, credits }) => {
    const entries = [...discounts, ...credits].filter((entry) => entry.promo === promo)
    return entries.length === 0 ? [] : [{ line: id, entries }]
  })
