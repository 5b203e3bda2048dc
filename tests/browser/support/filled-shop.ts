// Something of everything: promotions of each standing, versions, limits that are used, orders of some customers.

import type { ShopAt } from './shops.ts'
import { apiOf } from './visitor.ts'

const filled = new Set<string>()
const dayMs = 86_400_000
const day = (fromNow: number): string => new Date(Date.now() + fromNow * dayMs).toISOString().slice(0, 10)

type Put = (id: string, expectedVersion: number, reason: string, config: object) => Promise<unknown>

async function savePromos(put: Put): Promise<void> {
  const autumn = {
    title: 'Autumn: 20 % off jackets and dear sneakers',
    product_filters: { any: [{ kind: 'Jackets' }, { kind: 'Sneakers', price: { gte: 2000 } }] },
    actions: [{ type: 'percent_off', value: 20, max_minor: 50_000 }],
  }
  await put('autumn', 0, 'a first sketch', { ...autumn, state: 'draft' })
  await put('autumn', 1, 'testers may look', { ...autumn, state: 'test', priority: 5 })
  await put('autumn', 2, 'Friday night, as planned', {
    ...{ ...autumn, state: 'live', priority: 5, time_zone: 'Europe/Kyiv', start: day(-6), finish: day(9) },
    limits: { uses: 12, budget: 3_000 },
  })
  await put('socks', 0, 'planned for the weekend', {
    ...{ title: 'Socks: three for two', state: 'live', start: day(5), finish: day(12), time_zone: 'Europe/Kyiv' },
    ...{ recurrence: { weekdays: ['sat', 'sun'] }, group: 'small things' },
    product_filters: { kind: 'Socks' },
    actions: [{ type: 'buy_x_get_y', buy: 2, get: 1 }],
  })
  await put('gold', 0, 'for the club', {
    ...{ title: 'Gold card: 5 % of what is paid', state: 'test' },
    order_filters: [
      {
        any: [
          { type: 'loyalty_card', value: 'gold' },
          { type: 'customer_group', value: ['staff'] },
        ],
      },
    ],
    actions: [{ type: 'bonus', value: 5 }],
  })
  await put('winter-2021', 0, 'over', {
    ...{ title: 'Winter 2021', state: 'live', start: '2021-01-01', finish: '2021-02-01', time_zone: 'Europe/Kyiv' },
    actions: [{ type: 'free_delivery' }],
  })
}

const carts: [product: string, quantity: number][][] = [
  [['kurtka_k_1', 1]],
  [
    ['kurtka_k_1', 1],
    ['czekolada_k_1', 3],
  ],
  [['vyshyvanka_k_1', 2]],
  [
    ['krosivky_k_2', 1],
    ['shorty_k_1', 1],
  ],
]

async function placeOrders(shop: ShopAt): Promise<void> {
  const ask = await apiOf(shop, 'shop')
  for (const [i, lines] of carts.entries()) {
    const cart = {
      lines: lines.map(([product_id, quantity]) => ({ product_id, quantity })),
      customer_id: `customer_k_00${i}`,
      ...{ delivery: { method: 'novaposhta' }, payment: { method: 'card' } },
    }
    const { total_minor } = await ask<{ total_minor: number }>('POST', '/checkout', cart)
    const order = { ...cart, expected_total_minor: total_minor }
    await ask('POST', '/orders', order, { 'idempotency-key': `filled-shop-${i}` })
  }
}

/** Once for each shop; the shop's own samples must be there. */
export async function fillShop(shop: ShopAt): Promise<void> {
  if (filled.has(shop.url)) return
  filled.add(shop.url)
  const admin = await apiOf(shop, 'admin')
  const { items } = await admin<{ items: { id: string }[] }>('GET', '/promos?limit=100')
  if (items.some(({ id }) => id === 'autumn')) return
  await savePromos((id, expected_version, reason, config) =>
    admin('PUT', `/promos/${id}`, { config, expected_version, reason }),
  )
  await placeOrders(shop)
}
