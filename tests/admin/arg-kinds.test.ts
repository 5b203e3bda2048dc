// Every argument of every condition and action has a form: a new kind gets its fields by being declared.
import { describe, expect, test } from 'vitest'
import { type ArgKind, alternativeOf, argsOf, kindOf } from '../../admin/editor/arg-kinds.ts'
import { actions } from '../../lib/promos/actions.ts'
import { conditions } from '../../lib/promos/conditions.ts'

const all = { ...conditions, ...actions }

function kindsIn(kind: ArgKind): string[] {
  if (kind.kind === 'object') return kind.args.flatMap((arg) => kindsIn(arg.kind))
  if (kind.kind === 'list') return kindsIn(kind.item)
  if (kind.kind === 'either') return kind.options.flatMap(kindsIn)
  return [kind.kind]
}

describe('no argument is left to the JSON', () => {
  for (const { code, args } of Object.values(all)) {
    test(code, () => {
      for (const { name, kind } of argsOf(args)) expect([name, ...kindsIn(kind)]).not.toContain('unknown')
    })
  }
})

const kindsOf = (type: keyof typeof all): { [name: string]: ArgKind } =>
  Object.fromEntries(argsOf(all[type].args).map(({ name, kind }) => [name, kind]))

test('a kind follows from the schema', () => {
  expect(kindsOf('total_value').value).toEqual({ kind: 'range', of: 'money' })
  expect(kindsOf('total_quantity').value).toEqual({ kind: 'range', of: 'plain' })
  expect(kindsOf('selected_delivery').value).toEqual({ kind: 'names' })
  expect(kindsOf('contains').filter).toEqual({ kind: 'filter' })
  expect(kindsOf('customer_attribute').value).toEqual({ kind: 'test' })
  expect(kindsOf('nth_order').value).toEqual({ kind: 'numbers' })
  expect(kindsOf('percent_off')).toMatchObject({
    value: { kind: 'number', of: 'percent' },
    max_minor: { kind: 'number', of: 'minor' },
    on: { kind: 'pick', options: ['lines', 'each_unit', 'order', 'delivery'] },
    max_units: { kind: 'either' },
  })
  expect(kindsOf('tiers').tiers).toMatchObject({ kind: 'list', item: { kind: 'object' } })
})

test('what must be given stands first', () => {
  expect(argsOf(actions.tiers.args).map(({ name, isOptional }) => [name, isOptional])[0]).toEqual(['tiers', false])
})

test('a value finds the alternative that it is one of', () => {
  const [first] = argsOf(conditions.loyalty_card.args)
  const options = first?.kind.kind === 'either' ? first.kind.options : []
  expect(options).toHaveLength(2)
  expect([true, 'gold', ['gold'], undefined].map((value) => alternativeOf(options, value))).toEqual([0, 1, 1, 0])
})

test('a schema of an unheard-of type is left to the JSON', () => {
  expect(kindOf({ type: 'something_new' })).toEqual({ kind: 'unknown' })
})
