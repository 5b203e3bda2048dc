// Anything else that is known of the customer, tested as filters test goods.
import * as v from 'valibot'
import type { JsonValue } from '../../base/json.ts'
import { name } from '../args.ts'
import { defineCondition } from '../condition.ts'
import { holds, operatorTest, testsOf } from '../filter.ts'
import { type FilterTest, filterTestSchema } from '../filter-schema.ts'
import { customerValues } from '../order.ts'

export const customerAttribute = defineCondition({
  code: 'customer_attribute',
  description: 'An attribute of the customer passes a test, written as in a product filter.',
  args: {
    attribute: v.pipe(name(), v.description('Name of the attribute')),
    value: v.pipe(filterTestSchema, v.description('A value, a list of values, or operators such as {"gte": 18}')),
  },
  make({ attribute, value }: { attribute: string; value: FilterTest }) {
    // Under no name, since only of goods is `price` money.
    const tests = testsOf('', value)
    const shown = value as JsonValue
    return {
      judge({ order }) {
        const values = customerValues(order, attribute)
        const met = tests.every(({ operator, operand }) => holds(operator, values, operand))
        const actual = values === undefined ? null : values.length === 1 ? values[0]! : [...values]
        return { met, wanted: shown, actual, missing: met ? null : shown }
      },
      rule: () => [
        {
          fact: 'customer',
          where: tests.map((test) => ({ path: ['attributes', attribute], ...operatorTest(test) })),
        },
      ],
    }
  },
})
