// What carts and product pages say of promotions with limits: nothing once these are spent, though nobody looked them up
// to tell what the cart comes to.
import { describe, expect, test } from 'vitest'
import { type CheckoutDeps, checkOut } from '../../../lib/app/checkout/check-out.ts'
import { productHints } from '../../../lib/app/checkout/product-hints.ts'
import { KramError } from '../../../lib/base/errors.ts'
import type { JsonObject } from '../../../lib/base/json.ts'
import { hintsForProduct } from '../../../lib/promos/hints.ts'
import { customer } from '../../support/events.ts'
import { createOrderShop, engineOf, type OrderShop, place } from '../../support/order-shop.ts'

const byCard = { order_filters: [{ type: 'selected_payment', value: 'card' }] }
const half = { ...byCard, actions: [{ type: 'percent_off', value: 50 }] }

type Tried = { id?: string; codes?: string[] }

/** What two customers and a guest are told who have not chosen how to pay, after one of them ordered by card. */
async function toldAfterOrder(promo: JsonObject, { codes = [] }: Tried = {}) {
  const engine = engineOf({ p: promo, free: { ...byCard, actions: [{ type: 'free_delivery' }] } })
  const shop = await createOrderShop(customer('e5', { id: 'c2' }))
  const payment = { method: 'card' }
  await place(shop, engine, { lines: { p1: 1 }, payment, codes })
  shop.clock.nowMs += 60_000
  const told = async (customer_id?: string) => {
    const cart = { lines: [{ product_id: 'p1', quantity: 1 }], ...(customer_id && { customer_id }) }
    const { answer, faults } = await checkOut(shop, cart, { tester: false }, engine)
    expect(faults).toEqual([])
    return answer.hints.map((hint) => hint.promo).toSorted()
  }
  return { own: await told('c1'), other: await told('c2'), guest: await told() }
}

describe('a cart', () => {
  const all = ['free', 'p']
  test.each<[string, JsonObject, Tried, { own: string[]; other: string[]; guest: string[] }]>([
    ['is told of a promotion without limits', half, {}, { own: all, other: all, guest: all }],
    ['of one that has something left', { ...half, limits: { uses: 2 } }, {}, { own: all, other: all, guest: all }],
    [
      'of none that is spent',
      { ...half, limits: { uses: 1 } },
      {},
      { own: ['free'], other: ['free'], guest: ['free'] },
    ],
    [
      'of none that this customer has used up',
      { ...half, limits: { customer_uses: 1 } },
      {},
      { own: ['free'], other: all, guest: all },
    ],
    [
      'of none whose budget has less than the hint promises',
      { ...half, limits: { budget: 9.99 } },
      {},
      { own: ['free'], other: ['free'], guest: ['free'] },
    ],
    ['of one whose budget has as much', { ...half, limits: { budget: 10 } }, {}, { own: all, other: all, guest: all }],
    [
      'of a code that is left to others',
      { ...half, hint: 'Enter {code}', codes: ['A'], limits: { each_code: { customer_uses: 1 } } },
      { codes: ['a'] },
      { own: ['free'], other: all, guest: all },
    ],
    [
      'of no code that is spent',
      { ...half, hint: 'Enter {code}', codes: ['A'], limits: { each_code: { uses: 1 } } },
      { codes: ['a'] },
      { own: ['free'], other: ['free'], guest: ['free'] },
    ],
  ])('%s', async (_name, promo, tried, told) => {
    expect(await toldAfterOrder(promo, tried)).toEqual(told)
  })

  test('has no hints where limits cannot be looked up, and says so; what it comes to is right', async () => {
    const engine = engineOf({
      p: { ...half, limits: { uses: 1 } },
      all: { actions: [{ type: 'percent_off', value: 10 }] },
    })
    const shop = await withoutCounters()
    const { answer, faults } = await checkOut(
      shop,
      { lines: [{ product_id: 'p1', quantity: 1 }] },
      { tester: false },
      engine,
    )
    expect(answer).toMatchObject({ total_minor: 900, hints: [], parts_failed: ['hints'] })
    expect(faults).toMatchObject([{ kind: 'part_failed', code: 'hints' }])
  })
})

/** A shop whose table keeps no counters to read. */
async function withoutCounters(): Promise<CheckoutDeps> {
  const shop: OrderShop = await createOrderShop()
  const away = async (): Promise<never> => {
    throw new KramError('unavailable', 'store_unreachable', 'The table cannot be reached.')
  }
  const isCounter = ({ pk }: { pk: string }): boolean => pk.startsWith('redeemed#')
  const table = {
    ...shop.table,
    get: (asked: Parameters<typeof shop.table.get>[0]) => (asked.some(isCounter) ? away() : shop.table.get(asked)),
  }
  return { ...shop, table }
}

describe('a product page', () => {
  const gift = { actions: [{ type: 'gift', value: 'mug' }] }
  const two = { order_filters: [{ type: 'total_quantity', value: 2 }], ...gift }
  const asked = { tester: false, language: 'en' as const }

  test('says nothing of promotions that are spent, whether one unit gets them or not', async () => {
    const engine = engineOf({
      ...{ spent: { ...gift, limits: { uses: 1 } }, left: { ...gift, limits: { uses: 2 } } },
      ...{ 'two-spent': { ...two, limits: { uses: 1 } }, 'two-left': { ...two, limits: { customer_uses: 1 } } },
    })
    const shop = await createOrderShop()
    await place(shop, engine, { lines: { p1: 2 } })
    const { answer, faults } = await productHints(shop, 'p1', asked, { ...engine, hintsForProduct })
    expect([answer.active.map(({ promo }) => promo), answer.hints.map(({ promo }) => promo)]).toEqual([
      ['left'],
      ['two-left'],
    ])
    expect(faults).toEqual([])
  })

  test('says nothing where limits cannot be looked up, nor is that kept', async () => {
    const engine = engineOf({ some: { ...gift, limits: { uses: 1 } } })
    const told = await productHints(await withoutCounters(), 'p1', asked, { ...engine, hintsForProduct })
    expect(told.answer).toMatchObject({ active: [], hints: [], promos_failed: { code: 'store_unreachable' } })
    expect(told).toMatchObject({ faults: [{ kind: 'promos_failed', code: 'store_unreachable' }], maxAgeSeconds: 0 })
  })
})
