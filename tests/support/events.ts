// Short ways to say what happened.
import type { DataOf } from '../../events/catalog.ts'
import { customerBuysProduct } from '../../events/customer-buys-product.ts'
import { type EventContext, makeEvent } from '../../events/event.ts'
import { newCustomer } from '../../events/new-customer.ts'
import { newProduct } from '../../events/new-product.ts'

/** `id@time`: `e1@2022-04-24T19:41:07.123Z`; without a time, 2022-04-24 at noon. */
export function at(text: string): EventContext {
  const [id = '', time = '2022-04-24T12:00:00.000Z'] = text.split('@')
  return { id, time }
}

export const customer = (when: string, data: Partial<DataOf<'new_customer'>> = {}) =>
  makeEvent(
    newCustomer,
    { id: 'c1', first_name: 'Alex', last_name: 'Kosiak', address: 'ul. Polna 1\n30-001 Kraków', ...data },
    at(when),
  )

export const product = (when: string, data: Partial<DataOf<'new_product'>> = {}) =>
  makeEvent(newProduct, { id: 'p1', name: 'Chleb wiejski', type: 'chleb', price: 0.38, ...data }, at(when))

export const purchase = (when: string, data: Partial<DataOf<'customer_buys_product'>> = {}, source = 'kram.shop') =>
  makeEvent(customerBuysProduct, { customer_id: 'c1', product_id: 'p1', quantity: 2, ...data }, { ...at(when), source })
