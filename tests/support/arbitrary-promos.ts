// Random promos, and evaluations of them on the orders of arbitrary-orders.ts, for properties.
import fc from 'fast-check'
import { checkPromo } from '../../lib/promos/check.ts'
import { brand, dense, filter, optional, order, rarely, sometimes, units } from './arbitrary-orders.ts'

const money = fc
  .oneof(fc.integer({ min: 1, max: 800 }), fc.integer({ min: 1, max: 30_000 }))
  .map((cents) => cents / 100)
const least = <T>(bound: fc.Arbitrary<T>) => fc.oneof(bound, fc.record({ gte: bound }), fc.record({ lt: bound }))
const few = fc.integer({ min: 1, max: 8 })
const of = optional(fc.constantFrom('list', 'remaining'))
const names = (...all: string[]) => fc.oneof(fc.constantFrom(...all), fc.subarray(all, { minLength: 1 }))

const leaf = fc
  .oneof(
    fc.record({ type: fc.constant('selected_delivery'), value: names('novaposhta', 'courier') }),
    fc.record({ type: fc.constant('selected_payment'), value: names('card', 'cash') }),
    fc.record({ type: fc.constant('total_value'), value: least(money), of }),
    fc.record({ type: fc.constant('total_quantity'), value: least(few) }),
    fc.record({ type: fc.constant('order_total'), value: least(money), of }),
    fc.record({ type: fc.constant('total_with_delivery'), value: least(money), of }),
    fc.record({ type: fc.constant('contains'), filter, quantity: optional(few) }),
    fc.record({ type: fc.constant('any_line_quantity'), value: least(few) }),
    fc.record({ type: fc.constant('promo_code'), value: names('sale', 'Vip') }),
    fc.record({ type: fc.constant('loyalty_card'), value: optional(fc.oneof(fc.boolean(), names('gold', 'silver'))) }),
    fc.record({ type: fc.constant('customer_group'), value: names('staff', 'b2b') }),
    fc.record({
      type: fc.constant('customer_attribute'),
      attribute: fc.constantFrom('age', 'tags'),
      value: fc.oneof(
        fc.record({ gte: fc.integer({ min: 10, max: 40 }) }),
        fc.record({ exists: fc.boolean() }),
        fc.constantFrom({ ne: 18 }, { not_in: ['summer'] }),
      ),
    }),
    fc.record({ type: fc.constant('first_order') }),
    fc.record({ type: fc.constant('nth_order'), value: fc.integer({ min: 1, max: 4 }), every: optional(fc.boolean()) }),
    fc.record({ type: fc.constant('days_since_last_order'), value: least(fc.integer({ min: 0, max: 30 })) }),
    fc.record({ type: fc.constant('channel'), value: names('app', 'web') }),
    fc.record({ type: fc.constant('city'), value: names('Kyiv', 'Lviv') }),
    fc.record({ type: fc.constant('tester') }),
  )
  .map(dense)

export const { condition } = fc.letrec<{ condition: Record<string, unknown> }>((tie) => ({
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
    fc.array(tie('condition'), { minLength: 1, maxLength: 2 }).map((all) => ({ all })),
    tie('condition').map((not) => ({ not })),
  ),
}))

const percent = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.integer({ min: 1, max: 10_000 }).map((value) => value / 100),
)
const reward = fc.oneof(
  percent.map((value) => ({ percent: value })),
  money.map((value) => ({ sum: value })),
  units.map((value) => ({ price: value })),
)
const pick = optional(fc.constantFrom('cheapest', 'dearest'))
const repeats = optional(fc.oneof(fc.boolean(), fc.integer({ min: 1, max: 3 })))
const shared = {
  targets: optional(filter),
  max_minor: optional(fc.integer({ min: 1, max: 3_000 })),
}
const maxUnits = optional(fc.oneof(few, fc.record({ per_line: few }), fc.record({ per_line: few, per_order: few })))
const unitArgs = { ...shared, max_units: maxUnits, pick }
const ons = optional(fc.constantFrom('lines', 'each_unit', 'order'))

export const action = fc
  .oneof(
    fc.record({ type: fc.constant('percent_off'), value: percent, on: ons, ...unitArgs }),
    fc.record({ type: fc.constant('fixed_off'), value: money, on: ons, ...unitArgs }),
    fc.record({ type: fc.constant('fixed_price'), value: units, on: ons, ...unitArgs }),
    fc.record({
      type: fc.constantFrom('percent_off', 'fixed_off', 'fixed_price'),
      value: percent,
      on: fc.constant('delivery'),
      max_minor: shared.max_minor,
    }),
    fc.record({ type: fc.constant('free_delivery'), max_minor: shared.max_minor }),
    fc.record({
      type: fc.constantFrom('cashback', 'bonus'),
      value: percent,
      as: optional(fc.constantFrom('percent', 'sum')),
      on: ons,
      ...unitArgs,
    }),
    fc
      .record({
        type: fc.constant('buy_x_get_y'),
        buy: few,
        get: fc.integer({ min: 1, max: 3 }),
        reward: optional(reward),
        pick,
        repeats,
        ...shared,
      })
      .map(({ reward, ...rest }) => ({ ...rest, ...reward })),
    fc
      .record({ type: fc.constant('unit_groups'), units: few, reward, pick, repeats, ...shared })
      .map(({ reward, ...rest }) => ({ ...rest, ...reward })),
    fc
      .record({
        type: fc.constant('bundle'),
        parts: fc.array(fc.record({ filter, quantity: fc.integer({ min: 1, max: 2 }) }), {
          minLength: 1,
          maxLength: 3,
        }),
        reward,
        pick,
        repeats,
        ...shared,
      })
      .map(({ reward, ...rest }) => ({ ...rest, ...reward })),
    fc.record({
      type: fc.constant('first_then_each_further'),
      first_units: optional(few),
      first: optional(reward),
      further: reward,
      pick,
      ...shared,
    }),
    fc.record({
      type: fc.constant('tiers'),
      by: optional(fc.constantFrom('total', 'quantity')),
      of,
      tiers: fc
        .uniqueArray(fc.tuple(few, reward), { minLength: 1, maxLength: 3, selector: ([from]) => from })
        .map((all) => all.map(([from, reward]) => ({ from, ...reward }))),
      ...unitArgs,
    }),
    fc.record({ type: fc.constant('gift'), value: fc.constant('sock') }),
    fc.record({ type: fc.constant('voucher'), value: fc.constant('butter') }),
  )
  .map(dense)

const window = fc
  .record({
    start: optional(fc.constantFrom('2022-08-20', '2022-08-24', '2022-08-25', '2022-08-24T09:30:00Z')),
    finish: optional(fc.constantFrom('2022-08-23', '2022-08-24', '2022-08-30', '2022-08-24T10:00:00Z')),
    time_zone: optional(fc.constantFrom('Europe/Kyiv', 'America/Los_Angeles', 'UTC')),
    recurrence: optional(
      fc.constantFrom(
        { weekdays: ['wed'] },
        { weekdays: ['mon', 'sun'] },
        { from: '12:00', to: '14:00' },
        { weekdays: ['tue'], from: '22:00', to: '14:00' },
      ),
    ),
  })
  .map(dense)

const limits = fc.constantFrom(
  { uses: 5 },
  { customer_uses: 1 },
  { budget: 10 },
  { budget_minor: 777 },
  { uses: 3, budget: 1.5 },
)

/** A config that may be saved. Most apply to something: what few orders meet is drawn rarely. */
export const promo = fc
  .record({
    state: rarely(fc.constantFrom('live', 'test', 'draft')),
    priority: optional(fc.integer({ min: -1, max: 1 })),
    exclusive: rarely(fc.constant(true)),
    group: rarely(fc.constantFrom('g', 'h')),
    stop: rarely(fc.constant(true)),
    currency: rarely(fc.constantFrom('UAH', 'PLN')),
    window: fc.oneof({ weight: 9, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: window }),
    product_filters: optional(filter),
    order_filters: sometimes(
      fc.array(
        fc.oneof(
          { weight: 9, arbitrary: condition },
          { weight: 1, arbitrary: fc.constant({ type: 'line_not_discounted' }) },
        ),
        {
          maxLength: 2,
        },
      ),
    ),
    targets: optional(filter),
    actions: fc.array(action, { minLength: 1, maxLength: 3 }),
    codes: rarely(fc.constantFrom(['Sale'], ['vip', 'other'])),
    limits: rarely(limits),
  })
  .map(({ window, ...rest }) => dense({ ...rest, ...window }))
  .filter((config) => checkPromo(config, { timeZone: 'Europe/Kyiv' }).length === 0)

/** What `kram promos evaluate` reads. Ids are given in an order that is not that of the list. */
export const evaluation = fc
  .record({
    promos: fc
      .array(promo, { minLength: 1, maxLength: 6 })
      .map((promos) => promos.map((config, i) => ({ ...config, id: `p${(i * 7) % 10}` }))),
    order,
    now: fc.constantFrom(
      '2022-08-24T10:00:00Z',
      '2022-08-24T09:59:59.999Z',
      '2022-08-23T20:59:59Z',
      '2022-08-23T21:00:00Z',
    ),
    usage: optional(
      fc.constantFrom(
        { p0: { uses: 4, budget_minor: 900 }, p7: { customer_uses: 1 } },
        { p0: { uses: 5 }, p4: { budget_minor: 149 } },
      ),
    ),
    tester: optional(fc.boolean()),
  })
  .map(dense)

const mendable = fc
  .oneof(
    fc.record({ type: fc.constantFrom('selected_delivery'), value: names('novaposhta', 'courier') }),
    fc.record({ type: fc.constant('selected_payment'), value: names('card', 'cash') }),
    fc.record({ type: fc.constant('channel'), value: names('app', 'web') }),
    fc.record({ type: fc.constant('loyalty_card'), value: optional(names('gold')) }),
    fc.record({
      type: fc.constantFrom('total_value', 'order_total', 'total_with_delivery'),
      value: fc.integer({ min: 1, max: 900 }),
      of,
    }),
    fc.record({ type: fc.constant('total_quantity'), value: fc.integer({ min: 2, max: 20 }) }),
    fc.record({ type: fc.constant('any_line_quantity'), value: fc.integer({ min: 2, max: 9 }) }),
    fc.record({
      type: fc.constant('contains'),
      filter: brand.map((value) => ({ brand: value })),
      quantity: optional(fc.integer({ min: 1, max: 4 })),
    }),
    fc.record({ type: fc.constant('promo_code'), value: names('sale', 'Vip') }),
  )
  .map(dense)

const mendablePromo = fc
  .record({
    priority: optional(fc.integer({ min: -1, max: 1 })),
    exclusive: rarely(fc.constant(true)),
    group: rarely(fc.constant('g')),
    stop: rarely(fc.constant(true)),
    product_filters: optional(brand.map((value) => ({ brand: value }))),
    order_filters: fc.oneof(
      fc.array(mendable, { maxLength: 3 }),
      fc.array(mendable, { minLength: 2, maxLength: 3 }).map((any) => [{ any }]),
    ),
    actions: fc.array(action, { minLength: 1, maxLength: 2 }),
    limits: rarely(limits),
    codes: rarely(fc.constantFrom(['Sale'], ['vip', 'other'])),
    // Without a text of its own a promo tells no codes.
    hint: optional(fc.constant('{reward}')),
  })
  .map(dense)
  .filter((config) => checkPromo(config, { timeZone: 'Europe/Kyiv' }).length === 0)

/** Promos that customers can come to, and carts that lack something. */
export const mendableEvaluation = fc
  .record({
    promos: fc
      .array(mendablePromo, { minLength: 1, maxLength: 4 })
      .map((promos) => promos.map((config, i) => ({ ...config, id: `p${i}` }))),
    order,
    now: fc.constant('2022-08-24T10:00:00Z'),
    usage: optional(fc.constant({ p0: { uses: 4, budget_minor: 900 } })),
  })
  .map(dense)
