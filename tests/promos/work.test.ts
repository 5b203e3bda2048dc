// Configs that try to hold the checkout: each may be saved, and together they ask for more than anyone would wait for.
// However much there is to do, it is bounded, and who asks gets list prices at worst. Work is counted as what is read of
// the order, not timed.
import { describe, expect, test } from 'vitest'
import { limits } from '../../lib/base/limits.ts'
import { allocate } from '../../lib/promos/allocate.ts'
import type { Order } from '../../lib/promos/order.ts'
import { compilePromos } from '../../lib/promos/promo-set.ts'

type Config = Record<string, unknown>

const many = (count: number, config: (i: number) => Config): Config[] =>
  Array.from({ length: count }, (_, i) => ({ id: `p${i}`, ...config(i) }))
const upTo = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

const off = [{ type: 'percent_off', value: 1 }]
const gift = [{ type: 'gift', value: 'g' }]
const twenty = (action: (k: number) => Config) => upTo(limits.promoActions, action)
const ifPaidByCard = { order_filters: [{ type: 'selected_payment', value: 'card' }] }

const attacks: [string, Config[]][] = [
  ['all apply to all lines', many(1_000, () => ({ actions: off }))],
  ['each is tried for its group', many(1_000, () => ({ group: 'g', actions: off }))],
  ['groups of two', many(1_000, (i) => ({ group: `g${i >> 1}`, actions: [{ ...off[0], on: 'delivery' }] }))],
  [
    'long lists of values',
    many(60, (i) => ({ product_filters: { not: { sku: upTo(1_000, (k) => `${i} ${k}`) } }, actions: gift })),
  ],
  [
    'filters of a hundred tests',
    many(200, (i) => ({
      product_filters: { all: upTo(99, (k) => ({ price: { gte: k + 1_000 * i } })) },
      actions: off,
    })),
  ],
  [
    'bundles of six parts',
    many(20, () => ({
      actions: twenty((k) => ({
        type: 'bundle',
        percent: 1,
        parts: upTo(6, (p) => ({ filter: { price: { gte: p + k } }, quantity: p + 1 })),
      })),
    })),
  ],
  [
    'groups of odd sizes',
    many(50, () => ({ actions: twenty((k) => ({ type: 'unit_groups', percent: 1, units: 7 + k })) })),
  ],
  [
    'units in ever more pieces',
    many(1_000, (i) => ({ actions: [{ type: 'fixed_off', value: 1 + i, max_units: { per_line: 1 + 7 * i } }] })),
  ],
  [
    'hours that recur, and fifty conditions',
    many(300, () => ({
      recurrence: { from: '10:00', to: '20:00' },
      order_filters: upTo(50, (k) => ({ type: 'total_value', value: k })),
      actions: gift,
    })),
  ],
  [
    'rules too large for the evaluator',
    many(100, () => ({
      product_filters: { any: upTo(90, (k) => ({ size: { gte: k } })) },
      order_filters: upTo(50, (k) => ({ type: 'total_value', value: k })),
      actions: gift,
    })),
  ],
  [
    'conditions of what remains',
    many(1_000, () => ({
      order_filters: upTo(20, () => ({ type: 'order_total', value: 1, of: 'remaining' })),
      actions: off,
    })),
  ],
  [
    'exclusive ones that do not come to it',
    many(1_000, () => ({
      exclusive: true,
      order_filters: [{ type: 'order_total', value: { lt: 1 }, of: 'remaining' }],
      actions: off,
    })),
  ],
  ['hints for each', many(1_000, () => ({ ...ifPaidByCard, actions: off }))],
  [
    'hints whose promos are much work',
    many(100, () => ({
      ...ifPaidByCard,
      actions: twenty((k) => ({ type: 'bundle', percent: 1, parts: [{ filter: { price: { gte: k } }, quantity: 3 }] })),
    })),
  ],
  [
    'hints that lead nowhere',
    many(3_000, () => ({ order_filters: [{ type: 'customer_group', value: 'nobody' }], actions: off })),
  ],
]

let reads = 0
const counted = <T extends object>(target: T): T =>
  new Proxy(target, {
    get(object, name, receiver) {
      reads++
      return Reflect.get(object, name, receiver)
    },
  })

const cart: Order = {
  currency: 'UAH',
  lines: upTo(limits.cartLines, (i) =>
    counted({
      id: `l${i}`,
      sku: `s${i}`,
      price_minor: 1_000 + 7 * i,
      quantity: limits.quantity,
      attributes: counted({ brand: `b${i % 7}`, size: 100 + i }),
    }),
  ),
  delivery: { method: 'courier', price_minor: 5_000 },
}
const listed = 10_000 * (200 * 1_000 + 7 * ((199 * 200) / 2)) + 5_000

const readsOf = <T>(act: () => T): { result: T; reads: number } => {
  reads = 0
  const result = act()
  return { result, reads }
}

/** Of a step of the evaluator one thing is read, of a step of applying some. */
const most = limits.ruleSteps + 20 * limits.promoSteps

describe('work is bounded', () => {
  test.each(attacks)('%s', (_, configs) => {
    const set = compilePromos(configs, { settings: { timeZone: 'Europe/Kyiv' } })
    expect(set.leftOut).toEqual([])
    const options = { audience: 'customer' } as const
    const asked = readsOf(() => allocate(cart, set, Date.parse('2022-08-24T10:00:00Z'), {}, options))
    expect(asked.reads).toBeLessThan(most)
    const { promos_failed: failed, total_minor } = asked.result
    if (failed) expect({ failed: failed.code, total_minor }).toEqual({ failed: 'budget_exceeded', total_minor: listed })
    else expect(total_minor).toBeLessThanOrEqual(listed)
    expect(readsOf(() => asked.result.hints).reads).toBeLessThan(most)
    expect(readsOf(() => asked.result.refused).reads).toBeLessThan(most)
  })

  test('some attacks are more work than is done', () => {
    const failures = attacks.filter(([, configs]) => {
      const set = compilePromos(configs, { settings: { timeZone: 'Europe/Kyiv' } })
      return allocate(cart, set, Date.parse('2022-08-24T10:00:00Z')).promos_failed
    })
    expect(failures.length).toBeGreaterThan(5)
  })
})
