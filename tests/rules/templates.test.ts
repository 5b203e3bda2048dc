// Templates of the facts that rules insert: what is read from them, what filling them costs, and what they are filled with.
import { describe, expect, test } from 'vitest'
import { newContext } from '../../lib/rules/parse-context.ts'
import { factFunction, parseTemplates, templateCost, templateNeeds } from '../../lib/rules/templates.ts'
import type { Registry } from '../../lib/rules/types.ts'

const registry: Registry = { expressions: { twice: (n) => Number(n) * 2, nothing: () => undefined } }

/** The template of a fact with these attributes; variables a, b and c are 0, 1 and 2. */
function templateOf(attributes: object) {
  const context = newContext('Rule "r"', 'invalid_rule', registry)
  context.variables.push('a', 'b', 'c')
  const [parsed] = parseTemplates(context, [{ type: 'hit', ...attributes }], '/insert')
  if (parsed === undefined) throw new Error('there is no template')
  return parsed.template
}
const fill = (attributes: object, ...values: unknown[]) => factFunction(templateOf(attributes), registry)(values)

const a = { var: 'a' }
const b = { var: 'b' }

test.each<[string, object, number]>([
  ['a constant', { x: 1, y: ['a', { z: null }] }, 0],
  ['a literal: it is not as it is written', { x: { literal: { var: 'a' } } }, 30],
  ['a variable', { x: a }, 40],
  ['two variables', { x: a, y: b }, 60],
  ['an operation', { x: { add: [a, 1] } }, 60],
  ['operations in operations', { x: { add: [{ mul: [a, 2] }, 1] } }, 80],
  ['a call', { x: { call: 'twice', args: [a] } }, 50],
  ['a list', { x: [a, 1] }, 50],
  ['a longer list', { x: [a, b] }, 60],
  ['an object', { x: { y: a } }, 60],
  ['an object of two', { x: { y: a, z: 1 } }, 70],
])(
  'ten steps for the fact, for each list and object in it, attribute, value and operation; none for what is constant: %s',
  (_, attributes, steps) => {
    expect(templateCost(templateOf(attributes))).toBe(steps)
  },
)

test('all variables that are used, wherever they stand', () => {
  const attributes = [
    {},
    { x: a },
    { x: b, y: 1 },
    { x: [b, a] },
    { x: { y: b, z: { var: 'c', path: 'n' } } },
    { x: [[{ y: { add: [a, { var: 'c' }] } }]] },
    { x: { call: 'twice', args: [b] } },
  ]
  expect(attributes.map((each) => templateNeeds(templateOf(each)))).toEqual([0, 1, 2, 3, 6, 5, 2])
})

describe('a fact', () => {
  test('that is constant is made once, a copy that nobody can change', () => {
    const attributes = { x: [1, { y: 'z' }], of: { n: null } }
    const make = factFunction(templateOf(attributes), registry)
    const fact = make([])
    expect(fact).toEqual({ type: 'hit', ...attributes })
    expect(make([])).toBe(fact)
    expect(fact.of).not.toBe(attributes.of)
    expect([fact, fact.x, (fact.x as object[])[1], fact.of].every(Object.isFrozen)).toBe(true)
  })

  test('that is not constant is made anew, its constant parts are not', () => {
    const make = factFunction(templateOf({ x: a, list: [a, 1], of: { n: 1 }, deep: { n: a } }), registry)
    const [first, second] = [make([1]), make([2])]
    expect([first, second]).toEqual([
      { type: 'hit', x: 1, list: [1, 1], of: { n: 1 }, deep: { n: 1 } },
      { type: 'hit', x: 2, list: [2, 1], of: { n: 1 }, deep: { n: 2 } },
    ])
    expect(first.of).toBe(second.of)
    expect([first, first.list, first.of, first.deep].every(Object.isFrozen)).toBe(true)
  })

  test('leaves out attributes without a value, in lists they are null', () => {
    const none = { call: 'nothing' }
    expect(fill({ x: none, y: [none, { var: 'a', path: 'n' }], z: { n: none } }, {})).toEqual({
      type: 'hit',
      y: [null, null],
      z: {},
    })
  })

  test('has expressions where there is a variable, a call or the name of one alone', () => {
    const attributes = {
      sum: { add: [a, b] },
      difference: { sub: [a, b] },
      literal: { literal: { add: [1] } },
      call: { call: 'twice', args: [b] },
      other: { add: 1, sub: 2 },
      none: { added: 1 },
      empty: {},
    }
    expect(fill(attributes, 5, 3)).toEqual({
      type: 'hit',
      sum: 8,
      difference: 2,
      literal: { add: [1] },
      call: 6,
      other: { add: 1, sub: 2 },
      none: { added: 1 },
      empty: {},
    })
  })

  test('has names that Object.prototype has as its own', () => {
    const attributes = JSON.parse('{"__proto__": 1, "constructor": {"var": "a"}}') as object
    for (const fact of [fill(attributes, 2), fill({ ...attributes, x: 1 }, 2)]) {
      expect(Object.entries(fact).filter(([name]) => name !== 'type' && name !== 'x')).toEqual([
        ['__proto__', 1],
        ['constructor', 2],
      ])
    }
  })
})
