// Every entry point for events, stream and schedule, called as the platform calls it, with the files of events/examples.
import '../support/quiet.ts'
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { handler as countStock } from '../../functions/count-stock.ts'
import { handler as onCustomerBuysProduct } from '../../functions/on-customer-buys-product.ts'
import { handler as onNewCustomer } from '../../functions/on-new-customer.ts'
import { handler as onNewProduct } from '../../functions/on-new-product.ts'
import { handler as onUnknownEvent } from '../../functions/on-unknown-event.ts'
import { handler as onVoucherGranted } from '../../functions/on-voucher-granted.ts'
import { handler as relayOutbox } from '../../functions/relay-outbox.ts'
import { handler as scoreCustomer } from '../../functions/score-customer.ts'
import { handler as sweepOutbox } from '../../functions/sweep-outbox.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { unitsBought } from '../../lib/app/read-products.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { readService } from '../../lib/local/service.ts'
import '../support/quiet.ts'
import { createTestShop, itemsOf } from '../support/test-shop.ts'

const example = (type: string) =>
  JSON.parse(readFileSync(new URL(`../../events/examples/${type}.json`, import.meta.url), 'utf8'))

test('the examples, one after the other, make a shop', async () => {
  const shop = createTestShop()
  provideDeps(shop)
  await onNewCustomer(example('new_customer'))
  await onNewProduct(example('new_product'))
  await onCustomerBuysProduct(example('customer_buys_product'))
  await countStock(example('customer_buys_product'))
  await scoreCustomer(example('customer_updated'))
  const keys = (await itemsOf(shop.table, 'outbox#')).map(({ pk, sk }) => ({ pk: { S: pk }, sk: { S: sk } }))
  const [first, ...others] = keys.map((Keys, i) => ({
    eventName: 'INSERT',
    dynamodb: { Keys, SequenceNumber: `${i}` },
  }))
  expect(others).toHaveLength(2)
  expect(await relayOutbox({ Records: [first] })).toEqual({ batchItemFailures: [] })
  await sweepOutbox({ time: '2022-12-31T12:00:00Z' })
  expect(await itemsOf(shop.table, 'outbox#')).toEqual([])
  expect(shop.bus.events.map(({ type }) => type).sort()).toEqual([
    'customer_updated',
    'customer_updated',
    'voucher_granted',
  ])
  await onVoucherGranted(example('voucher_granted'))

  // What the first text shows of this customer, with today's names of the amounts.
  expect((await getCustomer(shop, 'customer_k_004')).customer).toEqual({
    id: 'customer_k_004',
    first_name: 'Cyprian',
    last_name: 'Ostapczuk',
    address: 'plac Średnia 13\n12-612 Dąbrowa Górnicza',
    products: [
      {
        id: 'chleb_k_1',
        type: 'chleb',
        name: 'Chleb staropolski',
        price_minor: 36,
        quantity: 6,
        timestamp_ms: 1650823114225,
      },
    ],
    orders: [],
    vouchers: [
      { id: 'butter#customer_k_004#2022-04', kind: 'butter', product_type: 'masło', timestamp_ms: 1650823114225 },
    ],
  })
  expect(await unitsBought(shop, 'chleb_k_1')).toBe(6)
})

test('an event that no rule knows is kept, whatever it looks like', async () => {
  const shop = createTestShop()
  provideDeps(shop)
  await onUnknownEvent({ ...example('new_customer'), 'detail-type': 'shop_painted', detail: { colour: 'red' } })
  expect(await itemsOf(shop.table, 'unknown#')).toMatchObject([{ type: 'shop_painted', event: '{"colour":"red"}' }])
})

test('a handler throws what the platform is to know: its code, and whether trying again may help', async () => {
  provideDeps(createTestShop())
  const early = onCustomerBuysProduct(example('customer_buys_product'))
  await expect(early).rejects.toMatchObject({ code: 'unknown_customer', retryable: true })
  const spoiled = example('new_customer')
  spoiled.detail.data.address = 'x'.repeat(400_000)
  await expect(onNewCustomer(spoiled)).rejects.toMatchObject({ code: 'invalid_event', retryable: false })
})

test('what docs/events.md says of who takes replays is what serverless.yml says', () => {
  const page = readFileSync(new URL('../../docs/events.md', import.meta.url), 'utf8')
  const rows = [...page.matchAll(/^\| `([a-z-]+)` .*\| (yes|no) +\|$/gm)].map(([, name, yes]) => [name, yes === 'yes'])
  expect(rows.length).toBeGreaterThan(7)
  const { subscriptions } = readService('serverless.yml')
  const written = new Map(subscriptions.map(({ name, takesReplays }) => [name, takesReplays]))
  expect(rows).toEqual(rows.map(([name]) => [name, written.get(String(name))]))
})
