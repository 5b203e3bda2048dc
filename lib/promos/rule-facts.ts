// The facts of a request as lib/rules sees them: what the conditions' rules are about.
import type { Fact } from '../rules/types.ts'
import type { Situation } from './judging.ts'
import { cardOf, daysSinceLastOrder, type Order, type OrderLine, placeOf } from './order.ts'

/** Lines whose `key` is equal are the same goods; what differs from cart to cart is left out of that. */
export const factMemo = { product: { key: 'key', except: ['price_minor', 'quantity', 'value_minor'] } }

/**
 * One fact for each thing that is known; what is not known has none, and a guest is a customer of whom nothing is known.
 * Lines come first, so that the place of their fact is theirs. `before`: facts of another order at the same moment; those
 * of lines and of the customer that both have are taken over.
 */
export function factsOf(
  { order, nowMs, tester, codes, standInMinor }: Situation,
  before?: { order: Order; facts: readonly Fact[] },
): Fact[] {
  let items = 0
  const facts: Fact[] = []
  for (let i = 0; i < order.lines.length; i++) {
    const line = order.lines[i]!
    items += line.price_minor * line.quantity
    facts.push(before && before.order.lines[i] === line ? before.facts[i]! : productFact(line))
  }
  facts.push({ type: 'now', at: nowMs })
  const delivery = (order.delivery?.price_minor ?? 0) - standInMinor
  facts.push({ type: 'order', currency: order.currency, items_minor: items, with_delivery_minor: items + delivery })
  const say = (type: string, value: unknown): void => {
    if (value !== undefined && value !== null) facts.push({ type, value })
  }
  say('selected_delivery', order.delivery?.method)
  say('selected_payment', order.payment?.method)
  say('channel', order.channel)
  say('city', placeOf(order, 'city'))
  say('country', placeOf(order, 'country'))
  for (const code of codes) say('code', code)
  for (const group of order.customer?.groups ?? []) say('customer_group', group)
  say('loyalty_card', cardOf(order))
  const isSameCustomer = before !== undefined && before.order.customer === order.customer
  const known = isSameCustomer ? before.facts.findLast(({ type }) => type === customer) : undefined
  facts.push(known ?? customerFact(order, nowMs))
  if (tester) facts.push({ type: 'tester' })
  return facts
}

const productFact = ({ sku, price_minor, quantity, attributes, product_key }: OrderLine): Fact => ({
  type: 'product',
  sku,
  key: product_key,
  price_minor,
  quantity,
  value_minor: price_minor * quantity,
  attributes,
})

const customer = 'customer'

function customerFact(order: Order, nowMs: number): Fact {
  const placed = order.customer?.orders_placed
  return {
    type: customer,
    nth_order: placed === undefined ? undefined : placed + 1,
    days_since_last_order: daysSinceLastOrder(order, nowMs),
    attributes: knownOf(order.customer),
  }
}

// null is not known either.
function knownOf(customer: Order['customer']): Order['customer'] {
  if (!customer || !Object.values(customer).includes(null)) return customer
  return Object.fromEntries(Object.entries(customer).filter(([, value]) => value !== null))
}
