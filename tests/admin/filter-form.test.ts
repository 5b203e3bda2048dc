// A filter as rows and groups, and back: whatever somebody wrote, opening the form and touching it changes no meaning.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { filterOf, groupOf, newGroup, newRow, type Row, withPart } from '../../admin/editor/filter-form.ts'
import { compileFilter, matchesFilter } from '../../lib/promos/filter.ts'
import type { Filter } from '../../lib/promos/filter-schema.ts'
import { order, filter as productFilter } from '../support/arbitrary-orders.ts'

const again = (filter: unknown): Filter | undefined => filterOf(groupOf(filter)).filter

test('any filter, read into the form and written again, matches the same goods', () => {
  fc.assert(
    fc.property(productFilter, order, (filter, { lines }) => {
      const written = again(filter)
      expect(written).toBeDefined()
      const [before, after] = [compileFilter(filter as Filter), compileFilter(written as Filter)]
      for (const line of lines) expect(matchesFilter(after, line)).toBe(matchesFilter(before, line))
    }),
    { seed: 8, numRuns: 500 },
  )
})

test('what is written once is written the same ever after', () => {
  fc.assert(
    fc.property(productFilter, (filter) => {
      const once = again(filter)
      expect(again(once)).toEqual(once)
    }),
    { seed: 8, numRuns: 500 },
  )
})

describe('filters that people write stay as they are', () => {
  const filters: Filter[] = [
    { brand: 'Puma', kind: 'Shorts' },
    { brand: ['Puma', 'Adidas'] },
    { price: { gte: 100, lt: 500 } },
    { size: { between: [38, 42] }, new: true },
    { any: [{ brand: 'Puma' }, { kind: 'Shorts', size: 42 }] },
    { not: { brand: 'Nike' } },
    { brand: 'Puma', not: { any: [{ kind: 'Socks' }, { kind: 'Hats' }] } },
    { tags: { has_all: ['summer', 'sale'] }, sku: { prefix: 'a' }, color: { exists: false } },
  ]
  for (const filter of filters) test(JSON.stringify(filter), () => expect(again(filter)).toEqual(filter))
})

const row = (attribute: string, values: Row['values'], operator: Row['operator'] = 'is'): Row => ({
  ...newRow(attribute),
  ...{ operator, values },
})

test('two tests of one attribute are both kept, also while a name is typed that is there already', () => {
  const rows = [row('brand', ['Puma']), row('brand', ['Nike'], 'is_not'), row('brand', ['Adidas'])]
  expect(filterOf(newGroup('all', rows)).filter).toEqual({
    brand: 'Puma',
    all: [{ brand: { ne: 'Nike' } }, { brand: 'Adidas' }],
  })
})

test('every row knows where in the config it stands', () => {
  const rows = [row('brand', ['Puma']), row('a/b', [1]), row('brand', ['Adidas'])]
  const inner = row('kind', ['Shorts'])
  const { pointers } = filterOf(newGroup('all', [...rows, newGroup('any', [inner])]))
  expect([...rows, inner].map(({ key }) => pointers.get(key))).toEqual([
    '/brand',
    '/a~1b',
    '/all/0/brand',
    '/any/0/kind',
  ])
})

test('a group without rows says nothing, and none at all is no filter', () => {
  expect(filterOf(newGroup('all', [newGroup('any', [])])).filter).toBeUndefined()
  expect(filterOf(newGroup('all', [])).filter).toBeUndefined()
})

test('a part is changed and taken away wherever it stands', () => {
  const inner = row('kind', ['Shorts'])
  const group = newGroup('all', [row('brand', ['Puma']), newGroup('any', [inner, row('kind', ['Hats'])])])
  const changed = withPart(group, inner.key, (part) => ({ ...part, attribute: 'type' }) as Row)
  expect(filterOf(changed).filter).toEqual({ brand: 'Puma', any: [{ type: 'Shorts' }, { kind: 'Hats' }] })
  const fewer = withPart(group, inner.key, () => undefined)
  expect(filterOf(fewer).filter).toEqual({ brand: 'Puma', any: [{ kind: 'Hats' }] })
})
