import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPromo } from '../../lib/promos/check.ts'
import { promoJsonSchema } from '../../lib/promos/json-schema.ts'
import { validatePromos } from '../../lib/promos/validate.ts'
import { promo } from '../support/arbitrary-promos.ts'

const timeZone = 'Europe/Kyiv'
const off = [{ type: 'percent_off', value: 10 }]
const issues = (config: unknown, usage = {}) => checkPromo(config, { timeZone, usage })

type Config = Record<string, unknown>
const nonsense: [what: string, config: Config, pointer: string, message: RegExp][] = [
  ['no actions', {}, '/actions', /is missing/],
  ['an empty list of actions', { actions: [] }, '/actions', /gives nothing/],
  ['an unknown field', { actions: off, activ: true }, '/activ', /is not a field here/],
  [
    'an unknown action',
    { actions: [{ type: 'percent_of' }] },
    '/actions/0/type',
    /must be a kind of action: percent_off/,
  ],
  [
    'an unknown condition',
    { actions: off, order_filters: [{ type: 'totalvalue' }] },
    '/order_filters/0/type',
    /kind of condition/,
  ],
  ['an argument of another kind', { actions: [{ ...off[0], buy: 2 }] }, '/actions/0/buy', /is not a field here/],
  ['a percentage over 100', { actions: [{ type: 'percent_off', value: 110 }] }, '/actions/0/value', /at most 100/],
  ['a cashback over 100', { actions: [{ type: 'cashback', value: 150 }] }, '/actions/0/value', /"as": "sum"/],
  ['0 percent', { actions: [{ type: 'percent_off', value: 0 }] }, '/actions/0/value', /nothing would be taken off/],
  [
    'a third decimal of a percentage',
    { actions: [{ type: 'percent_off', value: 1.234 }] },
    '/actions/0/value',
    /two decimals/,
  ],
  ['nothing off', { actions: [{ type: 'fixed_off', value: 0 }] }, '/actions/0/value', /nothing would be taken off/],
  ['a third decimal of money', { actions: [{ type: 'fixed_off', value: 0.999 }] }, '/actions/0/value', /two decimals/],
  ['a group without a reward', { actions: [{ type: 'unit_groups', units: 3 }] }, '/actions/0/percent', /name one of/],
  [
    'two rewards',
    { actions: [{ type: 'unit_groups', units: 3, sum: 1, price: 1 }] },
    '/actions/0/price',
    /cannot stand beside sum/,
  ],
  [
    'a tier without a reward',
    { actions: [{ type: 'tiers', tiers: [{ from: 1 }] }] },
    '/actions/0/tiers/0',
    /name one of/,
  ],
  [
    'two tiers from one total',
    {
      actions: [
        {
          type: 'tiers',
          tiers: [
            { from: 1, percent: 1 },
            { from: 1, percent: 2 },
          ],
        },
      ],
    },
    '/actions/0/tiers',
    /another `from`/,
  ],
  [
    'half a unit',
    { actions: [{ type: 'tiers', by: 'quantity', tiers: [{ from: 1.5, percent: 1 }] }] },
    '/actions/0/tiers',
    /count units/,
  ],
  [
    'units of delivery',
    { actions: [{ ...off[0], on: 'delivery', max_units: 1 }] },
    '/actions/0/max_units',
    /no meaning on delivery/,
  ],
  [
    'a cap of nothing',
    { actions: [{ ...off[0], max_minor: 0 }] },
    '/actions/0/max_minor',
    /nothing would be taken off/,
  ],
  ['a finish before the start', { actions: off, start: '2022-08-25', finish: '2022-08-24' }, '/finish', /never opens/],
  [
    'a finish at the start',
    { actions: off, start: '2022-08-25T10:00:00Z', finish: '2022-08-25T13:00:00+03:00' },
    '/finish',
    /never opens/,
  ],
  [
    'no weekday of the window',
    { actions: off, start: '2022-08-24', finish: '2022-08-25', recurrence: { weekdays: ['sat'] } },
    '/recurrence',
    /never opens/,
  ],
  [
    'an hour that clocks leap over',
    { actions: off, start: '2022-03-27', finish: '2022-03-27', recurrence: { from: '03:00', to: '04:00' } },
    '/recurrence',
    /never opens/,
  ],
  ['hours of no length', { actions: off, recurrence: { from: '10:00', to: '10:00' } }, '/recurrence', /never opens/],
  ['no weekday', { actions: off, recurrence: { weekdays: [] } }, '/recurrence/weekdays', /never opens/],
  ['a day that does not exist', { actions: off, start: '2022-02-30' }, '/start', /must be a day such as/],
  ['a zone that does not exist', { actions: off, time_zone: 'Europe/Kiew' }, '/time_zone', /time zone such as/],
  [
    'a range turned round',
    { actions: off, product_filters: { price: { gte: 100, lt: 50 } } },
    '/product_filters/price',
    /lowest "price" asked for is above/,
  ],
  [
    'two values at once',
    { actions: off, product_filters: { all: [{ brand: 'Puma' }, { brand: 'Adidas' }] } },
    '/product_filters/all/1/brand',
    /several values at once/,
  ],
  [
    'excluded again',
    { actions: off, product_filters: { brand: 'Puma', not: { brand: ['Puma', 'Nike'] } } },
    '/product_filters/not/brand',
    /excluded again/,
  ],
  [
    'missing and present',
    { actions: off, product_filters: { brand: 'Puma', not: { brand: { exists: true } } } },
    '/product_filters/not/brand',
    /to be missing and to have a value/,
  ],
  [
    'no value of the list',
    { actions: off, product_filters: { brand: [] } },
    '/product_filters/brand',
    /matches nothing/,
  ],
  ['an empty filter', { actions: off, product_filters: {} }, '/product_filters', /name at least one attribute/],
  [
    'an alternative that cannot be',
    { actions: off, product_filters: { any: [{ kind: 'Shirt' }, { size: { gt: 5, lt: 5 } }] } },
    '/product_filters/any/1/size',
    /never match/,
  ],
  [
    'a price that is none',
    { actions: off, product_filters: { price: 'cheap' } },
    '/product_filters/price',
    /amount of money/,
  ],
  [
    'a price with a third decimal',
    { actions: off, product_filters: { price: { lt: 9.999 } } },
    '/product_filters/price',
    /two decimals/,
  ],
  [
    'targets that contradict themselves',
    { actions: off, targets: { size: { gt: 5, lt: 5 } } },
    '/targets/size',
    /never match/,
  ],
  [
    'targets of an action',
    { actions: [{ ...off[0], targets: { size: { gt: 5, lt: 5 } } }] },
    '/actions/0/targets/size',
    /never match/,
  ],
  [
    'a part of a bundle',
    { actions: [{ type: 'bundle', price: 1, parts: [{ filter: { size: { gt: 5, lt: 5 } } }] }] },
    '/actions/0/parts/0/filter/size',
    /never match/,
  ],
  [
    'a filter of a condition',
    { actions: off, order_filters: [{ type: 'contains', filter: { size: { gt: 5, lt: 5 } } }] },
    '/order_filters/0/filter/size',
    /never match/,
  ],
  [
    'two deliveries',
    {
      actions: off,
      order_filters: [
        { type: 'selected_delivery', value: 'a' },
        { type: 'selected_delivery', value: ['b', 'c'] },
      ],
    },
    '/order_filters/1',
    /never be met together/,
  ],
  [
    'totals that do not overlap',
    {
      actions: off,
      order_filters: [{ type: 'total_value', value: 500 }, { all: [{ type: 'total_value', value: { lt: 400 } }] }],
    },
    '/order_filters/1/all/0',
    /never be met together/,
  ],
  [
    'bounds turned round',
    { actions: off, order_filters: [{ type: 'total_value', value: { gte: 5, lt: 5 } }] },
    '/order_filters/0/value',
    /never be met/,
  ],
  [
    'lines picked inside any',
    { actions: off, order_filters: [{ any: [{ type: 'line_not_discounted' }] }] },
    '/order_filters/0/any/0',
    /beside the other conditions/,
  ],
  ['an empty any', { actions: off, order_filters: [{ any: [] }] }, '/order_filters/0/any', /at least one condition/],
  ['a code twice', { actions: off, codes: ['Sale', ' SALE'] }, '/codes', /names a code twice/],
  ['a limit of nothing', { actions: off, limits: { uses: 0 } }, '/limits/uses', /nobody could ever use/],
  [
    'a limit of codes without codes',
    { actions: off, limits: { each_code: { uses: 1 } } },
    '/limits/each_code',
    /has none/,
  ],
  [
    'a limit of a code that is not its own',
    { actions: off, codes: ['A'], limits: { codes: { B: { uses: 1 } } } },
    '/limits/codes/B',
    /not one of the codes/,
  ],
  ['two budgets', { actions: off, limits: { budget: 1, budget_minor: 100 } }, '/limits', /name one/],
  [
    'an unknown placeholder',
    { actions: off, hint: 'Add {mising_sum}!' },
    '/hint',
    /names \{mising_sum\}, which does not exist/,
  ],
  [
    'an unknown placeholder in one language',
    { actions: off, hint: { en: 'ok', pl: '{x}' } },
    '/hint/pl',
    /does not exist/,
  ],
  ['a brace that does not close', { actions: off, hint: 'Add {missing_sum!' }, '/hint', /brace without its partner/],
  ['too few forms of a noun', { actions: off, hint: { uk: '{missing_units:товар|товари}' } }, '/hint/uk', /3 forms/],
  ['forms of what is not counted', { actions: off, hint: '{code:a|b}' }, '/hint', /only \{missing_units\}/],
]

type Clash = [first: object, second: object]
const card = { type: 'selected_payment', value: 'card' }
const clashes: Clash[] = [
  [card, { not: card }],
  [card, { not: { any: [{ type: 'selected_payment', value: ['cash', 'card'] }, { type: 'tester' }] } }],
  [{ not: { not: card } }, { type: 'selected_payment', value: 'cash' }],
  [{ type: 'total_value', value: 500 }, { not: { type: 'total_value', value: 400 } }],
  [
    { type: 'total_value', value: 500 },
    { type: 'order_total', value: { lt: 500 } },
  ],
  [
    { type: 'order_total', value: { lte: 499.99 } },
    { type: 'total_value', value: 500 },
  ],
  [
    { type: 'order_total', value: 500 },
    { type: 'total_with_delivery', value: { lt: 400 } },
  ],
  [
    { type: 'any_line_quantity', value: 5 },
    { type: 'total_quantity', value: { lte: 4 } },
  ],
  [{ type: 'loyalty_card' }, { type: 'loyalty_card', value: false }],
  [
    { type: 'loyalty_card', value: false },
    { type: 'loyalty_card', value: 'gold' },
  ],
  [
    { type: 'loyalty_card', value: 'gold' },
    { type: 'loyalty_card', value: ['silver', 'bronze'] },
  ],
  [{ type: 'first_order' }, { type: 'nth_order', value: [2, 3] }],
  [{ type: 'days_since_last_order', value: 30 }, { type: 'first_order' }],
  [
    { type: 'nth_order', value: [2, 3] },
    { type: 'nth_order', value: 5, every: true },
  ],
  [{ type: 'first_order' }, { not: { type: 'first_order' } }],
]
const noClashes: Clash[] = [
  [card, { not: { type: 'selected_payment', value: 'cash' } }],
  [{ not: card }, { not: { type: 'selected_payment', value: 'cash' } }],
  [card, { any: [{ not: card }, { type: 'tester' }] }],
  [card, { not: { all: [card, { type: 'tester' }] } }],
  [{ type: 'total_value', value: 500 }, { not: { type: 'total_value', value: 600 } }],
  [
    { type: 'total_value', value: 500 },
    { type: 'order_total', value: { lte: 500 } },
  ],
  [
    { type: 'order_total', value: 500 },
    { type: 'total_value', value: { lt: 100 } },
  ],
  [
    { type: 'total_value', value: 500 },
    { type: 'order_total', value: { lt: 500 }, of: 'remaining' },
  ],
  [
    { type: 'total_quantity', value: 5 },
    { type: 'any_line_quantity', value: { lte: 1 } },
  ],
  [{ type: 'loyalty_card' }, { type: 'loyalty_card', value: 'gold' }],
  [{ type: 'first_order' }, { type: 'nth_order', value: [1, 2] }],
  [{ type: 'first_order' }, { type: 'nth_order', value: 1, every: true }],
  [
    { type: 'nth_order', value: [2, 10] },
    { type: 'nth_order', value: 5, every: true },
  ],
  [
    { type: 'nth_order', value: 2, every: true },
    { type: 'nth_order', value: 3, every: true },
  ],
  [{ type: 'customer_group', value: 'a' }, { not: { type: 'customer_group', value: 'b' } }],
]

describe('conditions that no order meets together are refused', () => {
  test.each(clashes)('%j and %j', (...order_filters) => {
    const found = issues({ actions: off, order_filters })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      pointer: expect.stringMatching(/^\/order_filters\/1/),
      message: expect.stringMatching(/^can never be met together with the (?:other )?\w+ condition$/),
    })
    expect(issues({ actions: off, order_filters: order_filters.toReversed() })).toHaveLength(1)
  })

  test.each(noClashes)('but not %j and %j', (...order_filters) => {
    expect(issues({ actions: off, order_filters })).toEqual([])
  })
})

describe('saving refuses', () => {
  test.each(nonsense)('%s', (_, config, pointer, message) => {
    expect(issues(config)).toContainEqual({ pointer, message: expect.stringMatching(message) })
  })

  test.each([
    [{ uses: 5 }, { uses: 6 }, '/limits/uses'],
    [{ budget: 10 }, { budget_minor: 1_001 }, '/limits/budget'],
    [{ each_code: { uses: 1 } }, { codes: { a: { uses: 2 } } }, '/limits/each_code/uses'],
    [{ codes: { A: { uses: 1 } } }, { codes: { a: { uses: 2 } } }, '/limits/codes/A/uses'],
  ])('a limit below what is used: %j, used %j', (limits, usage, pointer) => {
    const config = { actions: off, codes: ['A'], limits }
    expect(issues(config, usage)).toEqual([{ pointer, message: expect.stringMatching(/below what is used already/) }])
    expect(issues(config)).toEqual([])
  })

  test('no more faults than anyone reads', () => {
    expect(issues({ actions: new Array(20).fill({ type: 'percent_off', value: 110, x: 1, y: 2 }) })).toHaveLength(20)
  })

  test.each([[null], [1], ['x'], [[]], [true]])('what is no object: %j', (config) => {
    expect(issues(config)).toEqual([{ pointer: '', message: expect.stringMatching(/must be an object/) }])
  })
})

describe('saving accepts', () => {
  const accepted: [string, Config][] = [
    ['goods that list both', { product_filters: { tags: { has_all: ['summer', 'sale'] } } }],
    ['one or the other', { product_filters: { any: [{ brand: 'Puma' }, { brand: 'Adidas' }] } }],
    ['a value that is not excluded', { product_filters: { brand: ['Puma', 'Nike'], not: { brand: 'Puma' } } }],
    ['not both, as negation has it', { product_filters: { not: { brand: 'Puma', kind: 'Shirt' } } }],
    ['a range of one', { product_filters: { price: { gte: 5, lte: 5 } } }],
    [
      'two groups of customers',
      {
        order_filters: [
          { type: 'customer_group', value: 'a' },
          { type: 'customer_group', value: 'b' },
        ],
      },
    ],
    [
      'totals that overlap',
      {
        order_filters: [
          { type: 'total_value', value: 500 },
          { type: 'total_value', value: { lt: 501 } },
        ],
      },
    ],
    [
      'a list price and what remains',
      {
        order_filters: [
          { type: 'total_value', value: 500 },
          { type: 'total_value', value: { lt: 100 }, of: 'remaining' },
        ],
      },
    ],
    ['hours over midnight', { recurrence: { from: '22:00', to: '02:00' } }],
    [
      'a hint in three languages',
      {
        hint: {
          pl: '{missing_units} {missing_units:sztuka|sztuki|sztuk}',
          uk: 'Ще {missing_sum}',
          en: '{missing_units:item|items}',
        },
      },
    ],
  ]
  test.each(accepted)('%s', (_, config) => {
    expect(issues({ actions: off, ...config })).toEqual([])
  })
})

describe('warnings', () => {
  const warnings = (configs: Config[], index: number, mostPercent = 50) =>
    validatePromos(configs, { settings: { timeZone }, mostPercent })[index]!.warnings.map(({ code, other }) => [
      code,
      other,
    ])
  const percent = (id: string, value: number, config: Config = {}): Config => ({
    id,
    actions: [{ type: 'percent_off', value }],
    ...config,
  })

  test.each<[string, Config, Config, boolean]>([
    ['an exclusive one about the same', percent('a', 5), percent('x', 5, { exclusive: true }), true],
    [
      'an exclusive one about more',
      percent('a', 5, { product_filters: { brand: 'Puma' } }),
      percent('x', 5, { exclusive: true }),
      true,
    ],
    [
      'an exclusive one about more brands',
      percent('a', 5, { product_filters: { brand: 'Puma' } }),
      percent('x', 5, { exclusive: true, product_filters: { brand: ['Puma', 'Nike'] } }),
      true,
    ],
    [
      'an exclusive one about other goods',
      percent('a', 5),
      percent('x', 5, { exclusive: true, product_filters: { brand: 'Puma' } }),
      false,
    ],
    [
      'an exclusive one from a lower total',
      percent('a', 5, { order_filters: [{ type: 'total_value', value: 500 }] }),
      percent('x', 5, { exclusive: true, order_filters: [{ type: 'total_value', value: 100 }] }),
      true,
    ],
    [
      'an exclusive one from a higher total',
      percent('a', 5, { order_filters: [{ type: 'total_value', value: 100 }] }),
      percent('x', 5, { exclusive: true, order_filters: [{ type: 'total_value', value: 500 }] }),
      false,
    ],
    [
      'an exclusive one that ends earlier',
      percent('a', 5),
      percent('x', 5, { exclusive: true, finish: '2022-08-24' }),
      false,
    ],
    [
      'an exclusive one that can be used up',
      percent('a', 5),
      percent('x', 5, { exclusive: true, limits: { uses: 5 } }),
      false,
    ],
    ['an exclusive one that needs a code', percent('a', 5), percent('x', 5, { exclusive: true, codes: ['A'] }), false],
    ['a better one of its group', percent('a', 5, { group: 'g' }), percent('b', 10, { group: 'g' }), true],
    ['a worse one of its group', percent('a', 10, { group: 'g' }), percent('b', 5, { group: 'g' }), false],
    ['one that stops before it', percent('a', 5), percent('b', 5, { stop: true, priority: 1 }), true],
    ['one that stops after it', percent('a', 5, { priority: 2 }), percent('b', 5, { stop: true, priority: 1 }), false],
  ])('shadowed by %s', (_, config, other, expected) => {
    expect(warnings([config, other], 0).some(([code]) => code === 'shadowed')).toBe(expected)
  })

  test.each<[string, Config, Config, boolean]>([
    ['the same goods', percent('a', 40), percent('b', 30), true],
    ['not more than half', percent('a', 20), percent('b', 30), false],
    ['exactly half', percent('a', 50, { product_filters: { brand: 'Puma' } }), percent('b', 0.01), true],
    [
      'other brands',
      percent('a', 40, { product_filters: { brand: 'Puma' } }),
      percent('b', 30, { product_filters: { brand: 'Nike' } }),
      false,
    ],
    [
      'goods that may be both',
      percent('a', 40, { product_filters: { brand: 'Puma' } }),
      percent('b', 30, { product_filters: { kind: 'Shirt' } }),
      true,
    ],
    ['other times', percent('a', 40, { finish: '2022-08-24' }), percent('b', 30, { start: '2022-08-25' }), false],
    ['one group', percent('a', 40, { group: 'g' }), percent('b', 30, { group: 'g' }), false],
    [
      'other deliveries',
      percent('a', 40, { order_filters: [{ type: 'selected_delivery', value: 'x' }] }),
      percent('b', 30, { order_filters: [{ type: 'selected_delivery', value: 'y' }] }),
      false,
    ],
    [
      'three for two and a percentage',
      percent('a', 40),
      { id: 'b', actions: [{ type: 'buy_x_get_y', buy: 2, get: 1 }] },
      true,
    ],
  ])('adding up on %s', (_, config, other, expected) => {
    expect(warnings([config, other], 0).some(([code]) => code === 'adds_up')).toBe(expected)
  })

  test('hints that cannot be told apart', () => {
    const hint = 'Add goods for {missing_sum} more!'
    expect(warnings([percent('a', 5, { hint }), percent('b', 5, { hint })], 0)).toEqual([['alike_hints', 'b']])
    expect(
      warnings([percent('a', 5, { hint: `{goods}: ${hint}` }), percent('b', 5, { hint: `{goods}: ${hint}` })], 0),
    ).toEqual([])
  })

  test('no more than anyone reads, the gravest first', () => {
    const many = Array.from({ length: 40 }, (_, i) => percent(`p${i}`, 60, i === 39 ? { exclusive: true } : {}))
    const found = warnings(many, 0)
    expect(found).toHaveLength(20)
    expect(found.slice(0, 2)).toEqual([
      ['shadowed', 'p39'],
      ['adds_up', 'p1'],
    ])
  })

  test('a pick that picks nothing', () => {
    expect(warnings([{ actions: [{ ...off[0], pick: 'dearest' }] }], 0)).toEqual([['no_pick', undefined]])
  })
})

test('every config that may be saved passes the JSON Schema', () => {
  const validate = new Ajv2020({ strict: false }).compile(promoJsonSchema())
  fc.assert(
    fc.property(promo, (config) => {
      expect(validate(config), JSON.stringify(validate.errors)).toBe(true)
    }),
    { numRuns: 300, seed: 20_220_824 },
  )
  expect(validate({ actions: [{ type: 'percent_off', value: 110 }] })).toBe(false)
  expect(validate({ actions: [{ type: 'percent_off', value: 10, x: 1 }] })).toBe(false)
})
