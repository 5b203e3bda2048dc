// Free delivery is hinted at before a delivery is chosen, with a price that stands in for its own. The evaluator must be told
// the same as without it: hints go on from what it said (decideOnSameFacts).
import { expect, test } from 'vitest'
import { changedSituation, listFacts, situationOf } from '../../lib/promos/judging.ts'
import type { Order } from '../../lib/promos/order.ts'
import { factsOf } from '../../lib/promos/rule-facts.ts'

const nowMs = Date.UTC(2022, 7, 24, 12)
const lines = [{ id: 'a', sku: 'shorts', price_minor: 50_000, quantity: 2, attributes: { brand: 'Puma' } }]

const orders: Record<string, Order> = {
  'nothing is chosen': { currency: 'UAH', lines },
  'a delivery is chosen without a price': { currency: 'UAH', lines, delivery: { method: 'novaposhta', city: 'Lviv' } },
  'all else is chosen': {
    currency: 'UAH',
    lines,
    payment: { method: 'card' },
    codes: ['SALE'],
    channel: 'app',
    customer: { id: 'c', groups: ['vip'], city: 'Kyiv', loyalty_card: 'gold', orders_placed: 2 },
  },
}

test.each(Object.entries(orders))('a price that stands in changes no fact: %s', (_, order) => {
  const before = situationOf(order, nowMs, true)
  const priced = { ...order, delivery: { ...order.delivery, price_minor: 1 } }
  const after = changedSituation({ ...before, standInMinor: 1 }, priced)
  expect(factsOf(after)).toEqual(factsOf(before))
  expect(listFacts(after, [0]).deliveryMinor).toBe(listFacts(before, [0]).deliveryMinor)
  // It is a price of its own elsewhere.
  expect(factsOf(changedSituation(before, priced))).not.toEqual(factsOf(before))
})
