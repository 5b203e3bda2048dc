// What saving refuses, each with the place and a sentence.
import { describe, expect, test } from 'vitest'
import { checkPromo } from '../../lib/promos/check.ts'

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
  ['0 percent', { actions: [{ type: 'percent_off', value: 0 }] }, '/actions/0/value', /or it gives nothing/],
  [
    'a third decimal of a percentage',
    { actions: [{ type: 'percent_off', value: 1.234 }] },
    '/actions/0/value',
    /two decimals/,
  ],
  ['nothing off', { actions: [{ type: 'fixed_off', value: 0 }] }, '/actions/0/value', /or it gives nothing/],
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
  ['a title of two lines', { actions: off, title: 'a\nb' }, '/title', /line breaks/],
  ['a code with a sign that is none', { actions: off, codes: ['A\u0000'] }, '/codes/0', /control characters/],
  [
    'half a sign in a gift',
    { actions: [{ type: 'gift', value: 'g\ud800' }] },
    '/actions/0/value',
    /control characters/,
  ],
  ['a tab in a voucher', { actions: [{ type: 'voucher', value: 'a\tb' }] }, '/actions/0/value', /control characters/],
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
  ['a cap of nothing', { actions: [{ ...off[0], max_minor: 0 }] }, '/actions/0/max_minor', /or it gives nothing/],
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
  [
    'a customer who cannot be',
    { actions: off, order_filters: [{ type: 'customer_attribute', attribute: 'age', value: { gte: 18, lt: 16 } }] },
    '/order_filters/0/value',
    /lowest "age" asked for is above/,
  ],
  [
    'fewer units than there always are',
    { actions: off, order_filters: [{ any: [{ type: 'tester' }, { type: 'total_quantity', value: { lt: 1 } }] }] },
    '/order_filters/0/any/1',
    /with any goods at all/,
  ],
  [
    'no number at all',
    { actions: off, order_filters: [{ type: 'nth_order', value: [] }] },
    '/order_filters/0/value',
    /must name at least one/,
  ],
  [
    'none of its own codes',
    { actions: off, codes: ['A'], order_filters: [{ not: { type: 'promo_code', value: ['b', ' a'] } }] },
    '/order_filters/0/not',
    /never be met together with the codes of this promo/,
  ],
  [
    'a price below nothing',
    { actions: off, product_filters: { price: { lt: 0 } } },
    '/product_filters/price',
    /never match/,
  ],
  [
    'a number and a text',
    { actions: off, product_filters: { size: { gt: 5, lt: 'XL' } } },
    '/product_filters/size',
    /number and a text at once/,
  ],
  [
    'a product that is a number',
    { actions: off, product_filters: { any: [{ sku: 'a' }, { sku: ['b', 12] }] } },
    '/product_filters/any/1/sku',
    /must be a text$/,
  ],
  [
    'two limits of one code',
    { actions: off, codes: ['A'], limits: { codes: { A: { uses: 1 }, a: { uses: 2 } } } },
    '/limits/codes/a',
    /names a code twice/,
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

  test('a code with a limit of its own is not held to that of every code', () => {
    const limits = { each_code: { uses: 1 }, codes: { C: { uses: 500 }, D: { customer_uses: 1 } } }
    const config = { actions: off, codes: ['A', 'B', 'C', 'D'], limits }
    expect(issues(config, { codes: { A: { uses: 1 }, c: { uses: 499 } } })).toEqual([])
    const pointer = '/limits/each_code/uses'
    expect(issues(config, { codes: { A: { uses: 2 }, B: { uses: 3 }, D: { uses: 2 } } })).toEqual([
      { pointer, message: expect.stringMatching(/below what is used already \(3\)/) },
    ])
  })

  test('no more faults than anyone reads', () => {
    expect(issues({ actions: new Array(20).fill({ type: 'percent_off', value: 110, x: 1, y: 2 }) })).toHaveLength(20)
  })

  test.each([[null], [1], ['x'], [[]], [true]])('what is no object: %j', (config) => {
    expect(issues(config)).toEqual([{ pointer: '', message: expect.stringMatching(/must be an object/) }])
  })
})
