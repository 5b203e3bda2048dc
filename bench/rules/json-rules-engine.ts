// json-rules-engine: a rule for each promotion; window and order conditions on facts of the order, by priority before the
// goods, which are a fact with parameters (their sum is worked out for each promotion, and cached for equal filters).
import type { Engine } from './engine.ts'
import type { Cart, Promo } from './generate.ts'
import { opponent } from './opponents.ts'

type Almanac = { factValue(name: string): Promise<unknown> }
type Rules = {
  addFact(
    name: string,
    value: (params: { filters: [string, string][] }, almanac: Almanac) => unknown,
    options: object,
  ): void
  addRule(rule: object): void
  run(facts: object): Promise<{ events: { params: { promo: number } }[] }>
}
type Library = { Engine: new (rules: object[], options: object) => Rules }
type Line = { attributes: Record<string, string>; value: number }
type Input = { now: number; delivery: string; payment: string; channel: string; loyalty: boolean; lines: Line[] }

const orderFacts = ['delivery', 'payment', 'channel', 'loyalty'] as const

export function jsonRulesEngine(promos: readonly Promo[]): Engine<Input> | undefined {
  const found = opponent<Library>('json-rules-engine')
  if (found === undefined) return undefined
  const { Engine: RulesEngine } = found.library
  const engine = new RulesEngine([], { allowUndefinedFacts: true })
  for (const name of ['now', ...orderFacts]) engine.addFact(name, () => undefined, { priority: 10 })
  engine.addFact(
    'total',
    async ({ filters }, almanac) => {
      const lines = (await almanac.factValue('lines')) as Line[]
      let total = 0
      for (const { attributes, value } of lines) {
        if (filters.every(([name, wanted]) => attributes[name] === wanted)) total += value
      }
      return total
    },
    { priority: 1 },
  )
  for (const [promo, each] of promos.entries()) {
    engine.addRule({ conditions: { all: conditionsOf(each) }, event: { type: 'promo', params: { promo } } })
  }
  return {
    name: `json-rules-engine ${found.version}`,
    prepare: (cart: Cart, now: number) => ({
      now,
      delivery: cart.delivery,
      payment: cart.payment,
      channel: cart.channel,
      loyalty: cart.loyalty,
      lines: cart.lines.map(({ product, quantity }) => ({
        attributes: product.attributes,
        value: product.priceMinor * quantity,
      })),
    }),
    evaluate: async (input) => {
      const { events } = await engine.run(input)
      return events.map(({ params }) => params.promo)
    },
  }
}

function conditionsOf(promo: Promo): object[] {
  const conditions: object[] = [
    { fact: 'now', operator: 'greaterThanInclusive', value: promo.from, priority: 10 },
    { fact: 'now', operator: 'lessThan', value: promo.until, priority: 10 },
  ]
  for (const fact of orderFacts) {
    if (promo[fact] !== undefined) conditions.push({ fact, operator: 'equal', value: promo[fact], priority: 5 })
  }
  // Prices are above zero, so a total says whether there are such goods at all.
  const params = { filters: Object.entries(promo.filters) }
  conditions.push({
    fact: 'total',
    params,
    operator: 'greaterThanInclusive',
    value: promo.totalMinor ?? 1,
    priority: 1,
  })
  return conditions
}
