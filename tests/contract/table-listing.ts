// Contract of a table, part four: the listing index. It may lag, so that every case looks until it sees, or its time
// is up.
import { expect } from 'vitest'
import type { ListEntry, ListQuery, Table, WriteOp } from '../../lib/ports/table.ts'
import type { TableContext } from './table.ts'
import { allPages, invalid } from './table-reads.ts'

const patienceMs = 5_000

const listAll = async (table: Table, query: ListQuery): Promise<ListEntry[]> =>
  (await allPages((after) => table.list({ ...query, ...(after === undefined ? {} : { after }) }))).items

const expectList = (table: Table, query: ListQuery, entries: ListEntry[]): Promise<void> =>
  expect.poll(() => listAll(table, query), { timeout: patienceMs, interval: 20 }).toEqual(entries)

const listed = (entry: ListEntry, name: string, attributes = {}): WriteOp => ({
  op: 'put',
  item: { pk: entry.pk, sk: entry.sk, ...attributes },
  list: { name, sort: entry.sort },
})

export const listingCases: Record<string, (context: TableContext) => Promise<void>> = {
  'a list is in the order of (sort, pk, sk) by UTF-8 bytes, whatever the pk': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const sorts = ['1', '10', '2', 'A', 'a', 'ł', '\uffee', '😀']
    const entries = sorts.map((sort, n) => ({ sort, pk: `${pk}/${sorts.length - n}`, sk: 'x' }))
    await table.write(entries.toReversed().map((entry) => listed(entry, name)))
    await expectList(table, { name }, entries)
  },
  'entries with one sort go by pk, then sk': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const entries = ['/a', '/b', '/😀'].flatMap((end) => ['x', 'y'].map((sk) => ({ sort: 's', pk: pk + end, sk })))
    await table.write(entries.toReversed().map((entry) => listed(entry, name)))
    await expectList(table, { name }, entries)
  },
  'a range includes both ends': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const entries = ['a', 'b', 'c', 'd'].map((sort, n) => ({ sort, pk: `${pk}/${n}`, sk: 'x' }))
    await table.write(entries.map((entry) => listed(entry, name)))
    await expectList(table, { name, from: 'b', to: 'c' }, entries.slice(1, 3))
    await expectList(table, { name, from: 'b' }, entries.slice(1))
    await expectList(table, { name, to: 'b' }, entries.slice(0, 2))
    await expectList(table, { name, from: 'e' }, [])
  },
  'pages of a list join without gap or repetition': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const entries = Array.from({ length: 45 }, (_, n) => ({
      sort: String(n >> 1).padStart(2, '0'),
      pk: `${pk}/${String(n).padStart(2, '0')}`,
      sk: 'x',
    }))
    await table.write(entries.map((entry) => listed(entry, name)))
    for (const limit of [1, 2, 7, 45, 46]) await expectList(table, { name, limit }, entries)
    await expectList(table, { name, limit: 5, from: '03', to: '11' }, entries.slice(6, 24))
    const page = await table.list({ name, limit: 7 })
    expect(page.items.length).toBeLessThanOrEqual(7)
  },
  'a list holds only its own; items without a place are in none': async ({ table, fresh }) => {
    const [name, other, pk] = [fresh('list'), fresh('list'), fresh()]
    const entry = { sort: 's', pk, sk: 'in' }
    await table.write([
      listed(entry, name),
      listed({ sort: 's', pk, sk: 'other' }, other),
      { op: 'put', item: { pk, sk: 'none' } },
    ])
    await expectList(table, { name }, [entry])
    expect(await listAll(table, { name: `${name}0` })).toEqual([])
  },
  'put moves an item, or without a place takes it out; delete takes it out; count leaves it': async ({
    table,
    fresh,
  }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const [a, b, c] = ['a', 'b', 'c'].map((sort) => ({ sort, pk: `${pk}/${sort}`, sk: 'x' })) as [
      ListEntry,
      ListEntry,
      ListEntry,
    ]
    await table.write([listed(a, name), listed(b, name), listed(c, name)])
    await expectList(table, { name }, [a, b, c])
    const moved = { ...a, sort: 'z' }
    await table.write([
      listed(moved, name),
      { op: 'put', item: { pk: b.pk, sk: b.sk, n: 1 } },
      { op: 'count', key: { pk: c.pk, sk: c.sk }, add: { n: 1 } },
    ])
    await expectList(table, { name }, [c, moved])
    await table.write([{ op: 'delete', key: { pk: c.pk, sk: c.sk } }])
    await expectList(table, { name }, [moved])
  },
  'the place in a list is no attribute of the item': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    await table.write([listed({ sort: 's', pk, sk: 'x' }, name, { n: 1 })])
    expect(await table.get([{ pk, sk: 'x' }])).toEqual([{ pk, sk: 'x', n: 1 }])
    expect((await table.query({ pk })).items).toEqual([{ pk, sk: 'x', n: 1 }])
    expect(await Array.fromAsync(table.scan({ prefix: pk }))).toEqual([{ pk, sk: 'x', n: 1 }])
  },
  'a refused write leaves the list as it was': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const entry = { sort: 's', pk, sk: 'x' }
    await table.write([listed(entry, name)])
    const refused = await table.write([
      listed({ ...entry, sort: 't' }, name),
      { op: 'check', key: { pk, sk: 'missing' }, if: { exists: true } },
    ])
    expect(refused).toEqual({ ok: false, failed: [1] })
    await expectList(table, { name }, [entry])
  },
  'tokens of a list are refused on another list or range, and when they are none': async ({ table, fresh }) => {
    const [name, pk] = [fresh('list'), fresh()]
    const entries = ['a', 'b', 'c'].map((sort, n) => ({ sort, pk: `${pk}/${n}`, sk: 'x' }))
    await table.write(entries.map((entry) => listed(entry, name)))
    await expectList(table, { name }, entries)
    const { next = '' } = await table.list({ name, limit: 1 })
    for (const query of [{ name: `${name}0` }, { name, from: 'a' }, { name, to: 'c' }]) {
      await expect(table.list({ ...query, after: next })).rejects.toEqual(invalid('page_token'))
    }
    await expect(table.list({ name, after: 'nonsense' })).rejects.toEqual(invalid('page_token'))
  },
}
