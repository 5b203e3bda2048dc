// What changed between two configs, in words: every change is told, and nothing else is.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sameJson } from '../../lib/base/json-diff.ts'
import { languages } from '../../lib/base/languages.ts'
import { changesInWords } from '../../lib/promos/changes.ts'
import type { PromoConfig } from '../../lib/promos/config.ts'
import { promo as anyPromo } from '../support/arbitrary-promos.ts'

const options = { language: 'en', currency: 'PLN', timeZone: 'Europe/Kyiv' } as const
const actions: PromoConfig['actions'] = [{ type: 'percent_off', value: 10 }]
const base: PromoConfig = { id: 'p', state: 'draft', actions }

const changes = (before: Partial<PromoConfig>, after: Partial<PromoConfig>, language: 'en' | 'pl' | 'uk' = 'en') =>
  changesInWords({ ...base, ...before }, { ...base, ...after }, { ...options, language })

describe('a change is told by its field', () => {
  const cases: [name: string, before: Partial<PromoConfig>, after: Partial<PromoConfig>, told: string[]][] = [
    ['nothing', {}, {}, []],
    ['published', {}, { state: 'live' }, ['State: draft → live']],
    ['named', {}, { title: 'Autumn' }, ['Title: none → “Autumn”']],
    [
      'a percentage',
      {},
      { actions: [{ type: 'percent_off', value: 15 }] },
      ['Discount: 10% off these goods → 15% off these goods'],
    ],
    ['an action more', {}, { actions: [...actions, { type: 'free_delivery' }] }, ['Discount: now also free delivery']],
    [
      'another action',
      {},
      { actions: [{ type: 'gift', value: 'mug' }] },
      ['Discount: no longer 10% off these goods', 'Discount: now also a gift: “mug”'],
    ],
    [
      'actions at other places',
      { actions: [...actions, { type: 'free_delivery' }] },
      { actions: [{ type: 'free_delivery' }, ...actions] },
      ['Discount: in another order'],
    ],
    [
      'goods',
      { product_filters: { brand: 'Puma' } },
      { product_filters: { brand: ['Puma', 'Nike'] } },
      ['Goods: goods of brand “Puma” → goods of brand “Puma” or “Nike”'],
    ],
    ['all goods', { product_filters: { brand: 'Puma' } }, {}, ['Goods: goods of brand “Puma” → all goods']],
    [
      'goods that it acts on, which were those of the promo',
      { product_filters: { brand: 'Puma' } },
      { product_filters: { brand: 'Puma' }, targets: { kind: 'Socks' } },
      ['Goods it acts on: these goods → goods of kind “Socks”'],
    ],
    [
      'conditions',
      { order_filters: [{ type: 'total_value', value: 500 }, { type: 'first_order' }] },
      {
        order_filters: [
          { type: 'channel', value: 'app' },
          { type: 'total_value', value: 300 },
        ],
      },
      [
        'Order: these goods cost at least zł\u00a0500 together → these goods cost at least zł\u00a0300 together',
        'Order: no longer it is the customer’s first order',
        'Order: now also the order comes through “app”',
      ],
    ],
    [
      'a window',
      { start: '2026-11-01' },
      { start: '2026-11-02', finish: '2026-11-30T18:00' },
      ['Start: from 1 November 2026 → from 2 November 2026', 'End: always → until 30 November 2026 at 18:00'],
    ],
    [
      'hours',
      {},
      { recurrence: { weekdays: ['mon'], from: '08:00' } },
      ['Days and hours: always → on Mondays from 08:00 to 24:00'],
    ],
    ['the zone', {}, { time_zone: 'UTC' }, ['Time zone: none → UTC']],
    [
      'limits',
      { limits: { uses: 100, budget: 500 } },
      { limits: { uses: 200, customer_uses: 1 } },
      [
        'Limits: Orders in all 100 → 200',
        'Limits: Orders of one customer without limit → 1',
        'Limits: Budget zł\u00a0500 → without limit',
      ],
    ],
    [
      'limits of codes',
      { codes: ['A'], limits: { each_code: { uses: 1 } } },
      { codes: ['A'], limits: { codes: { A: { uses: 5 } } } },
      ['Limits: Of every code, Orders in all 1 → without limit', 'Limits: “A”, Orders in all without limit → 5'],
    ],
    [
      'a budget that is written otherwise',
      { limits: { budget: 5 } },
      { limits: { budget_minor: 500 } },
      ['Limits: written differently, means the same'],
    ],
    ['codes', { codes: ['A', 'B'] }, { codes: ['B', 'C'] }, ['Codes: no longer A', 'Codes: now also C']],
    ['many codes', {}, { codes: Array.from({ length: 7 }, (_, i) => `C${i}`) }, ['Codes: now also 7 codes']],
    [
      'options',
      {},
      { exclusive: true, stop: true, group: 'g', priority: 3 },
      ['Priority: 0 → 3', 'On its own: no → yes', 'Group: none → “g”', 'Last on its goods: no → yes'],
    ],
    ['an option that was off already', {}, { exclusive: false }, ['On its own: written differently, means the same']],
    ['hints', { hint: false }, { hint: { en: 'Add {missing_sum}' } }, ['Hint: none → en “Add {missing_sum}”']],
    ['no hint of its own', { hint: 'x' }, {}, ['Hint: “x” → made from the config']],
  ]
  test.each(cases)('%s', (_name, before, after, told) => expect(changes(before, after)).toEqual(told))
})

test('a first version is told as a whole', () => {
  expect(changesInWords({}, base, options)).toEqual(['Created: 10% off all goods.'])
})

test('in Polish and in Ukrainian', () => {
  const after: Partial<PromoConfig> = {
    state: 'live',
    limits: { uses: 5 },
    actions: [...actions, { type: 'free_delivery' }],
  }
  expect(changes({}, after, 'pl')).toEqual([
    'Stan: szkic → działa',
    'Rabat: teraz także darmowa dostawa',
    'Limity: Zamówienia łącznie bez limitu → 5',
  ])
  expect(changes({}, after, 'uk')).toEqual([
    'Стан: чернетка → діє',
    'Знижка: тепер також безкоштовна доставка',
    'Ліміти: Замовлень загалом без ліміту → 5',
  ])
})

const promo = anyPromo.map((config): PromoConfig => JSON.parse(JSON.stringify(config)))

test('of any two configs: every change is told, and the same is told of nothing', () => {
  fc.assert(
    fc.property(promo, promo, fc.constantFrom(...languages), (before, after, language) => {
      const told = changesInWords(before, after, { ...options, language })
      expect(told.length > 0).toBe(!sameJson(JSON.parse(JSON.stringify(before)), JSON.parse(JSON.stringify(after))))
      for (const text of told) expect(text).not.toMatch(/undefined|NaN|\[object/)
      expect(changesInWords(before, before, { ...options, language })).toEqual([])
    }),
    { numRuns: 500, seed: 20_221_231 },
  )
})
