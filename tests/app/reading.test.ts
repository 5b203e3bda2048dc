// What readers answer: pages of a document, the lowest price of 30 days, and that nobody is there.
import { expect, test } from 'vitest'
import type { KramEvent } from '../../events/catalog.ts'
import { getCustomer, listCustomers } from '../../lib/app/read-customers.ts'
import { getProduct, lowestPrice, priceHistory, unitsBought } from '../../lib/app/read-products.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { customer, product, purchase } from '../support/events.ts'
import { createTestShop, type TestShop } from '../support/test-shop.ts'

async function shopWith(...events: KramEvent[]): Promise<TestShop> {
  const shop = createTestShop()
  expect((await recordEvents(shop, events, { via: 'table' })).rejected).toEqual([])
  return shop
}

test("a customer's products come in pages, oldest first, each with the whole of the rest", async () => {
  const bought = Array.from({ length: 5 }, (_, i) => purchase(`b${i}@2022-04-2${i}T00:00:00.000Z`, { quantity: i + 1 }))
  const shop = await shopWith(customer('e1'), product('e2'), ...bought)
  const quantities: number[] = []
  let after: string | undefined
  do {
    const page = await getCustomer(shop, 'c1', after === undefined ? { limit: 2 } : { limit: 2, after })
    expect(page.customer.first_name).toBe('Alex')
    quantities.push(...page.customer.products.map(({ quantity }) => quantity))
    after = page.next
  } while (after !== undefined)
  expect(quantities).toEqual([1, 2, 3, 4, 5])
})

test('nobody is there', async () => {
  const shop = createTestShop()
  const unknown = (code: string) => ({ kind: 'not_found', code, retryable: false })
  await expect(getCustomer(shop, 'c9')).rejects.toMatchObject(unknown('unknown_customer'))
  await expect(getProduct(shop, 'p9')).rejects.toMatchObject(unknown('unknown_product'))
  await expect(priceHistory(shop, 'p9')).rejects.toMatchObject(unknown('unknown_product'))
  await expect(lowestPrice(shop, 'p9', '2022-04-24')).rejects.toMatchObject(unknown('unknown_product'))
  expect(await listCustomers(shop)).toEqual({ items: [] })
  expect(await unitsBought(shop, 'p9')).toBe(0)
})

const price = (time: string, units: number) => product(`e-${time}-${units}@${time}`, { price: units })

test.each<[string, KramEvent[], string, number | undefined]>([
  ['the price in force when the 30 days began counts', [price('2022-01-01T00:00:00.000Z', 5)], '2022-04-24', 500],
  [
    'the lowest of the days, though it rose again',
    [price('2022-04-01T00:00:00.000Z', 5), price('2022-04-10T12:00:00.000Z', 3), price('2022-04-10T13:00:00.000Z', 6)],
    '2022-04-24',
    300,
  ],
  [
    'the day itself does not count',
    [price('2022-04-01T00:00:00.000Z', 5), price('2022-04-24T00:00:00.000Z', 3)],
    '2022-04-24',
    500,
  ],
  [
    'the last millisecond of the day before does',
    [price('2022-04-01T00:00:00.000Z', 5), price('2022-04-23T23:59:59.999Z', 3)],
    '2022-04-24',
    300,
  ],
  [
    'a low price that ended as the 30 days began does not',
    [price('2022-03-01T00:00:00.000Z', 1), price('2022-03-25T00:00:00.000Z', 5)],
    '2022-04-24',
    500,
  ],
  [
    'one that ended a millisecond later does',
    [price('2022-03-01T00:00:00.000Z', 1), price('2022-03-25T00:00:00.001Z', 5)],
    '2022-04-24',
    100,
  ],
  ['a product that is younger is judged by the days it had', [price('2022-04-20T00:00:00.000Z', 5)], '2022-04-24', 500],
  ['before it was on sale there is none', [price('2022-04-24T00:00:00.000Z', 5)], '2022-04-24', undefined],
])('lowest price: %s', async (_name, prices, day, expected) => {
  const shop = await shopWith(...prices)
  const { from, to, lowest } = await lowestPrice(shop, 'p1', day)
  expect([from, to]).toEqual(['2022-03-25T00:00:00.000Z', '2022-04-24T00:00:00.000Z'])
  expect(lowest?.price_minor).toBe(expected)
})

test('lowest price: a price that was replaced in its own millisecond was never in force', async () => {
  const time = '2022-04-10T00:00:00.000Z'
  const shop = await shopWith(product(`a@${time}`, { price: 1 }), product(`b@${time}`, { price: 5 }))
  expect((await lowestPrice(shop, 'p1', '2022-04-24')).lowest?.price_minor).toBe(500)
})

test.each(['2022-02-30', '22-04-24', '2022-04-24T00:00:00.000Z', ''])('lowest price: %s is no day', async (day) => {
  const shop = await shopWith(product('e1'))
  await expect(lowestPrice(shop, 'p1', day)).rejects.toMatchObject({ kind: 'invalid', code: 'invalid_day' })
})
