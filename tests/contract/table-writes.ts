// Contract of a table, part two: what a write does, alone and among others at the same time.
import { expect } from 'vitest'
import type { Item, Key, WriteOp } from '../../lib/ports/table.ts'
import type { TableContext } from './table.ts'
import { invalid, put } from './table-reads.ts'

const times = <T>(count: number, make: (n: number) => T): T[] => Array.from({ length: count }, (_, n) => make(n))

const add = (key: Key, by: number, rest: Partial<WriteOp & { op: 'count' }> = {}): WriteOp => ({
  op: 'count',
  key,
  add: { used: by },
  ...rest,
})

export const writeCases: Record<string, (context: TableContext) => Promise<void>> = {
  'put replaces the whole item': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    await table.write([put({ ...key, a: 1, b: 2 })])
    await table.write([put({ ...key, b: 3 })])
    expect(await table.get([key])).toEqual([{ ...key, b: 3 }])
  },
  'count starts at 0 on a missing item and on a missing attribute, and keeps the others': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    expect(await table.write([add(key, 2)])).toEqual({ ok: true })
    expect(await table.write([{ op: 'count', key, add: { used: -5, other: 7 } }])).toEqual({ ok: true })
    await table.write([{ op: 'count', key, add: { used: 1 }, set: { name: 'n', tags: ['t'], none: null } }])
    await table.write([{ op: 'count', key, add: {}, set: { name: 'm' } }])
    expect(await table.get([key])).toEqual([{ ...key, used: -2, other: 7, name: 'm', tags: ['t'], none: null }])
  },
  'atMost and atLeast bound the sum: what would cross one is refused and changes nothing': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    expect(await table.write([add(key, 4, { atMost: { used: 3 } })])).toEqual({ ok: false, failed: [0] })
    expect(await table.get([key])).toEqual([undefined])
    expect(await table.write([add(key, 3, { atMost: { used: 3 } })])).toEqual({ ok: true })
    expect(await table.write([add(key, 1, { atMost: { used: 3 } })])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([add(key, -4, { atLeast: { used: 0 } })])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([add(key, -3, { atLeast: { used: 0 }, atMost: { used: 3 } })])).toEqual({ ok: true })
    expect(await table.write([add(key, -1, { atLeast: { used: 0 } })])).toEqual({ ok: false, failed: [0] })
    expect(await table.write([add(key, -2, { atLeast: { used: -2 } })])).toEqual({ ok: true })
    expect(await table.write([add(key, 0, { atLeast: { used: 0 } })])).toEqual({ ok: false, failed: [0] })
    expect(await table.get([key])).toEqual([{ ...key, used: -2 }])
  },
  'counters called like inherited properties start at 0': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    await table.write([{ op: 'count', key, add: { constructor: 1, toString: 2, valueOf: 3 }, atMost: { valueOf: 3 } }])
    expect((await table.get([key]))[0]).toEqual({ ...key, constructor: 1, toString: 2, valueOf: 3 })
  },
  'counting what is no number is refused as counter_type, and changes nothing': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    await table.write([put({ ...key, used: 'text' })])
    const refused = expect.objectContaining({ kind: 'invalid', code: 'counter_type' })
    await expect(table.write([put({ ...key, sk: 'other' }), add(key, 1)])).rejects.toEqual(refused)
    expect(await table.get([key, { ...key, sk: 'other' }])).toEqual([{ ...key, used: 'text' }, undefined])
  },
  'an item that a count would make too large is refused': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    await table.write([put({ ...key, text: 'x'.repeat(380_000) })])
    const grow: WriteOp = { op: 'count', key, add: {}, set: { more: 'y'.repeat(50_000) } }
    await expect(table.write([grow])).rejects.toEqual(invalid('item_too_large'))
  },
  'delete removes an item; a missing one is no error': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    expect(await table.write([{ op: 'delete', key }])).toEqual({ ok: true })
    await table.write([put({ ...key, n: 1 })])
    expect(await table.write([{ op: 'delete', key }])).toEqual({ ok: true })
    expect(await table.get([key])).toEqual([undefined])
  },
  'a write of nothing is done': async ({ table }) => {
    expect(await table.write([])).toEqual({ ok: true })
  },
  'a write has up to 100 changes of every sort, over many pk': async ({ table, fresh }) => {
    const [pk, gone] = [fresh(), fresh()]
    await table.write(times(25, (n) => put({ pk: gone, sk: `${n}` })))
    const ops = times(25, (n): WriteOp[] => [
      put({ pk: `${pk}/${n}`, sk: 'put', n }),
      add({ pk, sk: `${n}` }, n),
      { op: 'delete', key: { pk: gone, sk: `${n}` } },
      { op: 'check', key: { pk, sk: `none ${n}` }, if: { exists: false } },
    ]).flat()
    expect(await table.write(ops)).toEqual({ ok: true })
    const stored = await table.get([...times(25, (n) => ({ pk: `${pk}/${n}`, sk: 'put' })), { pk: gone, sk: '7' }])
    expect(stored.map((item) => item?.n)).toEqual([...times(25, (n) => n), undefined])
    expect((await table.query({ pk })).items).toHaveLength(25)
  },
  'all or nothing: one refused op of 100 undoes the rest, and every refused position is named': async ({
    table,
    fresh,
  }) => {
    const pk = fresh()
    await table.write([put({ pk, sk: 'there', n: 1 }), put({ pk, sk: 'kept' })])
    const ops: WriteOp[] = [
      ...times(96, (n) => put({ pk, sk: `new ${n}` })),
      { op: 'check', key: { pk, sk: 'there' }, if: { exists: false } },
      { op: 'delete', key: { pk, sk: 'kept' } },
      add({ pk, sk: 'counter' }, 2, { atMost: { used: 1 } }),
      { ...put({ pk, sk: 'other' }), if: { exists: true } },
    ]
    expect(await table.write(ops)).toEqual({ ok: false, failed: [96, 98, 99] })
    expect((await table.query({ pk })).items.map((item) => item.sk)).toEqual(['kept', 'there'])
  },
  '100 counters at once with a limit give exactly the limit': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'limit' }
    const answers = await Promise.all(times(100, () => table.write([add(key, 1, { atMost: { used: 37 } })])))
    expect(answers.filter((answer) => answer.ok)).toHaveLength(37)
    expect(await table.get([key])).toEqual([{ ...key, used: 37 }])
  },
  'writes at once that each take a place and leave a mark agree with their marks': async ({ table, fresh }) => {
    const pk = fresh()
    const answers = await Promise.all(
      times(60, (n) =>
        table.write([
          add({ pk, sk: 'a' }, 1, { atMost: { used: 20 } }),
          add({ pk, sk: 'b' }, 2, { atMost: { used: 30 } }),
          { ...put({ pk, sk: `mark ${String(n).padStart(2, '0')}` }), if: { exists: false } },
        ]),
      ),
    )
    const done = answers.filter((answer) => answer.ok).length
    expect(done).toBe(15)
    const { items } = await table.query({ pk })
    expect(items.filter((item) => item.sk.startsWith('mark'))).toHaveLength(done)
    expect(items.filter((item) => item.used !== undefined).map((item) => item.used)).toEqual([15, 30])
  },
  'of many that create one item at once, one does': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    const answers = await Promise.all(times(40, (n) => table.write([{ ...put({ ...key, n }), if: { exists: false } }])))
    const winner = answers.findIndex((answer) => answer.ok)
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    expect(answers.filter((answer) => !answer.ok)[0]).toEqual({ ok: false, failed: [0] })
    expect(await table.get([key])).toEqual([{ ...key, n: winner }])
  },
  'a lost race is no refusal: unconditional counters at once all count': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    const other = { pk: fresh(), sk: 'x' }
    const answers = await Promise.all(
      times(60, (n) => table.write(n % 2 === 0 ? [add(key, 1), add(other, 1)] : [add(other, 1), add(key, 1)])),
    )
    expect(answers.every((answer) => answer.ok)).toBe(true)
    expect((await table.get([key, other])).map((item) => item?.used)).toEqual([60, 60])
  },
  'serializable: two that each check what the other writes are not both done': async ({ table, fresh }) => {
    for (let round = 0; round < 10; round++) {
      const pk = fresh()
      const take = (mine: string, others: string) =>
        table.write([put({ pk, sk: mine }), { op: 'check', key: { pk, sk: others }, if: { exists: false } }])
      const answers = await Promise.all([take('a', 'b'), take('b', 'a')])
      expect(answers.filter((answer) => answer.ok)).toHaveLength(1)
    }
  },
  'reserved and empty attribute names are refused': async ({ table, fresh }) => {
    const key = { pk: fresh(), sk: 'x' }
    for (const name of ['list', 'list_sort', '']) {
      const item: Item = { ...key, [name]: 1 }
      await expect(table.write([put(item)]), name).rejects.toEqual(invalid('attribute_name'))
      const set = { [name]: 1 }
      await expect(table.write([add(key, 1, { set })]), name).rejects.toEqual(invalid('attribute_name'))
    }
    for (const name of ['pk', 'sk']) {
      const counted = table.write([{ op: 'count', key, add: { [name]: 1 } }])
      await expect(counted, name).rejects.toEqual(invalid('attribute_name'))
    }
    expect(await table.get([key])).toEqual([undefined])
  },
  'what no backend could keep is refused: more than 100 changes, one key twice, large items, lone surrogates': async ({
    table,
    fresh,
  }) => {
    const pk = fresh()
    const key = { pk, sk: 'x' }
    const refused: [WriteOp[], string][] = [
      [times(101, (n) => put({ pk, sk: `${n}` })), 'write_too_large'],
      [[put(key), { op: 'delete', key }], 'write_same_key'],
      [[put({ ...key, text: 'x'.repeat(410_000) })], 'item_too_large'],
      [[put({ ...key, text: 'ł'.repeat(205_000) })], 'item_too_large'],
      [[put({ ...key, text: '\udc00' })], 'attribute_value'],
      [[put({ ...key, n: Number.NaN })], 'attribute_value'],
      [[put({ ...key, n: Number.POSITIVE_INFINITY })], 'attribute_value'],
      [[put({ ...key, n: 1e126 })], 'attribute_value'],
      [[put({ ...key, n: -1e-131 })], 'attribute_value'],
      [times(12, (n) => put({ pk, sk: `${n}`, text: 'x'.repeat(380_000) })), 'write_too_large'],
      [[put({ pk, sk: '' })], 'table_key'],
      [[{ ...put({ pk, sk: 'k'.repeat(500) }), list: { name: pk, sort: 's'.repeat(520) } }], 'table_key'],
      [[put({ pk: 'x'.repeat(2_049), sk: 'x' })], 'table_key'],
      [[add(key, 0.5)], 'attribute_value'],
      [[add(key, 1, { set: { used: 1 } })], 'attribute_name'],
      [[add(key, 1, { atMost: { other: 1 } })], 'attribute_name'],
    ]
    for (const [ops, code] of refused) await expect(table.write(ops), code).rejects.toEqual(invalid(code))
    expect((await table.query({ pk })).items).toEqual([])
  },
}
