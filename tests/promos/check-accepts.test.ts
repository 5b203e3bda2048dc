// What may be saved: configs that look odd and make sense; and that the JSON Schema takes them all.
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkPromo } from '../../lib/promos/check.ts'
import { promoJsonSchema } from '../../lib/promos/json-schema.ts'
import { promo } from '../support/arbitrary-promos.ts'

const timeZone = 'Europe/Kyiv'
const off = [{ type: 'percent_off', value: 10 }]
const issues = (config: unknown, usage = {}) => checkPromo(config, { timeZone, usage })

type Config = Record<string, unknown>

describe('saving accepts', () => {
  const accepted: [string, Config][] = [
    ['all of a brand but some', { product_filters: { brand: 'Puma', not: { brand: 'Puma', kind: 'Shorts' } } }],
    [
      'all of a brand but some, deeper',
      {
        product_filters: {
          any: [{ not: { all: [{ brand: ['Puma', 'Nike'] }, { size: 5 }] } }],
          brand: ['Puma', 'Nike'],
        },
      },
    ],
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
