// What a rebuild reports: late prices by name, and no difference that follows from one of them.
import { expect, test } from 'vitest'
import { keys } from '../../lib/app/keys.ts'
import { compareTables } from '../../lib/app/rebuild.ts'
import { recordPurchase } from '../../lib/app/record-purchase.ts'
import { storeCustomer } from '../../lib/app/store-customer.ts'
import { storeProduct } from '../../lib/app/store-product.ts'
import { customer, product, purchase } from '../support/events.ts'
import { createTestShop } from '../support/test-shop.ts'

const bread = product('e2@2022-04-24T10:00:00.000Z', { type: 'chleb', price: 1 })
const butter = product('e3@2022-04-24T12:00:00.000Z', { type: 'masło', price: 2 })
const bought = purchase('e4@2022-04-24T13:00:00.000Z', { quantity: 3 })

/** A shop in which the second price came before (`late`: after) the purchase. */
async function shopWith({ late }: { late: boolean }) {
  const deps = createTestShop()
  const handle = { replay: false }
  await storeCustomer(deps, customer('e1@2022-04-24T09:00:00.000Z'), handle)
  await storeProduct(deps, bread, handle)
  if (!late) await storeProduct(deps, butter, handle)
  await recordPurchase(deps, bought, handle)
  if (late) await storeProduct(deps, butter, handle)
  return deps.table
}

test('a late price with another type is named once, and the statistics that moved with it are no difference', async () => {
  const live = await shopWith({ late: true })
  const { late_prices, waiting, difference_count, differences } = await compareTables(
    live,
    await shopWith({ late: false }),
  )
  expect(waiting).toBe((await Array.fromAsync(live.scan({ prefix: 'outbox#' }))).length)
  expect(waiting).toBeGreaterThan(0)
  expect(differences).toEqual([])
  expect(difference_count).toBe(0)
  expect(late_prices).toMatchObject([{ live_minor: 100, rebuilt_minor: 200 }])
})

test.each<[string, { [name: string]: string | number }]>([
  ['a price that the product never had', { price_minor: 7 }],
  ['a price that it had with another type', { price_minor: 200, type: 'chleb' }],
  ['a name that it never had', { name: 'Nothing' }],
  ['the price of an order, which brings it along', { price_minor: 100, type: 'chleb', order_id: 'o1' }],
])('is no late price: %s', async (_, changed) => {
  const [live, rebuilt] = [await shopWith({ late: false }), await shopWith({ late: false })]
  const { order_id } = changed
  for await (const item of rebuilt.scan({ prefix: 'customer#' })) {
    if (!item.sk.startsWith('purchase#')) continue
    if (order_id !== undefined) await rebuilt.write([{ op: 'put', item: { ...item, order_id } }])
    await live.write([{ op: 'put', item: { ...item, ...changed } }])
  }
  const { late_prices, differences } = await compareTables(live, rebuilt)
  expect(late_prices).toEqual([])
  expect(differences).toMatchObject([{ kind: 'purchases', how: 'different' }])
})

test('statistics that differ by more than that are a difference', async () => {
  const live = await shopWith({ late: true })
  await live.write([{ op: 'count', key: keys.stats('c1', '2022-04-24'), add: { 'units:chleb': 1 } }])
  const { differences } = await compareTables(live, await shopWith({ late: false }))
  expect(differences).toMatchObject([{ kind: 'statistics', how: 'different' }])
})
