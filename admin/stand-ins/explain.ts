// Stands in the page for lib/promos/explain.ts: what each promotion took off each line, the page shows line by line.

import { amountsOf } from '../../lib/promos/amounts.ts'
import { decide, type Request, usageIn } from '../../lib/promos/decide.ts'
import type { ExplainedPromo } from '../../lib/promos/explain.ts'
import { goodsOf, judgePromo, listFacts } from '../../lib/promos/judging.ts'
import type { Order } from '../../lib/promos/order.ts'
import { refusalsOf } from '../../lib/promos/refusals.ts'

export function explain(order: Order, request: Request): ExplainedPromo[] | undefined {
  const decision = decide(order, request)
  if (!decision) return undefined
  const applied = amountsOf(decision).applied.map((entry): ExplainedPromo => {
    const promo = decision.stack.stay.find(({ id }) => id === entry.promo)!
    const facts = listFacts(decision.situation, goodsOf(promo, decision.situation))
    return {
      ...entry,
      verdict: 'applied',
      conditions: judgePromo(promo, facts, usageIn(request.usage, promo)),
      lines: [],
    }
  })
  return [...applied, ...refusalsOf(decision).map((entry): ExplainedPromo => ({ ...entry, verdict: 'refused' }))]
}
