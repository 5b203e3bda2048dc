import { describe, expect, test } from 'vitest'
import { checkPromo } from '../../lib/promos/check.ts'

const actions = [{ type: 'percent_off', value: 10 }]
const issues = (config: unknown) => checkPromo(config, { timeZone: 'Europe/Kyiv', usage: {} })

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
  [
    { type: 'total_value', value: { lt: 50 } },
    { type: 'total_value', value: 100, of: 'remaining' },
  ],
  [
    { type: 'total_value', value: 100, of: 'remaining' },
    { type: 'order_total', value: { lt: 100 } },
  ],
  [{ type: 'customer_group', value: 'a' }, { not: { type: 'customer_group', value: ['b', 'a'] } }],
  [{ type: 'promo_code', value: 'a' }, { not: { type: 'promo_code', value: ['b', ' A'] } }],
  [card, { any: [{ type: 'tester' }, { type: 'selected_payment', value: 'cash' }] }],
  [
    card,
    {
      any: [
        { type: 'tester' },
        {
          all: [
            { type: 'channel', value: 'a' },
            { type: 'channel', value: 'b' },
          ],
        },
      ],
    },
  ],
  [card, { any: [{ type: 'tester' }, { any: [{ type: 'first_order' }, { not: card }] }] }],
]
const noClashes: Clash[] = [
  [card, { not: { type: 'selected_payment', value: 'cash' } }],
  [{ not: card }, { not: { type: 'selected_payment', value: 'cash' } }],
  [
    card,
    {
      any: [
        { type: 'channel', value: 'a' },
        { type: 'channel', value: 'b' },
      ],
    },
  ],
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
    const found = issues({ actions, order_filters })
    expect(found).toHaveLength(1)
    expect(found[0]).toMatchObject({
      pointer: expect.stringMatching(/^\/order_filters\/1/),
      message: expect.stringMatching(/^can never be met together with the (?:other )?\w+ condition$/),
    })
    expect(issues({ actions, order_filters: order_filters.toReversed() })).toHaveLength(1)
  })

  test.each(noClashes)('but not %j and %j', (...order_filters) => {
    expect(issues({ actions, order_filters })).toEqual([])
  })
})
