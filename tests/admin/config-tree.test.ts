// The config under the form: places are written one by one, and nothing else moves.
import { describe, expect, test } from 'vitest'
import { moved, pointerOf, valueAt, withValueAt } from '../../admin/editor/config-tree.ts'

const config = {
  title: 'a',
  unknown_to_the_form: { of: ['a', { later: 'version' }] },
  limits: { uses: 5 },
  actions: [{ type: 'percent_off', value: 10 }, { type: 'gift' }],
}

describe('writing a place', () => {
  test('keeps every other entry, known to the form or not, and their order', () => {
    const next = withValueAt(config, ['actions', 0, 'value'], 20)
    expect(next).toEqual({ ...config, actions: [{ type: 'percent_off', value: 20 }, { type: 'gift' }] })
    expect(Object.keys(next)).toEqual(Object.keys(config))
    expect(next.unknown_to_the_form).toBe(config.unknown_to_the_form)
  })
  test('does not change what was there', () => {
    const before = JSON.stringify(config)
    withValueAt(config, ['limits', 'uses'], 6)
    withValueAt(config, ['actions', 1], undefined)
    expect(JSON.stringify(config)).toBe(before)
  })
  test('makes what is not there yet: objects and lists', () => {
    expect(withValueAt({}, ['limits', 'each_code', 'uses'], 1)).toEqual({ limits: { each_code: { uses: 1 } } })
    expect(withValueAt({}, ['order_filters', 0], { type: 'tester' })).toEqual({ order_filters: [{ type: 'tester' }] })
  })
  test('takes an entry away, and the object or list that thereby says nothing', () => {
    expect(withValueAt(config, ['limits', 'uses'], undefined)).not.toHaveProperty('limits')
    expect(withValueAt({ codes: ['A'] }, ['codes', 0], undefined)).toEqual({})
    expect(withValueAt(config, ['actions', 0], undefined)).toEqual({ ...config, actions: [{ type: 'gift' }] })
  })
})

test('what is inherited is not there', () => {
  expect(valueAt({}, ['toString'])).toBeUndefined()
  expect(valueAt({ a: [1] }, ['a', 0])).toBe(1)
  expect(valueAt({ a: 1 }, ['a', 'b', 'c'])).toBeUndefined()
})

test('a path is a JSON Pointer', () => {
  expect(pointerOf(['product_filters', 'a/b', 'c~d', 0])).toBe('/product_filters/a~1b/c~0d/0')
})

test('entries change places', () => {
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
})
