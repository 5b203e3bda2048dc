// Routes that read customers and products. Customers are personal data: marketers and testers do not see them.
import * as v from 'valibot'
import { id } from '../../../events/fields.ts'
import { profileSchema, purchaseSchema } from '../../shop/customer-document.ts'
import { priceSchema, productSchema } from '../../shop/product.ts'
import { defineRoute } from '../route.ts'
import { anyObject, dayText, pageOf, pageQuery } from './fields.ts'

const profile = v.strictObject(profileSchema.entries)
const product = v.strictObject(productSchema.entries)
const price = v.strictObject(priceSchema.entries)

const eventually = 'In order of their first event. A new one may be missing for a moment.'

export const listCustomers = defineRoute({
  name: 'list-customers',
  method: 'GET',
  path: '/customers',
  summary: 'Customers, page by page',
  description: eventually,
  roles: ['shop', 'admin'],
  needs: ['table'],
  query: v.strictObject(pageQuery()),
  answer: { status: 200, description: 'A page.', schema: pageOf(profile) },
})

export const getCustomer = defineRoute({
  name: 'get-customer',
  method: 'GET',
  path: '/customers/{id}',
  summary: 'The document of one customer, with one page of what was bought',
  roles: ['shop', 'admin'],
  needs: ['table'],
  params: v.strictObject({ id: id() }),
  query: v.strictObject(pageQuery()),
  answer: {
    status: 200,
    description: '`products` is a page of the purchases, oldest first; `next` asks for the following one.',
    schema: v.strictObject({
      ...profile.entries,
      products: v.array(v.strictObject(purchaseSchema.entries)),
      orders: v.array(anyObject),
      vouchers: v.array(anyObject),
      next: v.exactOptional(v.string()),
    }),
  },
  problems: [404],
})

export const listProducts = defineRoute({
  name: 'list-products',
  method: 'GET',
  path: '/products',
  summary: 'What can be bought now, page by page',
  description: eventually,
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['table'],
  query: v.strictObject(pageQuery()),
  answer: { status: 200, description: 'A page.', schema: pageOf(product) },
})

export const getProduct = defineRoute({
  name: 'get-product',
  method: 'GET',
  path: '/products/{id}',
  summary: 'One product as it is now',
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['table'],
  params: v.strictObject({ id: id() }),
  answer: { status: 200, description: 'The product.', schema: product },
  problems: [404],
})

export const listPrices = defineRoute({
  name: 'list-prices',
  method: 'GET',
  path: '/products/{id}/prices',
  summary: 'Every price a product ever had, oldest first, page by page',
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['table'],
  params: v.strictObject({ id: id() }),
  query: v.strictObject(pageQuery()),
  answer: {
    status: 200,
    description: 'A page; each price is in force from its `time` until the next one’s.',
    schema: pageOf(price),
  },
  problems: [404],
})

export const getLowestPrice = defineRoute({
  name: 'get-lowest-price',
  method: 'GET',
  path: '/products/{id}/lowest-price',
  summary: 'The lowest price of the 30 days before a day',
  description: 'Of the 30 whole UTC days before `day` (default: today), which is itself not among them.',
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['table', 'clock'],
  params: v.strictObject({ id: id() }),
  query: v.strictObject({ day: v.exactOptional(dayText()) }),
  answer: {
    status: 200,
    description: 'Without `lowest` the product was not on sale in that time.',
    schema: v.strictObject({
      id: v.string(),
      day: v.string(),
      /** Inclusive. */
      from: v.string(),
      /** Exclusive. */
      to: v.string(),
      lowest: v.exactOptional(price),
    }),
  },
  problems: [404],
})

export const getSettings = defineRoute({
  name: 'get-settings',
  method: 'GET',
  path: '/settings',
  summary: 'The shop’s currency, in which every amount is, its time zone, and what deliveries cost',
  roles: ['shop', 'tester', 'marketer', 'admin'],
  needs: ['settings'],
  answer: {
    status: 200,
    description: 'ISO 4217 and IANA names; deliveries in minor units, by method.',
    schema: v.strictObject({
      currency: v.string(),
      time_zone: v.string(),
      deliveries: v.record(v.string(), v.number()),
    }),
  },
})
