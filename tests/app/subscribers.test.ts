// The three subscribers that nobody else knows of, as the platform calls them: through their functions.
import '../support/quiet.ts'
import { beforeEach, expect, test } from 'vitest'
import type { DataOf, KramEvent } from '../../events/catalog.ts'
import { customerUpdated } from '../../events/customer-updated.ts'
import { makeEvent } from '../../events/event.ts'
import { handler as countStock } from '../../functions/count-stock.ts'
import { handler as greetCity } from '../../functions/greet-city.ts'
import { handler as onVoucherGranted } from '../../functions/on-voucher-granted.ts'
import { handler as scoreCustomer } from '../../functions/score-customer.ts'
import { sweepOutbox } from '../../lib/app/outbox.ts'
import { getCustomer } from '../../lib/app/read-customers.ts'
import { unitsBought } from '../../lib/app/read-products.ts'
import { recordEvents } from '../../lib/app/record-events.ts'
import { provideDeps } from '../../lib/lambda/deps.ts'
import { at, customer, product, purchase } from '../support/events.ts'
import { createTestShop, itemsOf, stateOf, type TestShop } from '../support/test-shop.ts'

let shop: TestShop
beforeEach(() => {
  shop = createTestShop()
  provideDeps(shop)
})

/** An event as EventBridge hands it to a function; with a replay's name when it comes from the archive. */
const onBus = (event: KramEvent, replayName?: string) => ({
  version: '0',
  id: '7bf73129-1428-4cd3-a780-95db273d1602',
  'detail-type': event.type,
  source: event.source,
  account: '123456789012',
  time: '2022-04-24T19:41:07Z',
  region: 'eu-central-1',
  resources: [],
  ...(replayName === undefined ? {} : { 'replay-name': replayName }),
  detail: event,
})

/** What waits to be told, of one type. */
const told = async (type: string): Promise<KramEvent[]> =>
  (await itemsOf(shop.table, 'outbox#'))
    .map(({ event }) => event as unknown as KramEvent)
    .filter((event) => event.type === type)

const vouchersTold = async () => (await told('voucher_granted')).map(({ data }) => (data as { id: string }).id).sort()

test('count-stock counts each purchase once, also in a replay', async () => {
  const events = [
    purchase('e1', { quantity: 3 }),
    purchase('e2', { quantity: 4 }),
    purchase('e3', { product_id: 'p2' }),
  ]
  for (const event of [...events, ...events]) await countStock(onBus(event))
  for (const event of events) await countStock(onBus(event, 'again'))
  expect(await unitsBought(shop, 'p1')).toBe(7)
  expect(await unitsBought(shop, 'p2')).toBe(2)
})

test('greet-city grants one welcome voucher to a customer, however often the customer is told of', async () => {
  await greetCity(onBus(customer('e1')))
  await greetCity(onBus(customer('e1')))
  await greetCity(onBus(customer('e2@2022-05-01T00:00:00.000Z', { first_name: 'Ola' })))
  await greetCity(onBus(customer('e3', { id: 'c2' }), 'again'))
  expect(await told('voucher_granted')).toEqual([
    {
      specversion: '1.0',
      id: 'voucher_granted#welcome#c1',
      source: 'kram.vouchers',
      type: 'voucher_granted',
      time: '2022-04-24T12:00:00.000Z',
      subject: 'c1',
      dataschema: 'urn:kram:voucher_granted:1',
      correlationid: 'e1',
      causationid: 'e1',
      data: { id: 'welcome#c1', customer_id: 'c1', kind: 'welcome' },
    },
  ])
})

/** `day units-of-bread units-of-others` bought, and the customer's picture of `time` scored. */
async function score(bought: [string, number, number][], time: string): Promise<void> {
  await recordEvents(shop, [customer('e1'), product('e2'), product('e3', { id: 'p2', type: 'mleko' })], {
    via: 'table',
  })
  for (const [day, bread, others] of bought) {
    const lines = [
      purchase(`b-${day}-1@${day}T10:00:00.000Z`, { quantity: bread }),
      purchase(`b-${day}-2@${day}T11:00:00.000Z`, { quantity: others, product_id: 'p2' }),
    ]
    expect((await recordEvents(shop, lines, { via: 'table' })).rejected).toEqual([])
  }
  await scoreCustomer(onBus(picture(`s-${time}@${time}`)))
}

const picture = (when: string): KramEvent => {
  const data: DataOf<'customer_updated'> = { ...customer('e1').data, change: 'purchase' }
  return makeEvent(customerUpdated, data, at(when))
}

test.each<[string, [string, number, number][], string[]]>([
  ['a quarter bread is not enough', [['2022-04-24', 1, 3]], []],
  ['more than a quarter is', [['2022-04-24', 251, 749]], ['butter#c1#2022-04']],
  ['the 29 days before count', [['2022-03-26', 9, 1]], ['butter#c1#2022-04']],
  [
    'the 30th does not',
    [
      ['2022-03-25', 9, 1],
      ['2022-04-24', 1, 9],
    ],
    [],
  ],
  [
    'nor does the day after',
    [
      ['2022-04-24', 1, 9],
      ['2022-04-25', 9, 1],
    ],
    [],
  ],
  ['whoever buys nothing gets nothing', [], []],
])('score-customer: %s', async (_name, bought, vouchers) => {
  await score(bought, '2022-04-24T12:00:00.000Z')
  expect(await vouchersTold()).toEqual(vouchers)
})

test('score-customer: never two in a month, one more in the next, none in a replay', async () => {
  await score([['2022-04-24', 9, 1]], '2022-04-24T12:00:00.000Z')
  await scoreCustomer(onBus(picture('s2@2022-04-30T23:59:59.999Z')))
  expect(await vouchersTold()).toEqual(['butter#c1#2022-04'])
  await scoreCustomer(onBus(picture('s3@2022-05-01T00:00:00.000Z'), 'again'))
  expect(await vouchersTold()).toEqual(['butter#c1#2022-04'])
  await scoreCustomer(onBus(picture('s3@2022-05-01T00:00:00.000Z')))
  expect(await vouchersTold()).toEqual(['butter#c1#2022-04', 'butter#c1#2022-05'])
})

test('a voucher that was decided reaches the customer, and is stored by replays too', async () => {
  await score([['2022-04-24', 9, 1]], '2022-04-24T12:00:00.000Z')
  await sweepOutbox(shop)
  const granted = shop.bus.events.find(({ type }) => type === 'voucher_granted') as KramEvent
  await onVoucherGranted(onBus(granted, 'again'))
  const state = await stateOf(shop.table)
  await onVoucherGranted(onBus(granted))
  expect(await stateOf(shop.table)).toBe(state)
  expect((await getCustomer(shop, 'c1')).customer.vouchers).toEqual([
    { id: 'butter#c1#2022-04', kind: 'butter', product_type: 'masło', timestamp_ms: 1650801600000 },
  ])
})
