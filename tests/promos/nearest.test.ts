// What customers are told of promos that did not apply: the nearest few, and always why an entered code gave nothing.
import { expect, test } from 'vitest'
import type { JsonObject } from '../../lib/base/json.ts'
import { limits } from '../../lib/base/limits.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Order, Usage } from '../../lib/promos/order.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'

const settings = { timeZone: 'Europe/Kyiv' }
const asks = {
  delivery: { type: 'selected_delivery', value: 'novaposhta' },
  payment: { type: 'selected_payment', value: 'card' },
  total: { type: 'total_value', value: 500 },
}

const promo = (id: string, more: JsonObject): JsonObject => ({
  id,
  product_filters: { brand: 'Puma' },
  actions: [{ type: 'percent_off', value: 10 }],
  ...more,
})

const many = (count: number, name: string, filters: JsonObject[]) =>
  Array.from({ length: count }, (_, i) => promo(`${name}-${i + 10}`, { order_filters: filters }))

const cart: Order = {
  currency: 'UAH',
  lines: [{ id: 'l1', price_minor: 10_000, quantity: 1, attributes: { brand: 'Puma' } }],
}

const refused = (promos: JsonObject[], order: Order, audience: 'staff' | 'customer'): string[] =>
  allocate(order, compilePromos(promos, { settings }), 0, {}, { audience }).refused.map(({ promo }) => promo)

// Few promos are looked at one by one, many by the index: both sides of that.
test.each([4, 30])('the nearest are those that lack least, at most ten; staff sees all (%i of each kind)', (count) => {
  const promos = [
    ...many(count, 'three', [asks.delivery, asks.payment, asks.total]),
    ...many(count, 'one', [asks.total]),
    ...many(count, 'two', [asks.payment, asks.total]),
  ]
  const own = refused(promos, cart, 'customer')
  expect(own).toHaveLength(limits.refusedShown)
  const kinds = own.map((id) => id.split('-')[0])
  const ones = Math.min(count, 10)
  expect(kinds.filter((kind) => kind === 'one')).toHaveLength(ones)
  expect(kinds.filter((kind) => kind === 'two')).toHaveLength(Math.min(count, 10 - ones))
  expect(refused(promos, cart, 'staff')).toHaveLength(3 * count)
})

test.each([0, 60])(
  'of an entered code it is said why it gives nothing, whatever else is nearer (%i others)',
  (count) => {
    const coded = promo('coded', {
      product_filters: { brand: 'Nike' },
      codes: ['SPRING'],
      order_filters: [asks.total, asks.payment],
    })
    const promos = [...many(count, 'one', [asks.total]), coded]
    expect(refused(promos, { ...cart, codes: [' spring '] }, 'customer')).toContain('coded')
    expect(refused(promos, cart, 'customer')).not.toContain('coded')
  },
)

test('customers read which of their codes a promo is about, in whatever case, and of no other code', () => {
  const filters = [{ any: [{ type: 'promo_code', value: ['LATE', 'SECRET'] }, asks.payment] }, asks.total]
  const promos = [promo('own', { codes: ['Spring', 'Secret'], order_filters: filters })]
  const set = compilePromos(promos, { settings })
  const order = { ...cart, codes: ['sPRING', 'wrong', ' late'] }
  const answer = allocate(order, set, 0, {}, { audience: 'customer' })
  const entered = ['SPRING', 'WRONG', 'LATE']
  expect(answer.refused[0]?.conditions).toMatchObject([
    { type: 'product_filters' },
    { type: 'codes', met: true, wanted: ['Spring'], actual: entered, missing: null },
    { type: 'any', parts: [{ type: 'promo_code', wanted: ['LATE'], actual: entered, missing: null }, {}] },
    { type: 'total_value', met: false },
  ])
  expect(JSON.stringify(answer.refused)).not.toMatch(/secret/i)
})

test('customers read of limits only what was looked up', () => {
  const promos = [promo('limited', { limits: { uses: 5 }, order_filters: [asks.total] })]
  const set = compilePromos(promos, { settings })
  const typesUnder = (usage: Usage, audience: 'staff' | 'customer') =>
    allocate(cart, set, 0, usage, { audience }).refused[0]?.conditions.map(({ type }) => type)
  expect(typesUnder({}, 'customer')).toEqual(['product_filters', 'total_value'])
  expect(typesUnder({ limited: { uses: 1 } }, 'customer')).toEqual(['product_filters', 'total_value', 'limit_uses'])
  expect(typesUnder({}, 'staff')).toEqual(['product_filters', 'total_value', 'limit_uses'])
})
