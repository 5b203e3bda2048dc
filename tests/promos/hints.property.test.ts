import fc from 'fast-check'
import { expect, test } from 'vitest'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Allocation, Hint } from '../../lib/promos/allocation.ts'
import { evaluate } from '../../lib/promos/evaluate.ts'
import type { HintStep } from '../../lib/promos/mending.ts'
import type { Order } from '../../lib/promos/order.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'
import { delivery } from '../support/arbitrary-orders.ts'
import { mendableEvaluation } from '../support/arbitrary-promos.ts'

const numRuns = Number(process.env.RUNS ?? 500)
const seed = Number(process.env.SEED ?? 20_220_824)
const settings = { timeZone: 'Europe/Kyiv' }

type Goods = Order['lines'][number]

/** The cheapest of the goods that a promo is about. */
function goodsOf(order: Order, brand: string | undefined): Goods {
  const goods = order.lines.filter(({ attributes }) => brand === undefined || attributes?.brand === brand)
  return goods.reduce((cheapest, line) => (line.price_minor < cheapest.price_minor ? line : cheapest))
}

/**
 * The order of a customer who does what the hint says and no more: units of goods that are in the cart already, then
 * goods for what the sum still lacks; `isAll`: for the whole sum, as if the units did not count for it.
 */
function followed(given: Order, hint: Hint, { brand, isAll }: { brand: string | undefined; isAll: boolean }): Order {
  const order: Order = structuredClone(given)
  const named = hint.missing.find((step) => step.kind === 'units' && step.line !== undefined)
  const goods = order.lines.find(({ id }) => named?.kind === 'units' && id === named.line) ?? goodsOf(order, brand)
  let added = 0
  const most = (amounts: number[]): number => Math.max(0, ...amounts)
  const isOther = (step: HintStep): boolean => step.kind === 'units' && step.goods !== brand
  const units = most(hint.missing.map((step) => (step.kind === 'units' && !isOther(step) ? step.missing : 0)))
  if (units > 0) {
    goods.quantity += units
    added = units * goods.price_minor
  }
  for (const step of hint.missing) if (step.kind === 'units' && isOther(step)) added += addOther(order, step)
  const sum = most(hint.missing.map((step) => (step.kind === 'sum' ? step.missing_minor : 0))) - (isAll ? 0 : added)
  // Which goods of its own, no hint can say: such as are there, from the first line on.
  const like = order.lines.find(({ attributes }) => brand === undefined || attributes?.brand === brand)
  if (sum > 0) order.lines.push({ ...(like ?? goods), id: 'more', price_minor: sum, quantity: 1, floor_minor: 0 })
  for (const step of hint.missing) {
    if (step.kind === 'delivery') order.delivery = { ...order.delivery, method: step.value }
    if (step.kind === 'payment') order.payment = { method: step.value }
    if (step.kind === 'channel') order.channel = step.value
    if (step.kind === 'code') order.codes = [...(order.codes ?? []), step.value]
    if (step.kind === 'card') order.customer = { ...order.customer, loyalty_card: step.value ?? true }
  }
  return order
}

/** Goods of another brand: more of the first that is there, else such as the cart knows no price of. */
function addOther(order: Order, { missing, goods }: HintStep & { kind: 'units' }): number {
  const there = order.lines.find(({ attributes }) => attributes?.brand === goods)
  if (there) {
    there.quantity += missing
    return missing * there.price_minor
  }
  const line = { id: `other-${order.lines.length}`, price_minor: 1_000, quantity: missing }
  order.lines.push({ ...line, attributes: { brand: goods ?? '' } })
  return missing * line.price_minor
}

const worth = ({ discount_minor, cashback_minor, bonus_minor, applied }: Allocation): number =>
  discount_minor + cashback_minor + bonus_minor + applied.reduce((sum, promo) => sum + promo.delivery_discount_minor, 0)

type Config = {
  id: string
  product_filters?: { brand: string }
  order_filters?: object[]
  actions: { type: string; targets?: unknown }[]
}

test('who does what a hint says gets the promo, and gains at least what it says', () => {
  const kinds = new Map<string, number>()
  fc.assert(
    fc.property(mendableEvaluation, delivery, (drawn, delivery) => {
      const input = { ...drawn, order: { ...drawn.order, delivery: drawn.order.delivery ?? delivery } }
      const before = evaluate(input, settings)
      const gains = before.hints.map(({ gain_minor }) => gain_minor)
      expect(gains).toEqual(gains.toSorted((a, b) => b - a))
      for (const hint of before.hints) {
        const config = (input.promos as Config[]).find(({ id }) => id === hint.promo)!
        // Which goods to add for an action with goods of its own is for the hint's text to say: see below.
        if (config.actions.some(({ targets, type }) => targets !== undefined || type === 'bundle')) continue
        for (const isAll of [false, true]) {
          const order = followed(input.order, hint, { brand: config.product_filters?.brand, isAll })
          const after = evaluate({ ...input, order }, settings)
          expect(after.applied.map(({ promo }) => promo)).toContain(hint.promo)
          expect(worth(after) - worth(before)).toBeGreaterThanOrEqual(hint.gain_minor)
        }
        for (const { kind } of hint.missing) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
      }
    }),
    { numRuns, seed },
  )
  for (const kind of ['sum', 'units', 'delivery', 'payment', 'channel', 'card', 'code']) {
    expect(kinds.get(kind) ?? 0, kind).toBeGreaterThan(numRuns / 100)
  }
})

/** Every choice that a customer can make, to be tried one by one: the obvious twin of hints. */
const choices: readonly ((order: Order) => Order)[] = [
  ...['novaposhta', 'courier'].map((method) => (order: Order) => ({
    ...order,
    delivery: { ...order.delivery, method },
  })),
  ...['card', 'cash'].map((method) => (order: Order) => ({ ...order, payment: { method } })),
  ...['app', 'web'].map((channel) => (order: Order) => ({ ...order, channel })),
  (order) => ({ ...order, customer: { ...order.customer, loyalty_card: 'gold' } }),
]

// Of alternatives a hint names one, so that others may lead further.
const hasAlternatives = ({ order_filters = [] }: Config): boolean =>
  order_filters.some((one) => Object.hasOwn(one, 'any'))

const gainOf = ({ applied }: Allocation, id: string): number => {
  const own = applied.find(({ promo }) => promo === id)
  return own ? own.budget_minor : 0
}

test('what one choice leads to has a hint', () => {
  let found = 0
  fc.assert(
    fc.property(mendableEvaluation, delivery, (drawn, delivery) => {
      const input = { ...drawn, order: { ...drawn.order, delivery: drawn.order.delivery ?? delivery } }
      const set = compilePromos(input.promos, { settings })
      const asked = (order: Order) => allocate(order, set, Date.parse(input.now), input.usage)
      const before = asked(input.order)
      const hinted = new Set(before.hints.map(({ promo }) => promo))
      for (const { promo, reason } of before.refused) {
        if (reason !== 'conditions' || hinted.has(promo)) continue
        const config = (input.promos as Config[]).find(({ id }) => id === promo)!
        if (hasAlternatives(config)) continue
        for (const step of choices) {
          const order = step(input.order)
          const after = asked(order)
          if (gainOf(after, promo) > 0 && worth(after) > worth(before)) {
            expect.fail(`${promo} has no hint, but ${JSON.stringify(order)}`)
          }
        }
      }
      found += before.hints.length
    }),
    { numRuns: numRuns / 2, seed },
  )
  expect(found).toBeGreaterThan(numRuns / 8)
})
