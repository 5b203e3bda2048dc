// Random rules and facts for properties of lib/rules: few names and few values, so that things meet.
import fc from 'fast-check'
import { KramError } from '../../lib/base/errors.ts'
import { compileRules } from '../../lib/rules/compile.ts'
import type {
  CompileOptions,
  Condition,
  Expression,
  Fact,
  Operators,
  Registry,
  Rule,
  Test,
} from '../../lib/rules/types.ts'

/** What rules of the properties may call. */
export const registry = {
  predicates: { odd: (value: unknown) => typeof value === 'number' && value % 2 !== 0 },
  expressions: { half: (value: unknown) => (typeof value === 'number' ? value / 2 : undefined) },
  accumulators: { second: (values: readonly unknown[]) => values[1] },
} satisfies Registry

const types = ['line', 'payment', 'order'] as const
const attributes = ['a', 'b', 'c', 'n', 'm', 'o.p', 'constructor', '__proto__'] as const

const scalar = fc.constantFrom<(string | number | boolean | null)[]>('u', 'v', 'uv', 1, 2, 3, true, null)

/** What goes wrong easily: the ends of the numbers, zeros of both signs, texts beyond ASCII and such that look like others. */
const oddNumbers = [-0, 0, 1.7e308, -1.7e308, 5e-324, 2 ** 53 - 1, 2 ** 53, -(2 ** 53), 0.1, 1e16, 1e-320]
const oddTexts = [
  '',
  '0',
  'null',
  '[1]',
  '{"a":1}',
  '"',
  '\\',
  'é',
  'e\u0301',
  '\ud800',
  '😀',
  '\uffff',
  '__proto__',
  'a\u0000b',
]
const odd = fc.constantFrom<(string | number)[]>(...oddNumbers, ...oddTexts)
/** What no JSON has, but code may give. */
const noJson = fc.constantFrom<unknown[]>(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, undefined)
const number = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -3, max: 6 }) },
  { weight: 1, arbitrary: fc.constantFrom(0.1, 0.2, 0.7, -0.5, 1e16, 2 ** 53, 1.7e308, -1.7e308) },
)

const attributeValue = fc.oneof(
  { weight: 8, arbitrary: scalar },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.array(scalar, { maxLength: 3 }) },
)

// Some attributes are missing, lines have a price and a quantity, and time is told by one fact as a rule.
const attributesOf = fc.record(
  {
    a: attributeValue,
    b: attributeValue,
    c: attributeValue,
    n: number,
    m: fc.oneof(number, attributeValue),
    o: fc.record({ p: scalar }),
    constructor: scalar,
  },
  { requiredKeys: [] },
)

/** A line's key tells all of it but n and m. */
const keyed = (fact: Fact): Fact => {
  const { n: _n, m: _m, ...rest } = fact
  return fact.type === 'line' ? { ...fact, key: JSON.stringify(rest, Object.keys(rest).sort()) } : fact
}

const plainFact: fc.Arbitrary<Fact> = fc
  .tuple(fc.constantFrom(...types), attributesOf)
  .map(([type, values]) => keyed({ ...values, type }))
const now: fc.Arbitrary<Fact> = fc.integer({ min: -1, max: 5 }).map((day) => ({ type: 'now', at: day * 43_200_000 }))

/** Facts in which some occur twice. */
export const facts: fc.Arbitrary<Fact[]> = fc
  .tuple(
    fc.array(plainFact, { maxLength: 8 }),
    fc.oneof({ weight: 8, arbitrary: fc.tuple(now) }, { weight: 1, arbitrary: fc.array(now, { maxLength: 2 }) }),
    fc.nat(7),
  )
  .map(([plain, times, twice]) => [...times, ...plain, ...(plain[twice] ? [{ ...plain[twice] }] : [])])

export const options: CompileOptions = {
  registry,
  memo: { line: { key: 'key', except: ['n', 'm'] } },
  focus: 'line',
}

const oddValue = fc.oneof(
  { weight: 4, arbitrary: odd },
  { weight: 3, arbitrary: scalar },
  { weight: 1, arbitrary: noJson },
  { weight: 1, arbitrary: fc.array(fc.oneof(odd, scalar), { maxLength: 12 }) },
  { weight: 1, arbitrary: fc.dictionary(fc.constantFrom('p', '__proto__', 'constructor'), odd, { maxKeys: 2 }) },
)

const oddAttributes = fc.record(
  { a: oddValue, b: oddValue, c: oddValue, n: oddValue, m: oddValue, o: oddValue, constructor: oddValue },
  { requiredKeys: [] },
)

/** As `facts`, of values that go wrong easily, and attributes by any name. */
export const oddFacts: fc.Arbitrary<Fact[]> = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom(...types), oddAttributes, fc.option(oddValue, { freq: 3, nil: undefined })), {
      maxLength: 7,
    }),
    fc.array(
      fc.constantFrom<unknown[]>(
        0,
        -0,
        43_200_000,
        Number.NaN,
        Number.POSITIVE_INFINITY,
        Number.NEGATIVE_INFINITY,
        '0',
        null,
        [0],
        1.7e308,
      ),
      { maxLength: 2 },
    ),
  )
  .map(([lines, times]) => [
    ...times.slice(0, 1).map((at): Fact => ({ type: 'now', at })),
    ...lines.map(([type, values, proto]) =>
      // As JSON.parse makes it: an attribute of its own.
      proto === undefined ? { ...values, type } : ({ ...values, type, ['__proto__']: proto } as Fact),
    ),
    ...lines.slice(0, 1).map(([type, values]): Fact => ({ ...values, type })),
  ])

const path = fc.constantFrom(...attributes)
const variable = fc.constantFrom('x', 'y', 'z')

const right: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 12, arbitrary: scalar },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: odd },
  { weight: 1, arbitrary: path.map((name) => ({ path: name })) },
  { weight: 1, arbitrary: variable.map((name) => ({ var: name })) },
)

const operatorsOn = (value: fc.Arbitrary<Expression>): fc.Arbitrary<Operators> =>
  fc.oneof(
    { weight: 6, arbitrary: value.map((eq) => ({ eq })) },
    { weight: 1, arbitrary: value.map((ne) => ({ ne })) },
    {
      weight: 2,
      arbitrary: fc.array(fc.oneof(scalar, odd), { minLength: 1, maxLength: 6 }).map((members) => ({ in: members })),
    },
    { weight: 1, arbitrary: variable.map((name) => ({ in: { var: name } })) },
    { weight: 1, arbitrary: fc.array(scalar, { minLength: 1, maxLength: 3 }).map((members) => ({ not_in: members })) },
    { weight: 1, arbitrary: value.map((gte) => ({ gte })) },
    { weight: 1, arbitrary: fc.tuple(value, value).map(([gt, lte]) => ({ gt, lte })) },
    { weight: 1, arbitrary: fc.tuple(number, number).map(([low, high]) => ({ between: [low, high] as const })) },
    { weight: 1, arbitrary: fc.boolean().map((exists) => ({ exists })) },
    { weight: 1, arbitrary: fc.constantFrom('u', 'uv').map((prefix) => ({ prefix })) },
    { weight: 1, arbitrary: value.map((lt) => ({ lt })) },
  )

const comparison: fc.Arbitrary<Test> = fc
  .tuple(path, operatorsOn(right))
  .map(([name, operators]) => ({ path: name, ...operators }))

const { test } = fc.letrec<{ test: Test; leaf: Test }>((tie) => ({
  leaf: comparison,
  test: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 8, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.array(tie('test'), { maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: fc.array(tie('test'), { maxLength: 2 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: tie('test').map((not) => ({ not })) },
    { weight: 1, arbitrary: path.map((name) => ({ predicate: 'odd', args: [{ path: name }] })) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(path, number)
        .map(([name, gte]) => ({ value: { call: 'half', args: [{ path: name }] }, gte })),
    },
  ),
}))

const where = fc.array(test, { maxLength: 3 })
const bindings = fc.dictionary(variable, path, { maxKeys: 2 })

const window: fc.Arbitrary<Condition> = fc
  .tuple(fc.integer({ min: -2, max: 4 }), fc.integer({ min: 0, max: 4 }), fc.boolean())
  .map(([from, days, open]) => ({
    fact: 'now',
    where: [{ path: 'at', gte: from * 43_200_000, ...(open ? {} : { lt: (from + days) * 43_200_000 }) }],
  }))

const factCondition: fc.Arbitrary<Condition> = fc
  .tuple(fc.constantFrom(...types), where, fc.option(bindings), fc.option(variable, { freq: 8 }))
  .map(([fact, tests, bind, as]) => ({ fact, where: tests, ...(bind ? { bind } : {}), ...(as ? { as } : {}) }))

const measure: fc.Arbitrary<Expression> = fc.oneof(
  path.map((name) => ({ path: name })),
  fc.constant({ mul: [{ path: 'n' }, { path: 'm' }] }),
  fc.constant({ add: [{ path: 'n' }, 1, { path: 'm' }] }),
)

const bounds = fc.option(
  fc.oneof(
    { weight: 6, arbitrary: number.map((gte) => ({ gte })) },
    {
      weight: 2,
      arbitrary: operatorsOn(
        fc.oneof(
          number,
          variable.map((name) => ({ var: name })),
        ),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(number, number).map(([gt, lt]) => ({ gt, lt })) },
  ),
)

const accumulate: fc.Arbitrary<Condition> = fc
  .tuple(
    fc.constantFrom('count', 'sum', 'sum', 'sum', 'min', 'max', 'average', 'all', 'distinct', 'second'),
    measure,
    fc.constantFrom(...types),
    where,
    fc.option(bindings, { freq: 4 }),
    fc.option(variable, { freq: 2 }),
    bounds,
  )
  .map(([name, of, fact, tests, by, as, is]) => ({
    accumulate: name,
    ...(name === 'count' ? {} : { of }),
    from: { fact, where: tests },
    ...(by ? { by } : {}),
    ...(as ? { as } : {}),
    ...(is ? { is } : {}),
  }))

const freeTest: fc.Arbitrary<Condition> = fc
  .tuple(
    variable,
    operatorsOn(
      fc.oneof(
        number,
        scalar,
        variable.map((name) => ({ var: name })),
      ),
    ),
  )
  .map(([name, operators]) => ({ test: { var: name, ...operators } }))

export const { condition } = fc.letrec<{ condition: Condition; leaf: Condition }>((tie) => ({
  leaf: fc.oneof(
    { weight: 5, arbitrary: factCondition },
    { weight: 5, arbitrary: accumulate },
    { weight: 1, arbitrary: window },
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    { weight: 8, arbitrary: tie('leaf') },
    { weight: 1, arbitrary: fc.array(tie('condition'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: fc.array(tie('condition'), { maxLength: 3 }).map((all) => ({ all })) },
    { weight: 1, arbitrary: tie('condition').map((not) => ({ not })) },
    { weight: 1, arbitrary: tie('condition').map((exists) => ({ exists })) },
    { weight: 1, arbitrary: freeTest },
  ),
}))

const template = fc.tuple(fc.constantFrom('gift', 'note'), fc.option(variable)).map(([type, name]) => ({
  type,
  of: 'rule',
  ...(name ? { value: { var: name } } : {}),
}))

const compiles = (rule: Rule): boolean => {
  try {
    compileRules([rule], { registry })
    return true
  } catch (error) {
    if (error instanceof KramError) return false
    throw error
  }
}

/** A rule without chaining. */
export const rule: fc.Arbitrary<Rule> = fc
  .tuple(
    fc.option(window),
    fc.array(condition, { minLength: 0, maxLength: 4 }),
    fc.array(template, { minLength: 1, maxLength: 2 }),
  )
  .map(([opens, when, insert]) => ({ name: 'rule', when: opens ? [opens, ...when] : when, insert }))
  // Where a variable comes from nowhere, the rule does without it.
  .map((made) => (compiles(made) ? made : withoutVariables(made)))
  .filter(compiles)

const withoutVariables = (made: Rule): Rule => ({
  ...made,
  when: made.when.filter((part) => !JSON.stringify(part).includes('"var"')),
  insert: made.insert.map(({ type }) => ({ type, of: 'rule' })),
})

export const rules: fc.Arbitrary<Rule[]> = fc
  .array(rule, { minLength: 1, maxLength: 6 })
  .map((list) =>
    list.map((made, i) => ({ ...made, name: `r${i}`, insert: made.insert.map((each) => ({ ...each, of: `r${i}` })) })),
  )
