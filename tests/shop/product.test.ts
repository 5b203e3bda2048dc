import fc from 'fast-check'
import * as v from 'valibot'
import { expect, test } from 'vitest'
import { productOf, productSchema } from '../../lib/shop/product.ts'

const scalar = fc.oneof(
  fc.string(),
  fc.double(),
  fc.constant(Number.NaN),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
)
const value = fc.oneof(
  scalar,
  fc.array(fc.oneof(fc.string(), scalar), { maxLength: 3 }),
  fc.dictionary(fc.string(), scalar),
)
const attributes = fc.oneof(
  fc.dictionary(fc.string(), value, { maxKeys: 4 }),
  fc.array(scalar, { maxLength: 2 }),
  scalar,
)
const item = fc.record(
  {
    pk: fc.constant('product#p'),
    sk: fc.constant('current'),
    id: fc.oneof({ weight: 9, arbitrary: fc.string() }, scalar),
    name: fc.string(),
    type: fc.string(),
    price_minor: fc.oneof({ weight: 9, arbitrary: fc.nat() }, scalar),
    attributes,
  },
  { requiredKeys: ['pk', 'sk', 'id', 'name', 'type', 'price_minor'] },
)

test('what is read of a stored product is what its schema says, and nothing else is read', () => {
  fc.assert(
    fc.property(item, (stored) => {
      // Valibot takes a list for a record, which no stored product has.
      fc.pre(!Array.isArray(stored.attributes))
      const asked = v.safeParse(productSchema, stored)
      const read = () => productOf(stored as never)
      if (asked.success) expect(read()).toEqual(asked.output)
      else expect(read).toThrow()
    }),
    { numRuns: 3_000, seed: 20_220_424 },
  )
})
