// Routes that count: what promotions gave, and what the goods are like. For whoever keeps promotions.
import * as v from 'valibot'
import type { CatalogueAttributes, PromoStatistics } from '../../shop/admin-types.ts'
import { defineRoute, type Same } from '../route.ts'
import { dayText, editors } from './fields.ts'

const counts = { discount_minor: v.number(), credit_minor: v.number() }

const statistics = v.strictObject({
  from: v.string(),
  to: v.string(),
  time_zone: v.string(),
  currency: v.string(),
  days: v.array(
    v.strictObject({
      day: v.string(),
      orders: v.pipe(v.number(), v.description('Placed on that day, less those of them that were cancelled since.')),
      cancelled: v.number(),
      paid_minor: v.pipe(v.number(), v.description('For them, delivery included, less what was given back.')),
      ...counts,
      promos: v.array(v.strictObject({ promo: v.string(), redemptions: v.number(), ...counts })),
    }),
  ),
})

export const getPromoStatistics = defineRoute({
  name: 'get-promo-statistics',
  method: 'GET',
  path: '/statistics/promos',
  summary: 'Orders, and what each promotion gave, day by day',
  description:
    'Days of the shop’s time zone, both ends included, at most 92. What is cancelled or returned later is taken off the ' +
    'day on which the order was placed.',
  roles: editors,
  needs: ['table', 'settings'],
  query: v.strictObject({ from: dayText(), to: dayText() }),
  answer: { status: 200, description: 'Every day of the range.', schema: statistics },
})

const attributes = v.strictObject({
  products: v.number(),
  cut: v.pipe(v.boolean(), v.description('There are more goods than were counted.')),
  attributes: v.array(
    v.strictObject({
      name: v.string(),
      products: v.number(),
      kinds: v.array(v.picklist(['text', 'number', 'boolean', 'list'])),
      values: v.array(v.strictObject({ value: v.union([v.string(), v.number(), v.boolean()]), products: v.number() })),
      more_values: v.boolean(),
    }),
  ),
})

export const getCatalogueAttributes = defineRoute({
  name: 'get-catalogue-attributes',
  method: 'GET',
  path: '/catalogue/attributes',
  summary: 'What attributes the goods have, with their most frequent values',
  description: 'Of 5,000 goods at most (`cut` says so), 50 values of each attribute. May be kept for a minute.',
  roles: editors,
  needs: ['table'],
  cached: true,
  answer: { status: 200, description: 'The most frequent first.', schema: attributes },
})

true satisfies Same<v.InferOutput<typeof statistics>, PromoStatistics>
true satisfies Same<v.InferOutput<typeof attributes>, CatalogueAttributes>
