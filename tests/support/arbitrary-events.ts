// Random sets of events of a small shop: few ids and few moments, so that they meet often.
import * as fc from 'fast-check'
import type { KramEvent } from '../../events/catalog.ts'
import { makeEvent } from '../../events/event.ts'
import { voucherGranted } from '../../events/voucher-granted.ts'
import { customer, product, purchase } from './events.ts'

const customerId = fc.constantFrom('c1', 'c2')
const productId = fc.constantFrom('p1', 'p2')
const time = fc.constantFrom(
  '2012-04-24T00:00:00.000Z',
  '2022-04-23T23:59:59.999Z',
  '2022-04-24T00:00:00.000Z',
  '2022-04-24T00:00:00.001Z',
  '2022-04-24T19:41:07.123Z',
)
const quantity = fc.integer({ min: 1, max: 10 })

type Say = (when: string) => KramEvent

const customers: fc.Arbitrary<Say> = fc
  .record({
    id: customerId,
    first_name: fc.constantFrom('Ala', 'Ola'),
    more: fc.constantFrom({}, { loyalty_card: 'gold' }, { attributes: { city: 'Lviv', age: 21 } }),
  })
  .map(
    ({ more, ...data }) =>
      (when) =>
        customer(when, { ...data, ...more }),
  )
const products: fc.Arbitrary<Say> = fc
  .record({ id: productId, type: fc.constantFrom('chleb', 'masło'), cents: fc.integer({ min: 0, max: 999 }) })
  .map(
    ({ cents, ...data }) =>
      (when) =>
        product(when, { ...data, price: cents / 100, attributes: { cents } }),
  )
const purchases: fc.Arbitrary<Say> = fc
  .record({ customer_id: customerId, product_id: productId, quantity })
  .map((data) => (when) => purchase(when, data))
const orderLines: fc.Arbitrary<Say> = fc
  .record({ customer_id: customerId, product_id: productId, quantity })
  .map((data) => (when) => purchase(when, { ...data, order_id: 'o', line_id: '1', price_minor: 7 }, 'kram.orders'))
const vouchers: fc.Arbitrary<Say> = customerId.map((customer_id) => (when) => {
  const [id = '', moment = ''] = when.split('@')
  return makeEvent(voucherGranted, { id: `welcome#${customer_id}`, customer_id, kind: 'welcome' }, { id, time: moment })
})

const say = (kinds: fc.Arbitrary<Say>, name: string, maxLength: number): fc.Arbitrary<KramEvent[]> =>
  fc
    .array(fc.tuple(kinds, time), { maxLength })
    .map((said) => said.map(([make, moment], i) => make(`${name}${i}@${moment}`)))

/** Products apart from the rest: the one order that may matter is theirs against the purchases. */
export const shopEvents = fc.record({
  products: say(products, 'p', 6),
  others: say(fc.oneof(customers, purchases, orderLines, vouchers), 'e', 16),
})

/** Each one to three times, in any order. */
export const shuffledWithDuplicates = (events: readonly KramEvent[]): fc.Arbitrary<KramEvent[]> =>
  fc
    .tuple(...events.map((event) => fc.integer({ min: 1, max: 3 }).map((times) => Array<KramEvent>(times).fill(event))))
    .chain((copies) => {
      const all = copies.flat()
      return fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length })
    })
