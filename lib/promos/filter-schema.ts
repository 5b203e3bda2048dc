// Filters as marketers write them: `{"brand": "Puma"}`, `{"brand": ["Puma", "Adidas"]}`, `{"price": {"gte": 100}}`,
// with any, all, not nested, over any attribute. Used for product_filters, targets, and conditions' and actions' own.
import * as v from 'valibot'
import { isObject } from '../base/json.ts'
import { limits } from '../base/limits.ts'

export type Scalar = string | number | boolean

export type FilterOperators = {
  eq?: Scalar | undefined
  ne?: Scalar | undefined
  in?: Scalar[] | undefined
  not_in?: Scalar[] | undefined
  lt?: number | string | undefined
  lte?: number | string | undefined
  gt?: number | string | undefined
  gte?: number | string | undefined
  between?: [number | string, number | string] | undefined
  exists?: boolean | undefined
  prefix?: string | undefined
  has_all?: Scalar[] | undefined
}

export type FilterTest = Scalar | Scalar[] | FilterOperators

/** Every entry must hold. `all`, `any` and `not` are words of the language, so no attribute can be called so. */
export type Filter = {
  all?: Filter[] | undefined
  any?: Filter[] | undefined
  not?: Filter | undefined
  [attribute: string]: FilterTest | Filter[] | Filter | undefined
}

/**
 * A schema picked by looking at the input, so that faults are about what was meant and not about all it could have
 * been. `pick` gets undefined when JSON Schema is made of it, and then returns the union.
 */
export const pickSchema = <Output>(
  pick: (input: unknown) => v.GenericSchema<unknown, Output>,
): v.GenericSchema<unknown, Output> => v.lazy(pick) as v.GenericSchema<unknown, Output>

const scalar = v.union(
  [
    v.pipe(v.string(), v.maxLength(limits.attributeChars, `must have at most ${limits.attributeChars} characters`)),
    v.pipe(v.number(), v.finite('must be a finite number')),
    v.boolean(),
  ],
  'must be a text, a number, true or false',
)

const values = v.pipe(
  v.array(scalar, 'must be a list of values'),
  v.minLength(1, 'must name at least one value: an empty list matches nothing'),
  v.maxLength(limits.filterValues, `must have at most ${limits.filterValues} values`),
)

const comparable = v.union(
  [v.pipe(v.number(), v.finite('must be a finite number')), v.string()],
  'must be a number or a text',
)

type Comparable = v.InferOutput<typeof comparable>

const twoValues = 'must be two values: the lowest, the highest'

// Two of a list are a pair, as the type says; a tuple of valibot's would be the only one in the page.
const lowestAndHighest = v.pipe(
  v.array(comparable, twoValues),
  v.minLength(2, twoValues),
  v.maxLength(2, twoValues),
) as unknown as v.GenericSchema<unknown, [Comparable, Comparable]>

const operators = v.pipe(
  v.strictObject(
    {
      eq: v.exactOptional(scalar),
      ne: v.exactOptional(scalar),
      in: v.exactOptional(values),
      not_in: v.exactOptional(values),
      lt: v.exactOptional(comparable),
      lte: v.exactOptional(comparable),
      gt: v.exactOptional(comparable),
      gte: v.exactOptional(comparable),
      between: v.exactOptional(lowestAndHighest),
      exists: v.exactOptional(v.boolean('must be true or false')),
      prefix: v.exactOptional(v.pipe(v.string('must be a text'), v.minLength(1, 'must not be empty'))),
      has_all: v.exactOptional(values),
    },
    'must be a value, a list of values, or operators such as {"gte": 100}',
  ),
  v.check((all) => Object.keys(all).length > 0, 'must have an operator, such as {"gte": 100}'),
)

const anyTest = v.union([scalar, values, operators])

/** What an attribute is tested for: a value, a list of values, or operators. */
export const filterTestSchema: v.GenericSchema<unknown, FilterTest> = pickSchema((input) => {
  if (input === undefined) return anyTest
  if (Array.isArray(input)) return values
  return isObject(input) || input === null ? operators : scalar
})

const branches = v.pipe(
  v.array(
    v.lazy((): v.GenericSchema<unknown, Filter> => filterSchema),
    'must be a list of filters',
  ),
  v.minLength(1, 'must hold at least one filter'),
  v.maxLength(limits.filterTests, `must hold at most ${limits.filterTests} filters`),
)

/** How many tests a filter holds, however nested. */
function testsIn(filter: Filter): number {
  let count = 0
  for (const [name, value] of Object.entries(filter)) {
    if (name === 'not') count += testsIn(value as Filter)
    else if (name === 'all' || name === 'any') for (const branch of value as Filter[]) count += testsIn(branch)
    else count++
  }
  return count
}

export const filterSchema: v.GenericSchema<unknown, Filter> = v.pipe(
  v.objectWithRest(
    {
      all: v.exactOptional(branches),
      any: v.exactOptional(branches),
      not: v.exactOptional(v.lazy((): v.GenericSchema<unknown, Filter> => filterSchema)),
    },
    filterTestSchema,
    'must be an object such as {"brand": "Puma"}',
  ),
  v.check(
    (filter) => Object.keys(filter).length > 0,
    'must name at least one attribute; for all goods leave it out, or write {"price": {"gte": 0}} where it must stand',
  ),
  v.check(
    (filter) => Object.keys(filter).every((name) => name !== '' && name.length <= limits.attributeNameChars),
    `must name attributes of 1 to ${limits.attributeNameChars} characters`,
  ),
  v.check((filter) => testsIn(filter as Filter) <= limits.filterTests, `must have at most ${limits.filterTests} tests`),
) as v.GenericSchema<unknown, Filter>
