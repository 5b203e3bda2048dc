// Routes that put one event on the bus, and need nothing but the bus: the table may be away.
import * as v from 'valibot'
import { customerBuysProduct } from '../../../events/customer-buys-product.ts'
import { id } from '../../../events/fields.ts'
import { newCustomer } from '../../../events/new-customer.ts'
import { newProduct } from '../../../events/new-product.ts'
import { defineRoute } from '../route.ts'

const accepted = {
  status: 202,
  description: 'The event is on the bus, durably; what follows from it happens in its own time.',
  schema: v.strictObject({
    /** Of what the event is about. */
    id: v.string(),
    event_id: v.string(),
    correlation_id: v.string(),
  }),
} as const

const madeId = 'Without `id` one is made; with an `Idempotency-Key` a repeated request makes the same.'

export const postCustomers = defineRoute({
  name: 'post-customers',
  method: 'POST',
  path: '/customers',
  summary: 'Register a customer, or change the details of a known one',
  description: `Publishes \`new_customer\`. ${madeId}`,
  roles: ['shop', 'admin'],
  needs: ['bus', 'clock'],
  body: v.strictObject({ ...newCustomer.schema.entries, id: v.exactOptional(id()) }),
  idempotent: true,
  answer: accepted,
  problems: [409],
})

export const postProducts = defineRoute({
  name: 'post-products',
  method: 'POST',
  path: '/products',
  summary: 'Put a product on sale, or change price, name, type or attributes of a known one',
  description: `Publishes \`new_product\`. \`price\` is in whole currency units with at most two decimals. ${madeId}`,
  roles: ['shop', 'admin'],
  needs: ['bus', 'clock'],
  body: v.strictObject({ ...newProduct.schema.entries, id: v.exactOptional(id()) }),
  idempotent: true,
  answer: accepted,
  problems: [409],
})

const { customer_id, product_id, quantity } = customerBuysProduct.schema.entries

export const postPurchases = defineRoute({
  name: 'post-purchases',
  method: 'POST',
  path: '/purchases',
  summary: 'A customer buys a quantity of a product',
  description:
    'Publishes `customer_buys_product`. The price is the one in force at this moment. A customer or product that is ' +
    'not known yet is waited for; in the end the event is a dead letter that says so.',
  roles: ['shop', 'tester', 'admin'],
  needs: ['bus', 'clock'],
  body: v.strictObject({ customer_id, product_id, quantity }),
  idempotent: true,
  answer: accepted,
  problems: [409],
})
