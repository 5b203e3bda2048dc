import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../lib/base/json.ts'
import { diffJson, type JsonChange, sameJson } from '../../lib/base/json-diff.ts'

describe('diffJson', () => {
  test.each<[string, JsonValue, JsonValue, JsonChange[]]>([
    ['nothing', { a: [1, { b: null }] }, { a: [1, { b: null }] }, []],
    ['the order of names', { a: 1, b: 2 }, { b: 2, a: 1 }, []],
    ['a value', { a: { b: 1 } }, { a: { b: '1' } }, [{ op: 'replace', pointer: '/a/b', from: 1, to: '1' }]],
    ['the whole', 1, [], [{ op: 'replace', pointer: '', from: 1, to: [] }]],
    [
      'names that come and go, with signs of pointers in them',
      { 'a/b': 1 },
      { 'c~d': 2 },
      [
        { op: 'remove', pointer: '/a~1b', from: 1 },
        { op: 'add', pointer: '/c~0d', to: 2 },
      ],
    ],
    [
      'an entry put in, the rest left alone',
      ['a', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
      [{ op: 'add', pointer: '/1', to: 'b' }],
    ],
    ['an entry taken out', ['a', 'b', 'c'], ['a', 'c'], [{ op: 'remove', pointer: '/1', from: 'b' }]],
    ['one of equal entries taken out', ['a', 'a'], ['a'], [{ op: 'remove', pointer: '/1', from: 'a' }]],
    [
      'an entry changed inside',
      [{ type: 'x', value: 1 }],
      [{ type: 'x', value: 2 }],
      [{ op: 'replace', pointer: '/0/value', from: 1, to: 2 }],
    ],
    ['a list for an object', { a: {} }, { a: [] }, [{ op: 'replace', pointer: '/a', from: {}, to: [] }]],
  ])('%s', (_name, from, to, changes) => {
    expect(diffJson(from, to)).toEqual(changes)
  })

  test('is empty exactly when both are the same', () => {
    const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>
    fc.assert(
      fc.property(json, json, (a, b) => {
        expect(diffJson(a, a)).toEqual([])
        expect(diffJson(a, b).length === 0).toBe(sameJson(a, b))
      }),
      { seed: 5 },
    )
  })
})
