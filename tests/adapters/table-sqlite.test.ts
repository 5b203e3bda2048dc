// The SQLite table: the contract, and what only a file can do - fill up, be locked, be damaged, be closed.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { prepare } from '../../lib/adapters/table/sqlite-rows.ts'
import type { Item, Key, WriteOp } from '../../lib/ports/table.ts'
import { tableContract } from '../contract/table.ts'
import { startChild } from '../support/child.ts'
import { temporaryFolder } from '../support/folder.ts'

tableContract('sqlite', async () => createSqliteTable({ path: `${temporaryFolder()}/table.sqlite` }))
tableContract('sqlite in memory', async () => createSqliteTable({ path: ':memory:' }))

const unavailable = (code: string) => expect.objectContaining({ kind: 'unavailable', code })
const put = (item: Item): WriteOp => ({ op: 'put', item })

describe('a SQLite table', () => {
  it('has after a restart what it had before', async () => {
    const path = `${temporaryFolder()}/deep/er/table.sqlite`
    const before = createSqliteTable({ path })
    const writing = Promise.all([
      before.write([put({ pk: 'a', sk: 'x', n: 1 })]),
      before.write([put({ pk: 'b', sk: 'x' })]),
    ])
    await before.close()
    expect(await writing).toEqual([{ ok: true }, { ok: true }])
    const after = createSqliteTable({ path })
    expect(await after.get([{ pk: 'a', sk: 'x' }])).toEqual([{ pk: 'a', sk: 'x', n: 1 }])
    await after.close()
  })

  it('answers a write when another process would see it, and then hands on copies of what was put', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const seen: unknown[] = []
    const committed: Item[][] = []
    const table = createSqliteTable({
      path,
      onCommitted: (items) => {
        seen.push(other.prepare('SELECT count(*) AS n FROM items').get()?.n)
        committed.push(items)
      },
    })
    const other = new DatabaseSync(path, { readOnly: true })
    const item = { pk: 'a', sk: 'x', tags: ['t'] }
    await table.write([put(item), { op: 'count', key: { pk: 'a', sk: 'n' }, add: { n: 1 } }])
    await table.write([{ op: 'delete', key: { pk: 'none', sk: 'x' } }])
    await table.write([{ ...put({ pk: 'a', sk: 'y' }), if: { exists: true } }])
    item.tags.push('later')
    expect(committed).toEqual([[{ pk: 'a', sk: 'x', tags: ['t'] }]])
    expect(seen).toEqual([2])
    other.close()
    await table.close()
  })

  it('hands on only what is watched', async () => {
    const committed: Item[][] = []
    const onCommitted = (items: Item[]): unknown => committed.push(items)
    const table = createSqliteTable({ path: ':memory:', onCommitted, watched: (pk) => pk === 'b' })
    await table.write([put({ pk: 'a', sk: 'x' }), put({ pk: 'b', sk: 'x' })])
    await table.write([put({ pk: 'a', sk: 'y' })])
    expect(committed).toEqual([[{ pk: 'b', sk: 'x' }]])
    await table.close()
  })

  it('refuses one write of a group without the others', async () => {
    const table = createSqliteTable({ path: ':memory:' })
    const key = { pk: 'a', sk: 'text' }
    await table.write([put({ ...key, n: 'no number' })])
    const answers = await Promise.allSettled([
      table.write([put({ pk: 'a', sk: '1' })]),
      table.write([{ op: 'count', key, add: { n: 1 } }]),
      table.write([put({ pk: 'a', sk: '2' })]),
    ])
    expect(answers.map((answer) => answer.status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect((await table.query({ pk: 'a' })).items.map((item) => item.sk)).toEqual(['1', '2', 'text'])
  })

  it('gives all who read the same item, until it is written', async () => {
    const table = createSqliteTable({ path: ':memory:' })
    const key = { pk: 'product#1', sk: 'current' }
    const read = async () => (await table.get([key]))[0]
    await table.write([put({ ...key, price: 1 })])
    const before = await read()
    expect(before).toEqual({ ...key, price: 1 })
    expect(await read()).toBe(before)
    await table.write([{ op: 'count', key, add: { price: 1 } }])
    expect(await read()).toEqual({ ...key, price: 2 })
    expect(before).toEqual({ ...key, price: 1 })
    await table.write([put({ ...key, price: 3 })])
    expect(await read()).toEqual({ ...key, price: 3 })
    await table.write([{ op: 'delete', key }])
    expect(await read()).toBeUndefined()
    await table.close()
  })

  it('sees at once what another process writes, though it keeps in mind what it has read', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const [one, other] = [createSqliteTable({ path }), createSqliteTable({ path })]
    const [text, counter, gone] = ['text', 'n', 'gone'].map((sk) => ({ pk: 'a', sk })) as [Key, Key, Key]
    const add: WriteOp = { op: 'count', key: counter, add: { n: 1 }, atMost: { n: 6 } }
    await one.write([put({ ...text, by: 'one' }), put(gone), add])
    for (let n = 2; n <= 6; n++) {
      const [writer, reader] = n % 2 === 0 ? [other, one] : [one, other]
      const before = await reader.get([text, counter])
      expect(before).toEqual([expect.anything(), { ...counter, n: n - 1 }])
      await writer.write([put({ ...text, n }), { op: 'delete', key: gone }, add])
      expect(await reader.get([text, counter, gone])).toEqual([{ ...text, n }, { ...counter, n }, undefined])
    }
    expect(await one.write([add])).toEqual({ ok: false, failed: [0] })
    expect(await other.write([{ ...put({ ...text }), if: { attribute: 'n', op: 'eq', value: 5 } }])).toMatchObject({
      ok: false,
    })
    await one.close()
    await other.close()
  })

  it('forgets what a transaction wrote that came to nothing', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const table = createSqliteTable({ path })
    const [counter, text] = [
      { pk: 'a', sk: 'n' },
      { pk: 'a', sk: 'text' },
    ]
    const add: WriteOp = { op: 'count', key: counter, add: { n: 1 } }
    await table.write([put({ ...text, n: 'no number', v: 1 }), add])
    expect(await table.get([counter, text])).toMatchObject([{ n: 1 }, { v: 1 }])
    const answers = await Promise.allSettled([
      table.write([add, put({ ...text, n: 'none either', v: 2 })]),
      table.write([{ op: 'count', key: text, add: { n: 1 } }]),
      table.write([add]),
    ])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    const stored = [
      { ...counter, n: 3 },
      { ...text, n: 'none either', v: 2 },
    ]
    expect(await table.get([counter, text])).toEqual(stored)
    await table.close()
    const after = createSqliteTable({ path })
    expect(await after.get([counter, text])).toEqual(stored)
    await after.close()
  })

  it('answers all who read at the same moment, each by itself', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const table = createSqliteTable({ path })
    await table.write([put({ pk: 'a', sk: 'x', n: 1 }), put({ pk: 'a', sk: 'broken' })])
    const other = new DatabaseSync(path)
    other.exec("UPDATE items SET body = 'no JSON' WHERE sk = 'broken'")
    other.close()
    const [x, none, broken] = ['x', 'none', 'broken'].map((sk) => ({ pk: 'a', sk }))
    const item = { ...x, n: 1 }
    const reads = [[x, none], [broken], [], [x], [{ pk: 'a', sk: '' }]].map((keys) => table.get(keys as Key[]))
    expect(await Promise.allSettled(reads)).toEqual([
      { status: 'fulfilled', value: [item, undefined] },
      { status: 'rejected', reason: unavailable('store_corrupt') },
      { status: 'fulfilled', value: [] },
      { status: 'fulfilled', value: [item] },
      { status: 'rejected', reason: expect.objectContaining({ code: 'table_key' }) },
    ])
    const last = table.get([{ pk: 'a', sk: 'x' }])
    await table.close()
    expect(await last).toEqual([item])
  })

  it('knows that a row is not there only until somebody writes it', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const table = createSqliteTable({ path })
    const keys = ['put', 'new', 'counted', 'elsewhere'].map((sk): Key => ({ pk: 'a', sk }))
    const [stored, made, counted, elsewhere] = keys as [Key, Key, Key, Key]
    for (let time = 0; time < 2; time++) expect(await table.get(keys)).toEqual(keys.map(() => undefined))
    await table.write([put({ ...stored, n: 1 })])
    await table.write([{ ...put({ ...made, n: 2 }), if: { exists: false } } as WriteOp])
    await table.write([{ op: 'count', key: counted, add: { n: 3 } }])
    const own = [
      { ...stored, n: 1 },
      { ...made, n: 2 },
      { ...counted, n: 3 },
    ]
    for (let time = 0; time < 2; time++) expect(await table.get(keys)).toEqual([...own, undefined])
    const other = createSqliteTable({ path })
    await other.write([put({ ...elsewhere, n: 4 }), { op: 'delete', key: stored }])
    await other.close()
    const all = [undefined, ...own.slice(1), { ...elsewhere, n: 4 }]
    for (let time = 0; time < 2; time++) expect(await table.get(keys)).toEqual(all)
    await table.close()
  })

  it('is unavailable when closed, and closing twice is no error', async () => {
    const table = createSqliteTable({ path: `${temporaryFolder()}/table.sqlite` })
    await table.close()
    await table.close()
    const closed = unavailable('store_closed')
    await expect(table.write([put({ pk: 'a', sk: 'x' })])).rejects.toEqual(closed)
    await expect(table.get([{ pk: 'a', sk: 'x' }])).rejects.toEqual(closed)
    await expect(table.query({ pk: 'a' })).rejects.toEqual(closed)
    await expect(table.list({ name: 'a' })).rejects.toEqual(closed)
    await expect(Array.fromAsync(table.scan())).rejects.toEqual(closed)
  })

  it('is unavailable while another process keeps it locked, and then goes on', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const table = createSqliteTable({ path })
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const answers = await Promise.allSettled(['x', 'y', 'z'].map((sk) => table.write([put({ pk: 'a', sk })])))
    const errors = answers.map((answer) => (answer.status === 'rejected' ? answer.reason : undefined))
    expect(errors).toEqual(errors.map(() => unavailable('store_locked')))
    // The lock was waited for once, not once for each.
    expect(new Set(errors.map((error) => error.cause)).size).toBe(1)
    expect(await table.get([{ pk: 'a', sk: 'x' }])).toEqual([undefined])
    other.close()
    expect(await table.write([put({ pk: 'a', sk: 'x' })])).toEqual({ ok: true })
    await table.close()
  })

  it('refuses a file that is no database, one it cannot open, and one of another format', () => {
    const folder = temporaryFolder()
    writeFileSync(`${folder}/text`, 'This is no database, and it is long enough to be read as one.'.repeat(20))
    expect(() => createSqliteTable({ path: `${folder}/text` })).toThrow(unavailable('store_corrupt'))
    expect(() => createSqliteTable({ path: folder })).toThrow(unavailable('store_unreachable'))
    expect(() => createSqliteTable({ path: `${folder}/text/below` })).toThrow(unavailable('store_unreachable'))
    const newer = new DatabaseSync(`${folder}/newer`)
    newer.exec('PRAGMA user_version = 99')
    newer.close()
    const conflict = expect.objectContaining({ kind: 'conflict', code: 'store_format' })
    expect(() => createSqliteTable({ path: `${folder}/newer` })).toThrow(conflict)
  })

  it.skipIf(process.platform === 'win32').each([1, 20])(
    'is unavailable when the file can grow no more, with nothing half written, by %i at once',
    async (atOnce) => {
      const path = `${temporaryFolder()}/table.sqlite`
      await createSqliteTable({ path }).close()
      // The shell's limit on the size of files stands for the full disk: 2,000 blocks of 512 bytes or 1,024.
      const child = startChild('tests/support/table-full-child.ts', [path, `${atOnce}`], { fileBlocks: 2_000 })
      const [code] = await once(child, 'exit')
      expect(code).toBe(0)
      const table = createSqliteTable({ path })
      const items = (await Array.fromAsync(table.scan())).filter(({ pk }) => pk !== 'warm')
      const marks = items.filter((item) => item.sk === 'mark').length
      expect(marks).toBeGreaterThan(0)
      expect(items).toHaveLength(marks * 2)
      await table.close()
      const file = new DatabaseSync(path)
      expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
      file.close()
    },
  )

  it('reads pages, lists and scans by the indexes, without sorting', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    await createSqliteTable({ path }).close()
    const file = new DatabaseSync(path)
    const { queryUp, queryDown, list, scan } = prepare(file)
    for (const statement of [queryUp, queryDown, list, scan]) {
      const plan = file.prepare(`EXPLAIN QUERY PLAN ${statement.sourceSQL}`).all()
      expect(plan.map((row) => row.detail)).toEqual([
        expect.stringMatching(/^SEARCH items USING .*(PRIMARY KEY|listing)/),
      ])
    }
    file.close()
  })
})
