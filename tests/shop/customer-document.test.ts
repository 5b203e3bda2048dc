import { describe, expect, test } from 'vitest'
import { customerDocument, type StoredItem } from '../../lib/shop/customer-document.ts'

const pk = 'customer#customer_k_004'
const bread = { id: 'chleb_k_1', type: 'chleb', name: 'Chleb staropolski', price_minor: 36, quantity: 6 }
const profile = {
  id: 'customer_k_004',
  first_name: 'Cyprian',
  last_name: 'Ostapczuk',
  address: 'plac Średnia 13\n12-612 Dąbrowa Górnicza',
}
const collection: StoredItem[] = [
  { pk, sk: 'order#2022-04-25T00:00:00.000Z#o1', event_id: 'o1', id: 'o1', total_minor: 400 },
  { pk, sk: 'profile', ...profile, event_time: '2022-04-24T17:00:00.000Z', event_id: 'e1' },
  { pk, sk: 'purchase#2022-04-24T17:58:34.225Z#e2', ...bread, timestamp_ms: 1650823114225, event_id: 'e2' },
  {
    pk,
    sk: 'purchase#2022-04-24T17:58:34.237Z#e3',
    ...bread,
    timestamp_ms: 1650823114237,
    order_id: 'o1',
    line_id: '1',
    discount_minor: 5,
  },
  { pk, sk: 'stats#2022-04-24', units: 12 },
  { pk, sk: 'voucher#butter#customer_k_004#2022-04', event_id: 'e4', id: 'butter#customer_k_004#2022-04' },
]

describe('the customer document', () => {
  test('is put together from every part of the collection, without what the projections keep beside', () => {
    expect(customerDocument(collection)).toEqual({
      ...profile,
      products: [
        { ...bread, timestamp_ms: 1650823114225 },
        { ...bread, timestamp_ms: 1650823114237, order_id: 'o1', line_id: '1', discount_minor: 5 },
      ],
      orders: [{ id: 'o1', total_minor: 400 }],
      vouchers: [{ id: 'butter#customer_k_004#2022-04' }],
    })
  })
  test('carries card, groups and attributes only where the customer has them', () => {
    const item = { pk, sk: 'profile', ...profile, loyalty_card: 'gold', groups: ['staff'], attributes: { age: 21 } }
    expect(customerDocument([item])).toEqual({
      ...profile,
      loyalty_card: 'gold',
      groups: ['staff'],
      attributes: { age: 21 },
      products: [],
      orders: [],
      vouchers: [],
    })
  })
  test('is none without a profile', () => {
    expect(customerDocument(collection.filter(({ sk }) => sk !== 'profile'))).toBeUndefined()
  })
  test('is refused aloud when an item is none of ours', () => {
    expect(() => customerDocument([{ pk, sk: 'profile', id: 7 }])).toThrow()
  })
})
