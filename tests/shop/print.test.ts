import { readdirSync, readFileSync } from 'node:fs'
import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { languages } from '../../lib/base/languages.ts'
import { printCustomer, printProduct } from '../../lib/shop/print.ts'

const folder = new URL('../scenarios/print/', import.meta.url)
const options = { language: v.picklist(languages), currency: v.string(), printed: v.array(v.string()) }
const purchase = v.object({
  id: v.string(),
  type: v.string(),
  name: v.string(),
  price_minor: v.number(),
  quantity: v.number(),
  timestamp_ms: v.number(),
  discount_minor: v.exactOptional(v.number()),
})
const scenarioSchema = v.union([
  v.object({
    ...options,
    customers: v.array(
      v.object({ id: v.string(), first_name: v.string(), last_name: v.string(), products: v.array(purchase) }),
    ),
  }),
  v.object({
    ...options,
    products: v.array(v.object({ id: v.string(), name: v.string(), type: v.string(), price_minor: v.number() })),
  }),
])

describe('print-outs', () => {
  for (const file of readdirSync(folder)) {
    test(file.replace('.json', ''), () => {
      const scenario = v.parse(scenarioSchema, JSON.parse(readFileSync(new URL(file, folder), 'utf8')))
      const printed =
        'customers' in scenario
          ? scenario.customers.map((customer) => printCustomer(customer, scenario))
          : scenario.products.map((product) => printProduct(product, scenario))
      expect(printed.join('')).toBe(scenario.printed.join('\n'))
    })
  }
})
