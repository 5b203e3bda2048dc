import { describe, expect, test } from 'vitest'
import { validatePromos } from '../../lib/promos/validate.ts'

type Config = Record<string, unknown>
const off = [{ type: 'percent_off', value: 10 }]

describe('warnings', () => {
  const warnings = (configs: Config[], index: number, mostPercent = 50) =>
    validatePromos(configs, { settings: { timeZone: 'Europe/Kyiv' }, mostPercent })[index]!.warnings.map(
      ({ code, other }) => [code, other],
    )
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
    [
      'one that stops before it, though it is exclusive itself',
      percent('a', 5, { exclusive: true }),
      percent('b', 5, { stop: true, priority: 1 }),
      false,
    ],
    [
      'one that stops before it unless another of its group is better',
      percent('a', 5),
      percent('b', 5, { stop: true, priority: 1, group: 'g' }),
      false,
    ],
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
    [
      'other weekdays',
      percent('a', 40, { recurrence: { weekdays: ['mon', 'tue'] } }),
      percent('b', 30, { recurrence: { weekdays: ['wed'] } }),
      false,
    ],
    [
      'other hours',
      percent('a', 40, { recurrence: { from: '08:00', to: '12:00' } }),
      percent('b', 30, { recurrence: { from: '12:00' } }),
      false,
    ],
    [
      'a night that reaches into the next day, and week',
      percent('a', 40, { recurrence: { weekdays: ['sun'], from: '22:00', to: '02:00' } }),
      percent('b', 30, { recurrence: { weekdays: ['mon'], from: '01:00', to: '03:00' } }),
      true,
    ],
    [
      'hours of other zones',
      percent('a', 40, { recurrence: { from: '08:00', to: '12:00' } }),
      percent('b', 30, { recurrence: { from: '12:00' }, time_zone: 'Asia/Tokyo' }),
      true,
    ],
    ['other currencies', percent('a', 40, { currency: 'PLN' }), percent('b', 30, { currency: 'UAH' }), false],
    [
      'other targets',
      percent('a', 40, { targets: { brand: 'Puma' } }),
      percent('b', 30, { targets: { brand: 'Nike' } }),
      false,
    ],
    [
      'targets that are what the other is about',
      percent('a', 40, { product_filters: { brand: 'Nike' }, targets: { brand: 'Puma' } }),
      percent('b', 30, { product_filters: { brand: 'Puma' } }),
      true,
    ],
    [
      'groups of units and a percentage',
      percent('a', 40),
      { id: 'b', actions: [{ type: 'unit_groups', units: 2, percent: 30 }] },
      true,
    ],
    [
      'each further unit and a percentage',
      percent('a', 40),
      { id: 'b', actions: [{ type: 'first_then_each_further', further: { percent: 30 } }] },
      true,
    ],
    ['a large one and free delivery', percent('a', 60), { id: 'b', actions: [{ type: 'free_delivery' }] }, false],
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
    const both = { product_filters: { brand: 'Puma' }, order_filters: [{ type: 'total_value', value: 500 }] }
    const pair = (hint: string) => [percent('a', 5, { ...both, hint }), percent('b', 5, { ...both, hint })]
    expect(warnings(pair(hint), 0)).toEqual([['alike_hints', 'b']])
    expect(warnings(pair(`{goods}: ${hint}`), 0)).toEqual([])
    const inOne = { ...both, hint: { en: 'More!', pl: hint } }
    expect(warnings([percent('a', 5, { ...both, hint }), percent('b', 5, inOne)], 0)).toEqual([['alike_hints', 'b']])
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

  test.each<[string, Config]>([
    ['percentages', off[0]!],
    ['tiers', { type: 'tiers', tiers: [{ from: 500, percent: 5 }] }],
    ['cashback', { type: 'cashback', value: 5 }],
  ])('a pick that picks nothing: %s', (_name, action) => {
    expect(warnings([{ actions: [{ ...action, pick: 'dearest' }] }], 0)).toEqual([['no_pick', undefined]])
    expect(warnings([{ actions: [{ ...action, pick: 'dearest', max_units: 1 }] }], 0)).toEqual([])
  })

  test('a pick that picks what is free or together is no such pick', () => {
    const actions = [{ type: 'buy_x_get_y', buy: 2, get: 1, pick: 'dearest' }]
    expect(warnings([{ actions }], 0)).toEqual([])
  })

  test.each<[string, Config[], boolean]>([
    [
      'percentages that fall',
      [
        { from: 100, percent: 20 },
        { from: 200, percent: 10 },
      ],
      true,
    ],
    [
      'whatever their order in the list',
      [
        { from: 200, percent: 10 },
        { from: 100, percent: 20 },
      ],
      true,
    ],
    [
      'percentages that rise, written from the highest',
      [
        { from: 200, percent: 20 },
        { from: 100, percent: 10 },
      ],
      false,
    ],
    [
      'sums that fall at the third',
      [
        { from: 1, sum: 1 },
        { from: 2, sum: 2 },
        { from: 3, sum: 1.5 },
      ],
      true,
    ],
    [
      'prices that rise',
      [
        { from: 2, price: 50 },
        { from: 5, price: 60 },
      ],
      true,
    ],
    [
      'prices that fall',
      [
        { from: 2, price: 60 },
        { from: 5, price: 50 },
      ],
      false,
    ],
    [
      'equal ones',
      [
        { from: 2, price: 60 },
        { from: 5, price: 60 },
      ],
      false,
    ],
    [
      'a sum and then a percentage',
      [
        { from: 100, sum: 50 },
        { from: 200, percent: 10 },
      ],
      false,
    ],
  ])('tiers: %s', (_name, tiers, warned) => {
    const found = warnings([{ actions: [{ type: 'tiers', by: 'quantity', tiers }] }], 0)
    const whole = warnings([{ actions: [{ type: 'tiers', tiers }] }], 0)
    expect([found, whole]).toEqual(Array(2).fill(warned ? [['falling_tiers', undefined]] : []))
  })

  const perUnits = (max_units: object): Config => ({ actions: [{ ...off[0], max_units }] })
  const gift = { type: 'gift', value: 'mug' }
  test.each<[string, Config, string | undefined]>([
    ['more for a line than for the order', perUnits({ per_line: 5, per_order: 2 }), '/actions/0/max_units/per_line'],
    ['less for a line than for the order', perUnits({ per_line: 2, per_order: 5 }), undefined],
    ['some for a line', perUnits({ per_line: 5 }), undefined],
    [
      'more for a customer than for all',
      { actions: off, limits: { uses: 1, customer_uses: 2 } },
      '/limits/customer_uses',
    ],
    ['as much for a customer as for all', { actions: off, limits: { uses: 2, customer_uses: 2 } }, undefined],
    ['money for gifts', { actions: [gift], limits: { budget: 100 } }, '/limits/budget'],
    [
      'minor units for vouchers',
      { actions: [{ type: 'voucher', value: 'v' }], limits: { budget_minor: 1 } },
      '/limits/budget_minor',
    ],
    ['money for a gift and a discount', { actions: [gift, ...off], limits: { budget: 100 } }, undefined],
    ['orders for gifts', { actions: [gift], limits: { uses: 100 } }, undefined],
  ])('limits: %s', (_name, config, pointer) => {
    const [verdict] = validatePromos([config], { settings: { timeZone: 'Europe/Kyiv' } })
    const found = verdict?.warnings.map((warning) => [warning.code, warning.pointer])
    expect(found).toEqual(pointer === undefined ? [] : [['idle_limit', pointer]])
  })

  const total = { type: 'total_value', value: 500 }
  const delivery = { type: 'selected_delivery', value: 'post' }
  const nested = { order_filters: [{ any: [total, delivery] }] }
  const tiers = [{ type: 'tiers', tiers: [{ from: 500, percent: 5 }] }]
  test.each<[string, Config, boolean]>([
    ['a sum that no condition asks for', { hint: '{missing_sum} more' }, true],
    ['a sum that a condition asks for', { hint: '{missing_sum} more', order_filters: [total] }, false],
    ['a sum that a tier asks for', { hint: '{missing_sum} more', actions: tiers }, false],
    ['units', { hint: '{missing_units:item|items} more', order_filters: [total] }, true],
    ['a delivery', { hint: 'choose {delivery}' }, true],
    ['a delivery that is one of several ways', { hint: 'choose {delivery}', ...nested }, false],
    ['a delivery that must not be', { hint: 'choose {delivery}', order_filters: [{ not: delivery }] }, true],
    ['a code', { hint: 'enter {code}' }, true],
    ['its code', { hint: 'enter {code}', codes: ['ABC'] }, false],
    ['goods without a filter that names some', { hint: 'more {goods}', product_filters: { price: { gte: 5 } } }, true],
    ['goods', { hint: 'more {goods}', product_filters: { brand: 'Puma' } }, false],
    ['a title', { hint: '{title}' }, true],
    ['its title', { hint: '{title}', title: 'Sale' }, false],
    ['an end', { hint: 'until {finish}' }, true],
    ['its end', { hint: 'until {finish}', finish: '2022-08-25' }, false],
    ['what it gives', { hint: 'get {reward}, {gain}' }, false],
    ['no hint', { hint: false }, false],
  ])('a hint that names %s', (_, config, isSilent) => {
    expect(warnings([{ actions: off, ...config }], 0)).toEqual(isSilent ? [['silent_hint', undefined]] : [])
  })

  test('the language of a hint that says nothing, and the placeholder', () => {
    const hint = { en: 'all {goods}', pl: '{reward}' }
    const [found] = validatePromos([{ actions: off, hint }], { settings: { timeZone: 'Europe/Kyiv' } })
    expect(found?.warnings).toEqual([
      { code: 'silent_hint', pointer: '/hint/en', message: expect.stringContaining('{goods}') },
    ])
  })
})
