// The promotions of an empty shop: the five sales that the talk behind the promotion engine tells of.
import type { JsonObject } from '../base/json.ts'
import { dayMs, type Instant, toInstant, toMs, utcDay } from '../base/time.ts'

const monthMs = 30 * dayMs

/** `now`: the talk's own config is in force for thirty days from then. */
export const samplePromos = (now: Instant): JsonObject[] => [
  {
    id: 'adidas-delivery',
    title: 'Free delivery on Adidas from 1000',
    product_filters: { brand: 'Adidas' },
    order_filters: [{ type: 'total_value', value: 1000 }],
    actions: [{ type: 'free_delivery' }],
  },
  {
    id: 'embroidered-cashback',
    title: '10 % cashback on embroidered shirts, paid by card',
    product_filters: { kind: 'Embroidered shirts' },
    order_filters: [{ type: 'selected_payment', value: 'card' }],
    actions: [{ type: 'cashback', value: 10 }],
  },
  {
    id: 'app-code-xxx',
    title: '50 off with the code XXX in the app',
    codes: ['XXX'],
    order_filters: [{ type: 'channel', value: 'app' }],
    actions: [{ type: 'fixed_off', value: 50 }],
  },
  {
    id: 'puma-shorts',
    title: 'Cashback on Puma shorts, by Nova Poshta and card, from 500',
    start: utcDay(now),
    finish: utcDay(toInstant(toMs(now) + monthMs)),
    product_filters: { brand: 'Puma', kind: 'Shorts' },
    order_filters: [
      { type: 'selected_delivery', value: 'novaposhta' },
      { type: 'selected_payment', value: 'card' },
      { type: 'total_value', value: 500 },
    ],
    actions: [{ type: 'cashback', value: 13 }],
  },
  {
    id: 'chocolate-2-plus-1',
    title: 'Chocolate: two and the third for nothing',
    product_filters: { type: 'czekolada' },
    actions: [{ type: 'buy_x_get_y', buy: 2, get: 1 }],
  },
]
