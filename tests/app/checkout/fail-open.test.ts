// Better no discount than no order: the engine, the snapshot and the store of snapshots fail in every way that we can
// think of, and each time the cart gets an answer whose amounts are right.
import { describe, expect, test } from 'vitest'
import type { Engine } from '../../../lib/app/checkout/apply-promos.ts'
import type { Cart } from '../../../lib/app/checkout/cart.ts'
import { type CheckedOut, checkOut } from '../../../lib/app/checkout/check-out.ts'
import { productHints } from '../../../lib/app/checkout/product-hints.ts'
import { createLiveSet } from '../../../lib/app/promos/live-set.ts'
import { snapshotKey } from '../../../lib/app/promos/snapshot.ts'
import { assert } from '../../../lib/base/assert.ts'
import type { Key } from '../../../lib/ports/table.ts'
import { allocate } from '../../../lib/promos/allocate.ts'
import type { Allocation } from '../../../lib/promos/allocation.ts'
import { hintsForProduct } from '../../../lib/promos/hints.ts'
import { breaking } from '../../support/breaking.ts'
import { type CheckoutShop, calm, createCheckoutShop } from '../../support/checkout-shop.ts'
import { customer, product } from '../../support/events.ts'
import { percentOff } from '../../support/promos.ts'
import { away, hang } from '../../support/unsteady-objects.ts'

const cart: Cart = {
  lines: [
    { product_id: 'bread', quantity: 3 },
    { product_id: 'shorts', quantity: 2 },
  ],
  customer_id: 'c1',
  delivery: { method: 'courier' },
  codes: ['XXX'],
}
const list = { items_minor: 158_114, discount_minor: 0, delivery_minor: 1_999, total_minor: 160_113 }
const discounted = { items_minor: 158_114, discount_minor: 15_811, delivery_minor: 0, total_minor: 142_303 }

// With a window, conditions of several kinds, and one that is missed, so that much of the engine has to work.
async function createShop(): Promise<CheckoutShop> {
  const shop = createCheckoutShop()
  await shop.record(
    product('e1', { id: 'bread', price: 0.38 }),
    product('e2', { id: 'shorts', price: 790, attributes: { brand: 'Puma' } }),
    customer('e3', { id: 'c1', groups: ['vip'] }),
  )
  const near = percentOff(20, { order_filters: [{ type: 'total_value', value: 5_000 }] })
  await shop.publish({
    ten: percentOff(10, { codes: ['XXX'], finish: '2032-01-01' }),
    delivery: { state: 'live', actions: [{ type: 'free_delivery' }], product_filters: { brand: 'Puma' } },
    near,
    other: percentOff(50, { product_filters: { brand: 'Adidas' } }),
  })
  return shop
}

const asks = { tester: false }

const ask = () => checkOut(shop, cart, asks, { live: shop.live, allocate })

const failed = (code: unknown) => ({ ...list, applied: [], refused: [], hints: [], promos_failed: { code } })

let shop: CheckoutShop
const answers: CheckedOut[] = []

async function answered(engine: Engine): Promise<CheckedOut> {
  const { answer, faults } = await checkOut(shop, cart, asks, engine)
  answers.push(answer)
  expect(faults).toContainEqual(expect.objectContaining({ kind: 'promos_failed' }))
  return answer
}

/** How many things somebody does with the set, who has done it before: what is worked out once is kept in the set. */
async function stepsOf<Set extends object>(set: Set, use: (set: Set) => Promise<void>): Promise<number> {
  await use(breaking(set, Number.POSITIVE_INFINITY).value)
  const whole = breaking(set, Number.POSITIVE_INFINITY)
  await use(whole.value)
  return whole.touched()
}

test('where nothing fails there is a discount', async () => {
  shop = await createShop()
  const { answer, faults } = await ask()
  expect(answer).toMatchObject(discounted)
  expect(faults).toEqual([])
})

describe('the engine', () => {
  test('breaks at any of the things that it does with its promotions: list prices, or a discount less explained', async () => {
    shop = await createShop()
    const { set } = await shop.live.current()
    const engineOf = (broken: typeof set): Engine => ({ live: { current: async () => ({ set: broken }) }, allocate })
    const steps = await stepsOf(set, async (whole) => {
      const { answer } = await checkOut(shop, cart, asks, engineOf(whole))
      expect(answer).toMatchObject(discounted)
    })
    expect(steps).toBeGreaterThan(100)
    let explanations = 0
    for (let step = 0; step < steps; step++) {
      const { answer, faults } = await checkOut(shop, cart, asks, engineOf(breaking(set, step).value))
      if (answer.parts_failed) {
        explanations++
        expect(answer, `at step ${step}`).toMatchObject(discounted)
        for (const part of answer.parts_failed) expect(answer[part]).toEqual([])
        expect(faults).toMatchObject(answer.parts_failed.map((code) => ({ kind: 'part_failed', code })))
      } else {
        expect(answer, `at step ${step}`).toMatchObject(failed('internal'))
        expect(faults).toMatchObject([{ kind: 'promos_failed', code: 'internal' }])
        answers.push(answer)
      }
    }
    expect(explanations).toBeGreaterThan(10)
    expect(answers.length).toBeGreaterThan(100)
  })

  test.each<[string, (right: Allocation) => unknown]>([
    [
      'throws what is no error',
      () => {
        throw 7
      },
    ],
    ['answers nothing', () => undefined],
    ['answers a text', () => 'free'],
    ['forgets a line', (right) => ({ ...right, lines: right.lines.slice(1) })],
    ['invents a line', (right) => ({ ...right, lines: [...right.lines, right.lines[0]] })],
    ['swaps lines', (right) => ({ ...right, lines: right.lines.toReversed() })],
    ['counts wrong', (right) => ({ ...right, total_minor: right.total_minor - 1 })],
    ['pays the customer', (right) => ({ ...right, total_minor: -1 })],
    ['answers NaN', (right) => ({ ...right, discount_minor: Number.NaN, total_minor: Number.NaN })],
    ['makes delivery dearer', (right) => ({ ...right, delivery_minor: 5_000, total_minor: right.total_minor + 5_000 })],
    ['gives halves', (right) => withLine(right, (line) => ({ ...line, discount_minor: 0.5, total_minor: 113.5 }))],
    ['changes a price', (right) => withLine(right, (line) => ({ ...line, items_minor: 1, total_minor: 1 }))],
    [
      'gives a negative discount',
      (right) => withLine(right, (line) => ({ ...line, discount_minor: -5, total_minor: 119 })),
    ],
    ['loses a unit', (right) => withLine(right, (line) => ({ ...line, units: [{ count: 2, amount_minor: 38 }] }))],
  ])('%s: list prices', async (_name, spoil) => {
    shop = await createShop()
    const engine: Engine = {
      live: shop.live,
      allocate: (...args) => spoil(allocate(...args)) as Allocation,
    }
    expect(await answered(engine)).toMatchObject(failed(expect.stringMatching(/^(?:internal|promos_unsound)$/)))
  })

  test('has too much to do: list prices', async () => {
    shop = createCheckoutShop()
    await shop.record(product('e1', { id: 'bread', price: 0.38 }))
    const actions = Array.from({ length: 20 }, () => ({ type: 'percent_off', value: 1, on: 'each_unit' }))
    await shop.publish(Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, percentOff(1, { actions })])))
    const lines = Array.from({ length: 200 }, (_, i) => ({ id: `${i}`, product_id: 'bread', quantity: 10_000 }))
    const { answer, faults } = await checkOut(shop, { lines }, asks, { live: shop.live, allocate })
    expect(answer).toMatchObject({ total_minor: 76_000_000, promos_failed: { code: 'budget_exceeded' } })
    expect(faults).toEqual([{ kind: 'promos_failed', code: 'budget_exceeded' }])
  })
})

const withLine = (right: Allocation, change: (line: Allocation['lines'][number]) => object): object => ({
  ...right,
  lines: right.lines.map((line, i) => (i === 0 ? change(line) : line)),
})

describe('the first snapshot', () => {
  test('is cut off at any place: list prices each time', async () => {
    shop = await createShop()
    const stored = await shop.objects.get(snapshotKey)
    assert(stored && stored !== 'not_modified', 'there is a snapshot')
    for (let cut = 0; cut < 100; cut++) {
      const bytes = stored.bytes.slice(0, Math.floor((stored.bytes.length * cut) / 100))
      await shop.objects.put(snapshotKey, bytes)
      expect(await answered({ live: createLiveSet(shop, calm), allocate }), `cut at ${cut} %`).toMatchObject(
        failed('promos_unavailable'),
      )
    }
  })

  test.each([
    'null',
    '[]',
    '{}',
    '{"set": 1, "format": 1, "configs": [null]}',
    '{"set": -1, "format": 1, "configs": []}',
  ])('is %s: list prices', async (text) => {
    shop = await createShop()
    await shop.objects.put(snapshotKey, new TextEncoder().encode(text))
    expect(await answered({ live: createLiveSet(shop, calm), allocate })).toMatchObject(failed('promos_unavailable'))
  })

  test.each([
    ['lies in a store that is away', away],
    ['lies in a store that hangs', hang],
    [
      'lies in a store that fails in its own way',
      () => {
        throw { not: 'an error' }
      },
    ],
  ])('%s: list prices', async (_name, before) => {
    shop = await createShop()
    shop.objects.before = before
    expect(await answered({ live: createLiveSet(shop, { ...calm, first: 20 }), allocate })).toMatchObject(
      failed('promos_unavailable'),
    )
  })
})

describe('a set that is there already', () => {
  test.each([
    ['is away', away, 'objects_unavailable', calm.check],
    ['hangs', hang, 'slow', 20],
  ])(
    'goes on to give its discount when the store %s, and says that it may be old',
    async (_name, before, code, check) => {
      shop = await createShop()
      const times = { ...calm }
      const engine = { live: createLiveSet(shop, times), allocate }
      await checkOut(shop, cart, asks, engine)
      shop.clock.nowMs += 5_000
      shop.objects.before = before
      times.check = check
      const { answer, faults } = await checkOut(shop, cart, asks, engine)
      expect(answer).toMatchObject({ ...discounted, promos_stale: true })
      expect(faults).toEqual([{ kind: 'promos_stale', code }])
    },
  )

  test('goes on when what follows cannot be read', async () => {
    shop = await createShop()
    await ask()
    await shop.objects.put(snapshotKey, new TextEncoder().encode('{"set": 9, '))
    shop.clock.nowMs += 5_000
    expect((await ask()).answer).toMatchObject({ ...discounted, promos_stale: true })
  })
})

test('hints fail open too: a page without hints', async () => {
  shop = await createShop()
  const { set } = await shop.live.current()
  const engineOf = (broken: typeof set) => ({ live: { current: async () => ({ set: broken }) }, hintsForProduct })
  const asked = { tester: false, language: 'en' } as const
  const steps = await stepsOf(set, async (whole) => {
    const right = await productHints(shop, 'shorts', asked, engineOf(whole))
    expect(right.faults).toEqual([])
  })
  for (let step = 0; step < steps; step++) {
    const { answer, faults, maxAgeSeconds } = await productHints(
      shop,
      'shorts',
      asked,
      engineOf(breaking(set, step).value),
    )
    expect(answer).toMatchObject({ active: [], hints: [], valid_until: null, promos_failed: { code: 'internal' } })
    expect({ maxAgeSeconds, faults }).toMatchObject({ maxAgeSeconds: 0, faults: [{ kind: 'promos_failed' }] })
  }
})

test('when what limits have left cannot be read: list prices', async () => {
  shop = await createShop()
  await shop.publish({ few: percentOff(30, { limits: { uses: 10 } }) })
  const table = {
    ...shop.table,
    get: (keys: readonly Key[]) => (keys.some(({ pk }) => pk.startsWith('redeemed#')) ? away() : shop.table.get(keys)),
  }
  const { answer, faults } = await checkOut({ ...shop, table }, cart, asks, { live: shop.live, allocate })
  expect(answer).toMatchObject(failed('objects_unavailable'))
  expect(faults).toMatchObject([{ kind: 'promos_failed', code: 'objects_unavailable' }])
})

test('while the table is away there are no prices, and that is said: nothing is made up', async () => {
  shop = await createShop()
  const table = { ...shop.table, get: away }
  await expect(checkOut({ ...shop, table }, cart, asks)).rejects.toMatchObject({ kind: 'unavailable' })
})

test('more than a hundred failures were injected, and each was answered with the list prices', () => {
  expect(answers.length).toBeGreaterThan(100)
  for (const answer of answers) expect(answer).toMatchObject(list)
})
