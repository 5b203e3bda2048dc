// The embedded table while a thread writes for it: what is not on the disk is not shown, nobody else's writes are
// overlooked, and whatever becomes of the thread, a write counts once.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { createSqliteTable } from '../../lib/adapters/table/sqlite.ts'
import { startWriter, type Writer } from '../../lib/adapters/table/writer.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { Key, Table, WriteOp } from '../../lib/ports/table.ts'
import { startChild } from '../support/child.ts'
import { temporaryFolder } from '../support/folder.ts'
import { watchThread } from '../support/table-thread.ts'

const counter: Key = { pk: 'a', sk: 'n' }
const add: WriteOp = { op: 'count', key: counter, add: { n: 1 } }
const many = <T>(count: number, make: (n: number) => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, (_, n) => make(n)))
const countOf = async (table: Table): Promise<unknown> => (await table.get([counter]))[0]?.n

/** A writer whose answers can be held back, or lost with the thread. */
function breakableWriter() {
  let writer: Writer | undefined
  let next: ((write: () => Promise<boolean | undefined>) => Promise<boolean | undefined>) | undefined
  return {
    start(path: string): Writer {
      const real = startWriter(path)
      writer = {
        ...real,
        async write(decided) {
          const act = next
          next = undefined
          return act ? await act(() => real.write(decided)) : await real.write(decided)
        },
      }
      return writer
    },
    /** Writes many items at once (`warm` / number), until the thread is there. */
    async started(table: Table): Promise<void> {
      const put = (n: number) => table.write([{ op: 'put', item: { pk: 'warm', sk: `${n}` } }])
      do await many(40, put)
      while (!writer?.isReady())
    },
    /** The next group is `written`, which is told when it may `goOn`. */
    hold() {
      const [written, allowed] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      next = async (write) => {
        const kept = await write()
        written.resolve()
        await allowed.promise
        return kept
      }
      return { written: written.promise, goOn: allowed.resolve }
    },
    /** The thread dies over the next group. */
    lose(moment: 'before' | 'after', then: () => Promise<unknown> = async () => {}): void {
      next = async (write) => {
        if (moment === 'after') await write()
        await then()
        return undefined
      }
    },
  }
}

describe('a SQLite table that a thread writes', () => {
  it('shows what was written no sooner than it is on the disk, and at once then', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const thread = watchThread()
    const table = createSqliteTable({ path })
    await thread.started(table)
    const other = new DatabaseSync(path, { readOnly: true })
    const stored = other.prepare("SELECT count(*) AS n FROM items WHERE pk = 'new'")
    const before = thread.answers.length
    for (let round = 0; round < 10; round++) {
      const keys = Array.from({ length: 40 }, (_, n): Key => ({ pk: 'new', sk: `${round} ${n}` }))
      // That they are not there is kept in mind until they are.
      if (round % 2 === 0) expect(await table.get(keys)).toEqual(keys.map(() => undefined))
      const writing = many(40, (n) =>
        table.write([{ op: 'put', item: { ...(keys[n] as Key), n }, if: { exists: false } }, add]),
      )
      // Asked while they are on their way, by many: each sees all of a write, or nothing of it.
      const reading = many(40, async (n) => {
        for (let tick = 0; tick < n % 5; tick++) await new Promise(setImmediate)
        const [item, sum] = await table.get([keys[n] as Key, counter])
        const onDisk = Number(stored.get()?.n)
        expect(Number(sum?.n ?? 0)).toBeLessThanOrEqual(onDisk)
        if (item) expect(onDisk).toBeGreaterThan(round * 40)
      })
      expect(await writing).toEqual(keys.map(() => ({ ok: true })))
      expect(stored.get()?.n).toBe((round + 1) * 40)
      expect(await countOf(table)).toBe((round + 1) * 40)
      expect(await table.get(keys)).toEqual(keys.map((key, n) => ({ ...key, n })))
      await reading
    }
    expect(thread.answers.slice(before)).toContain(true)
    other.close()
    await table.close()
  })

  it('decides anew what another process has written meanwhile', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const threads = [watchThread(), watchThread()]
    const tables = [createSqliteTable({ path }), createSqliteTable({ path })]
    const most: WriteOp = { ...add, atMost: { n: 1_000 } }
    await threads[0]?.started(tables[0] as Table)
    const answers = await Promise.all(
      tables.map(async (table) => {
        let ok = 0
        for (let round = 0; round < 20; round++) {
          const results = await Promise.allSettled(Array.from({ length: 40 }, () => table.write([most])))
          for (const result of results) if (result.status === 'fulfilled' && result.value.ok) ok++
          expect(Number(await countOf(table))).toBeGreaterThanOrEqual(ok)
        }
        return ok
      }),
    )
    const total = answers.reduce((sum, ok) => sum + ok, 0)
    for (const table of tables) expect(await countOf(table)).toBe(total)
    expect(total).toBe(1_000)
    for (const table of tables) await table.close()
  })

  it('counts each write once, and goes on, when the thread dies', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const thread = watchThread()
    const table = createSqliteTable({ path })
    await thread.started(table)
    let ok = 0
    let ended: Promise<void> | undefined
    for (let round = 0; round < 30; round++) {
      const writing = many(40, () => table.write([add]))
      // After the group was sent off, and maybe written.
      if (round === 10) ended = thread.end()
      for (const answer of await writing) if (answer.ok) ok++
    }
    await ended
    expect(await countOf(table)).toBe(ok)
    expect(ok).toBe(1_200)
    await table.close()
    const after = createSqliteTable({ path })
    expect(await countOf(after)).toBe(ok)
    await after.close()
  })

  it('shows a row that is on its way when that is told to be on the disk, and not its old state after its new one', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const broken = breakableWriter()
    const table = createSqliteTable({ path, start: broken.start })
    await broken.started(table)
    await table.write([add])
    expect(await countOf(table)).toBe(1)
    const { written, goOn } = broken.hold()
    const writing = many(32, () => table.write([add]))
    await written
    expect((await table.query({ pk: 'a' })).items).toMatchObject([{ n: 33 }])
    let shown: unknown
    const reading = countOf(table).then((n) => {
      shown = n
    })
    // Others need not wait, and so show that there was time.
    for (let n = 0; n < 3; n++) expect(await table.get([{ pk: 'warm', sk: '0' }])).toHaveLength(1)
    expect(shown).toBeUndefined()
    goOn()
    await reading
    expect(shown).toBe(33)
    await writing
    await table.close()
  })

  it('believes the file where another process wrote between the disk and the answer', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const broken = breakableWriter()
    const table = createSqliteTable({ path, start: broken.start })
    const other = createSqliteTable({ path })
    await broken.started(table)
    await table.write([add])
    expect(await countOf(table)).toBe(1)
    const { written, goOn } = broken.hold()
    const writing = many(32, () => table.write([add]))
    await written
    await other.write([add])
    await table.get([{ pk: 'warm', sk: '0' }])
    goOn()
    await writing
    expect(await countOf(table)).toBe(34)
    await table.write([add])
    expect(await countOf(table)).toBe(35)
    await other.close()
    await table.close()
  })

  it.each(['before', 'after'] as const)('counts once what the thread died over, %s it was written', async (moment) => {
    const path = `${temporaryFolder()}/table.sqlite`
    const broken = breakableWriter()
    const table = createSqliteTable({ path, start: broken.start })
    await broken.started(table)
    broken.lose(moment)
    expect(await many(32, () => table.write([add]))).toEqual(Array.from({ length: 32 }, () => ({ ok: true })))
    expect(await countOf(table)).toBe(32)
    await table.close()
    const after = createSqliteTable({ path })
    expect(await countOf(after)).toBe(32)
    await after.close()
  })

  it('tells that it does not know where the thread died and another process wrote after it', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const broken = breakableWriter()
    const table = createSqliteTable({ path, start: broken.start })
    const other = createSqliteTable({ path })
    await broken.started(table)
    broken.lose('after', () => other.write([add]))
    const answers = await Promise.allSettled(Array.from({ length: 32 }, () => table.write([add])))
    for (const answer of answers) expect(answer).toMatchObject({ reason: { kind: 'unavailable', code: 'store_io' } })
    expect(await countOf(table)).toBe(33)
    await many(32, () => table.write([add]))
    expect(await countOf(table)).toBe(65)
    await other.close()
    await table.close()
  })

  it('answers what is on its way before it is closed, and leaves one sound file', async () => {
    const folder = temporaryFolder()
    const path = `${folder}/table.sqlite`
    const thread = watchThread()
    const table = createSqliteTable({ path })
    await thread.started(table)
    const writing = many(100, () => table.write([add]))
    const reading = table.get([counter])
    await table.close()
    await table.close()
    expect(await writing).toEqual(Array.from({ length: 100 }, () => ({ ok: true })))
    await reading
    await expect(table.write([add])).rejects.toBeInstanceOf(KramError)
    const file = new DatabaseSync(path)
    expect(file.prepare('PRAGMA journal_mode = DELETE').get()).toEqual({ journal_mode: 'delete' })
    expect(file.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    file.close()
    const after = createSqliteTable({ path })
    expect(await countOf(after)).toBe(100)
    await after.close()
  })

  it('brings what it has written into the file itself, so that the log stays short and closing leaves none', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const thread = watchThread()
    const table = createSqliteTable({ path })
    await thread.started(table)
    const other = new DatabaseSync(path)
    const log = other.prepare('PRAGMA wal_checkpoint(NOOP)')
    const pages: number[] = []
    for (let round = 0; round < 30; round++) {
      const text = 'x'.repeat(1_500)
      await many(100, (n) => table.write([{ op: 'put', item: { pk: `${round}`, sk: `${n}`, text } }]))
      pages.push(Number(log.get()?.log))
    }
    // By itself SQLite begins it anew after 4,000 pages, which are not reached.
    expect(pages.some((count, i) => i > 0 && count < (pages[i - 1] ?? 0))).toBe(true)
    expect(Math.max(...pages)).toBeLessThan(4_000)
    other.close()
    await table.close()
    expect(existsSync(`${path}-wal`)).toBe(false)
    const file = new DatabaseSync(path, { readOnly: true })
    expect(file.prepare("SELECT count(*) AS n FROM items WHERE pk != 'warm'").get()).toEqual({ n: 3_000 })
    file.close()
  })

  it('tells everybody of a large group when another process keeps the file locked, and then goes on', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const thread = watchThread()
    const table = createSqliteTable({ path })
    await thread.started(table)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const answers = await Promise.allSettled(Array.from({ length: 40 }, () => table.write([add])))
    for (const answer of answers) expect(answer).toMatchObject({ reason: { code: 'store_locked' } })
    other.exec('ROLLBACK')
    other.close()
    await many(40, () => table.write([add]))
    expect(await countOf(table)).toBe(40)
    await table.close()
  })

  it('reads files that were made before there were marks', async () => {
    const path = `${temporaryFolder()}/table.sqlite`
    const before = createSqliteTable({ path })
    await before.write([add])
    await before.close()
    const file = new DatabaseSync(path)
    file.exec('DROP TABLE marks')
    file.close()
    const thread = watchThread()
    const table = createSqliteTable({ path })
    expect(await countOf(table)).toBe(1)
    await thread.started(table)
    await many(40, () => table.write([add]))
    expect(await countOf(table)).toBe(41)
    await table.close()
  })

  it.each(['ends', 'exits'])('keeps no process alive that is done, which %s', async (how) => {
    const child = startChild('tests/support/table-thread-child.ts', [`${temporaryFolder()}/table.sqlite`, how])
    let output = ''
    child.stdout?.on('data', (data) => {
      output += data
    })
    const [code] = await once(child, 'exit')
    expect([code, output.trim()]).toEqual([0, 'written'])
  })
})
