// What a hint says is missing is missing exactly: with one unit less, or a minor unit less, the promotion does not come.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Allocation } from '../../lib/promos/allocation.ts'
import { evaluate } from '../../lib/promos/evaluate.ts'
import type { Order } from '../../lib/promos/order.ts'
import { mendableEvaluation } from '../support/arbitrary-promos.ts'

const numRuns = Number(process.env.RUNS ?? 500)
const seed = Number(process.env.SEED ?? 20_220_824)
const settings = { timeZone: 'Europe/Kyiv' }

const ids = ({ applied }: Allocation): string[] => applied.map(({ promo }) => promo)

type Line = Order['lines'][number]

test('less than a hint says is not enough', () => {
  let tried = 0
  fc.assert(
    fc.property(mendableEvaluation, (input) => {
      const before = evaluate(input, settings)
      for (const { promo: id, missing } of before.hints) {
        const config = input.promos.find((promo) => promo.id === id)
        // Of alternatives that cannot be compared another one may come first, such as a sum before a count; so may an action.
        const hasChoice = JSON.stringify(config?.order_filters ?? []).includes('"any"') || config?.actions.length !== 1
        if (hasChoice || ids(before).includes(id)) continue
        const [step] = missing
        if (missing.length !== 1 || (step?.kind !== 'sum' && step?.kind !== 'units')) continue
        const less = (step.kind === 'sum' ? step.missing_minor : step.missing) - 1
        if (less === 0) continue
        for (const [i, line] of input.order.lines.entries()) {
          const lines: Line[] = structuredClone(input.order.lines)
          if (step.kind === 'units') lines[i] = { ...line, quantity: line.quantity + less }
          else lines.push({ ...line, id: 'less', price_minor: less, quantity: 1, floor_minor: 0 })
          const after = evaluate({ ...input, order: { ...input.order, lines } }, settings)
          expect(ids(after)).not.toContain(id)
          tried++
        }
      }
    }),
    { numRuns, seed },
  )
  expect(tried).toBeGreaterThan(numRuns / 50)
})
