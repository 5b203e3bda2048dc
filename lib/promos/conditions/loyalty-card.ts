// The customer has a loyalty card, or one of a kind: gold, silver.
import * as v from 'valibot'
import { type Names, names, yes } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { pickSchema } from '../filter-schema.ts'
import { cardOf, type Order } from '../order.ts'
import { listOf } from '../written.ts'

const value = pickSchema<boolean | Names>((input) => {
  if (input === undefined) return v.union([yes(), names()])
  return typeof input === 'boolean' ? yes() : names()
})

export const loyaltyCard = defineCondition({
  code: 'loyalty_card',
  description: 'The customer has a loyalty card, or one of these kinds; false: has none.',
  args: { value: v.exactOptional(v.pipe(value, v.description('true (also when left out), false, or kinds of card'))) },
  make({ value: wanted = true }) {
    const kinds = typeof wanted === 'boolean' ? undefined : listOf(wanted)
    const accepts = (card: ReturnType<typeof cardOf>): boolean => {
      if (kinds === undefined) return (card !== null) === wanted
      return typeof card === 'string' && kinds.includes(card)
    }
    const asked = kinds?.length === 1 ? kinds[0]! : (kinds ?? wanted)
    return {
      ...(wanted === false ? {} : { mend: { kind: 'card' as const } }),
      ...(kinds && { oneOf: kinds }),
      judge({ order }: { order: Order }) {
        const actual = cardOf(order)
        const met = accepts(actual)
        return { met, wanted: asked, actual, missing: met ? null : asked }
      },
      rule() {
        if (kinds) return [{ fact: 'loyalty_card', where: [{ path: 'value', in: kinds }] }]
        return [wanted ? { exists: { fact: 'loyalty_card' } } : { not: { fact: 'loyalty_card' } }]
      },
    }
  },
})
