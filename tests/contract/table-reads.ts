// Contract of a table, part one: what get, query and scan answer.
import { expect } from 'vitest'
import type { Item, Page, Query, Table } from '../../lib/ports/table.ts'
import { sortNames } from '../support/sort-names.ts'
import type { TableContext } from './table.ts'

export const put = (item: Item) => ({ op: 'put', item }) as const

export const putAll = async (table: Table, items: Item[]): Promise<void> => {
  for (let at = 0; at < items.length; at += 100) {
    expect(await table.write(items.slice(at, at + 100).map(put))).toEqual({ ok: true })
  }
}

/** All pages, and how many there were. */
export async function allPages<T>(read: (after?: string) => Promise<Page<T>>): Promise<{ items: T[]; pages: number }> {
  const items: T[] = []
  let after: string | undefined
  for (let pages = 1; ; pages++) {
    const page = await read(after)
    items.push(...page.items)
    if (page.next === undefined) return { items, pages }
    if (pages > 10_000) throw new Error('the pages never end')
    after = page.next
  }
}

const queryAll = async (table: Table, query: Query) =>
  (await allPages((after) => table.query({ ...query, ...(after === undefined ? {} : { after }) }))).items

const sks = (items: { sk: string }[]) => items.map((item) => item.sk)

export const invalid = (code: string) => expect.objectContaining({ kind: 'invalid', code })

// In the order of their UTF-8 bytes, which is neither that of UTF-16 units nor of any language.
const ordered = [
  '\t',
  ' ',
  '!',
  '0',
  'A',
  'Z',
  'a',
  'a ',
  'a!',
  'aa',
  'b',
  'z',
  'ß',
  'à',
  'Ł',
  'ł',
  '中',
  '\uffee',
  '😀',
  '😀a',
  '🦄',
]

const awkward: Item['x'] = {
  empty: '',
  text: 'zażółć "gęślą" \\ \n\t\u2028 😀 \u0000 end',
  numbers: [0, -1, 0.1, 1e21, 5e-7, 9007199254740991, -9007199254740991, 123456789.12],
  others: [true, false, null, [], {}, [[]], [{}]],
  constructor: 'c',
  toString: 1,
  hasOwnProperty: null,
  'a.b': 1,
  '': 'an empty name',
  ключ: 'значення',
}

export const readCases: Record<string, (context: TableContext) => Promise<void>> = {
  'get answers in the order of its keys, undefined for what is missing, the same item twice when asked twice': async ({
    table,
    fresh,
  }) => {
    const pk = fresh()
    await putAll(table, [
      { pk, sk: 'a', n: 1 },
      { pk, sk: 'b', n: 2 },
    ])
    const keys = ['b', 'missing', 'a', 'b'].map((sk) => ({ pk, sk }))
    const b = { pk, sk: 'b', n: 2 }
    expect(await table.get(keys)).toEqual([b, undefined, { pk, sk: 'a', n: 1 }, b])
  },
  'get of no keys is an empty list': async ({ table }) => {
    expect(await table.get([])).toEqual([])
  },
  'get takes any number of keys': async ({ table, fresh }) => {
    const pk = fresh()
    const items = Array.from({ length: 350 }, (_, n) => ({ pk, sk: `${n}`, n }))
    await putAll(table, items)
    expect(await table.get(items.map(({ sk }) => ({ pk, sk })))).toEqual(items)
  },
  'get sees what was written just before': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    for (let n = 0; n < 20; n++) {
      await table.write([put({ ...key, n })])
      expect(await table.get([key])).toEqual([{ ...key, n }])
    }
  },
  'every JSON value comes back as it was': async ({ table, fresh }) => {
    const item: Item = { pk: fresh(), sk: 'x', x: awkward, top: '', nothing: null, flag: false }
    await table.write([put(item)])
    expect(await table.get([item])).toStrictEqual([item])
  },
  'an attribute called __proto__ is an attribute like any other': async ({ table, fresh }) => {
    const pk = fresh()
    const item: Item = JSON.parse(`{"pk":"${pk}","sk":"x","__proto__":{"a":1},"deep":{"__proto__":{"polluted":true}}}`)
    await table.write([put(item)])
    const [stored] = await table.get([{ pk, sk: 'x' }])
    expect(JSON.stringify(stored && sortNames(stored))).toBe(JSON.stringify(sortNames(item)))
    expect(Object.getPrototypeOf(stored)).toBe(Object.prototype)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  },
  'items share nothing with their writers and readers': async ({ table, fresh }) => {
    const item = { pk: fresh(), sk: 'x', tags: ['a'] }
    const written = table.write([put(item)])
    item.tags.push('after the call')
    await written
    const [first] = await table.get([item])
    expect(first).toBeDefined()
    // A reader has a copy of its own, or one that nobody can change.
    if (Array.isArray(first?.tags) && !Object.isFrozen(first.tags)) first.tags.push('by a reader')
    const expected = { pk: item.pk, sk: 'x', tags: ['a'] }
    expect(await table.get([item])).toEqual([expected])
    expect((await table.query({ pk: item.pk })).items).toEqual([expected])
  },
  'query answers items of one pk in the order of the UTF-8 bytes of sk': async ({ table, fresh }) => {
    const pk = fresh()
    await putAll(table, [...ordered.toReversed().map((sk) => ({ pk, sk })), { pk: `${pk}0`, sk: 'other' }])
    expect(sks(await queryAll(table, { pk }))).toEqual(ordered)
    expect(sks(await queryAll(table, { pk, reverse: true }))).toEqual(ordered.toReversed())
  },
  'keys that differ only in case, blanks, normalisation or a NUL are different keys': async ({ table, fresh }) => {
    const pk = fresh()
    const different = ['a', 'A', 'a ', 'a\u0000', 'a\u0000b', '\u00e9', 'e\u0301']
    await putAll(
      table,
      different.map((sk, n) => ({ pk, sk, n })),
    )
    const stored = await table.get(different.map((sk) => ({ pk, sk })))
    expect(stored.map((item) => item?.n)).toEqual(different.map((_, n) => n))
  },
  'query by prefix': async ({ table, fresh }) => {
    const pk = fresh()
    const names = ['p', 'p#', 'p#1', 'p#2', 'p#\u{10ffff}', 'p$', 'q', 'p\u{10ffff}', 'p\u{10ffff}\u{10ffff}x']
    await putAll(
      table,
      names.map((sk) => ({ pk, sk })),
    )
    expect(sks(await queryAll(table, { pk, prefix: 'p#' }))).toEqual(['p#', 'p#1', 'p#2', 'p#\u{10ffff}'])
    expect(sks(await queryAll(table, { pk, prefix: 'p\u{10ffff}' }))).toEqual(['p\u{10ffff}', 'p\u{10ffff}\u{10ffff}x'])
    expect(sks(await queryAll(table, { pk, prefix: 'p#2', reverse: true }))).toEqual(['p#2'])
    expect(await queryAll(table, { pk, prefix: '' })).toHaveLength(names.length)
    expect(await queryAll(table, { pk, prefix: 'nothing' })).toEqual([])
  },
  'query by range includes both ends': async ({ table, fresh }) => {
    const pk = fresh()
    await putAll(
      table,
      ['a', 'b', 'b\u0000', 'c', 'd'].map((sk) => ({ pk, sk })),
    )
    expect(sks(await queryAll(table, { pk, from: 'b' }))).toEqual(['b', 'b\u0000', 'c', 'd'])
    expect(sks(await queryAll(table, { pk, to: 'b' }))).toEqual(['a', 'b'])
    expect(sks(await queryAll(table, { pk, from: 'b', to: 'c', reverse: true }))).toEqual(['c', 'b\u0000', 'b'])
    expect(sks(await queryAll(table, { pk, from: 'c', to: 'b' }))).toEqual([])
  },
  'pages join without gap or repetition, in both directions and within a prefix or range': async ({ table, fresh }) => {
    const pk = fresh()
    const names = Array.from({ length: 25 }, (_, n) => `n#${String(n).padStart(2, '0')}`)
    await putAll(
      table,
      ['m', ...names, 'o'].map((sk) => ({ pk, sk })),
    )
    for (const shape of [{ prefix: 'n#' }, { from: 'n#00', to: 'n#24' }]) {
      for (const reverse of [false, true]) {
        for (const limit of [1, 7, 25, 26]) {
          const expected = reverse ? names.toReversed() : names
          expect(sks(await queryAll(table, { pk, ...shape, reverse, limit }))).toEqual(expected)
        }
      }
    }
  },
  'a page has at most its limit, 100 when none is given': async ({ table, fresh }) => {
    const pk = fresh()
    await putAll(
      table,
      Array.from({ length: 120 }, (_, n) => ({ pk, sk: `${n}` })),
    )
    const page = await table.query({ pk })
    expect(page.items).toHaveLength(100)
    expect(page.next).toBeTypeOf('string')
    expect((await table.query({ pk, limit: 3 })).items).toHaveLength(3)
    expect((await table.query({ pk, limit: 1_000 })).items).toHaveLength(120)
  },
  'paging goes on where it was while items come and go': async ({ table, fresh }) => {
    const pk = fresh()
    await putAll(
      table,
      ['b', 'd', 'f', 'h'].map((sk) => ({ pk, sk })),
    )
    const first = await table.query({ pk, limit: 2 })
    expect(sks(first.items)).toEqual(['b', 'd'])
    await table.write([
      put({ pk, sk: 'a' }),
      put({ pk, sk: 'e' }),
      { op: 'delete', key: { pk, sk: 'd' } },
      { op: 'delete', key: { pk, sk: 'f' } },
    ])
    const rest = await allPages((after) => table.query({ pk, limit: 2, after: after ?? first.next ?? '' }))
    expect(sks(rest.items)).toEqual(['e', 'h'])
  },
  'a page of large items ends before its limit, and the next goes on': async ({ table, fresh }) => {
    const pk = fresh()
    const text = 'x'.repeat(200_000)
    for (let n = 10; n < 20; n++) await table.write([put({ pk, sk: `${n}`, text })])
    const { items, pages } = await allPages((after) => table.query({ pk, ...(after === undefined ? {} : { after }) }))
    expect(items).toHaveLength(10)
    expect(pages).toBeGreaterThan(1)
  },
  'a page token that is none, or of another query, is refused as page_token': async ({ table, fresh }) => {
    const pk = fresh()
    const list = fresh()
    const names = ['a', 'b', 'c']
    await table.write(names.map((sk) => ({ ...put({ pk, sk }), list: { name: list, sort: sk } })))
    const { next = '' } = await table.query({ pk, limit: 1 })
    for (const after of [
      '',
      'x',
      '!!',
      '[]',
      Buffer.from('[1]').toString('base64url'),
      `${next}AA`,
      next.slice(0, -4),
    ]) {
      await expect(table.query({ pk, after }), JSON.stringify(after)).rejects.toEqual(invalid('page_token'))
    }
    await expect(table.query({ pk: `${pk}0`, after: next })).rejects.toEqual(invalid('page_token'))
    await expect(table.query({ pk, prefix: 'a', after: next })).rejects.toEqual(invalid('page_token'))
    await expect(table.query({ pk, reverse: true, after: next })).rejects.toEqual(invalid('page_token'))
    await expect(table.list({ name: list, after: next })).rejects.toEqual(invalid('page_token'))
  },
  'what cannot be asked is refused: limits out of range, prefix and range together, keys that are none': async ({
    table,
    fresh,
  }) => {
    const pk = fresh()
    for (const limit of [0, -1, 1.5, 1_001, Number.NaN]) {
      await expect(table.query({ pk, limit }), String(limit)).rejects.toEqual(invalid('page_limit'))
      await expect(table.list({ name: pk, limit }), String(limit)).rejects.toEqual(invalid('page_limit'))
    }
    await expect(table.query({ pk, prefix: 'a', from: 'b' })).rejects.toEqual(invalid('query_range'))
    await expect(table.query({ pk: '' })).rejects.toEqual(invalid('table_key'))
    await expect(table.get([{ pk, sk: '' }])).rejects.toEqual(invalid('table_key'))
    await expect(table.get([{ pk, sk: '\ud800' }])).rejects.toEqual(invalid('table_key'))
    await expect(table.get([{ pk, sk: 'é'.repeat(513) }])).rejects.toEqual(invalid('table_key'))
  },
  'scan answers every item with a pk prefix in the order of (pk, sk)': async ({ table, fresh }) => {
    const root = fresh('scan')
    const items = ['/a', '/b', '/\uffee', '/😀'].flatMap((end) =>
      Array.from({ length: 130 }, (_, n) => ({ pk: root + end, sk: String(n).padStart(3, '0'), n })),
    )
    await putAll(table, items.toReversed())
    expect(await Array.fromAsync(table.scan({ prefix: root }))).toEqual(items)
    expect(await Array.fromAsync(table.scan({ prefix: `${root}/b` }))).toEqual(items.slice(130, 260))
    expect(await Array.fromAsync(table.scan({ prefix: `${root}/none` }))).toEqual([])
  },
  'scan without a prefix answers every item': async ({ table, fresh }) => {
    const pk = fresh('scan')
    await putAll(table, [
      { pk, sk: 'a' },
      { pk, sk: 'b' },
    ])
    const scanned = await Array.fromAsync(table.scan())
    expect(sks(scanned.filter((item) => item.pk === pk))).toEqual(['a', 'b'])
  },
}
