// The rows of the embedded table: its statements, and the rows that a process keeps in mind between them.
import { randomInt } from 'node:crypto'
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { assert } from '../../base/assert.ts'
import { KramError } from '../../base/errors.ts'
import type { Item, Listing } from '../../ports/table.ts'
import type { DecidedRow } from './decided-rows.ts'
import type { NamedKey } from './named-key.ts'
import { createRowMemory } from './row-memory.ts'

export const schema = `
  CREATE TABLE items (
    pk TEXT NOT NULL,
    sk TEXT NOT NULL,
    body TEXT NOT NULL,
    list TEXT,
    list_sort TEXT,
    PRIMARY KEY (pk, sk)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX listing ON items (list, list_sort, pk, sk) WHERE list IS NOT NULL
`

/** Of files that were made before, too. Every transaction leaves its mark there, a number that no other one leaves. */
export const marksSchema = 'CREATE TABLE IF NOT EXISTS marks (one INTEGER PRIMARY KEY, mark INTEGER NOT NULL) STRICT'

/** A row of a statement with `returnArrays`. */
export type Row = Record<number, SQLOutputValue>

/** Upper bounds are exclusive; a blob comes after every text (https://sqlite.org/datatype3.html#comparisons). */
export const prepare = (db: DatabaseSync) => {
  const read = (sql: string) => db.prepare(sql, { returnArrays: true })
  const query = (order: 'ASC' | 'DESC') =>
    read(`SELECT sk, body FROM items WHERE pk = ? AND sk >= ? AND sk < ? ORDER BY sk ${order} LIMIT ?`)
  return {
    begin: db.prepare('BEGIN'),
    commit: db.prepare('COMMIT'),
    // Raised by commits of other connections to the file, not of this one.
    version: read('PRAGMA data_version'),
    mark: read('SELECT mark FROM marks'),
    leaveMark: db.prepare(`
      INSERT INTO marks (one, mark) VALUES (1, ?) ON CONFLICT (one) DO UPDATE SET mark = excluded.mark`),
    get: read('SELECT body FROM items WHERE pk = ? AND sk = ?'),
    put: db.prepare(`
      INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body, list = excluded.list, list_sort = excluded.list_sort`),
    insert: db.prepare(`
      INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?) ON CONFLICT (pk, sk) DO NOTHING`),
    // A counter does not move the item in its list.
    count: db.prepare(`
      INSERT INTO items (pk, sk, body) VALUES (?, ?, ?) ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body`),
    delete: db.prepare('DELETE FROM items WHERE pk = ? AND sk = ?'),
    queryUp: query('ASC'),
    queryDown: query('DESC'),
    list: read(`
      SELECT list_sort, pk, sk FROM items WHERE list = ? AND (list_sort, pk, sk) > (?, ?, ?) AND list_sort < ?
      ORDER BY list_sort, pk, sk LIMIT ?`),
    scan: read('SELECT pk, sk, body FROM items WHERE (pk, sk) > (?, ?) AND pk < ? ORDER BY pk, sk LIMIT 200'),
  }
}

export type Statements = ReturnType<typeof prepare>

export const textOf = (column: unknown): string => String(column)

export function itemOf(pk: string, sk: string, body: string): Item {
  const item = parsed(pk, sk, body)
  item.pk = pk
  item.sk = sk
  return item
}

function parsed(pk: string, sk: string, body: string): Item {
  try {
    return JSON.parse(body)
  } catch (cause) {
    throw new KramError('unavailable', 'store_corrupt', `The table's item ${pk}/${sk} is damaged.`, { cause })
  }
}

/** The mark of the last transaction; null before the first. */
export type Mark = number | null
export const markOf = (statements: Statements): Mark => (statements.mark.get()?.[0] as number | undefined) ?? null

/** What a write reads and changes. */
export type Rows = {
  /** Frozen, as far as it is kept in mind. */
  find(key: NamedKey): Item | undefined
  put(key: NamedKey, body: string, list: Listing | undefined): void
  /** Whether there was no such row yet. If there was, it stays as it is. */
  insert(key: NamedKey, body: string, list: Listing | undefined): boolean
  /** `item` is what `body` says. */
  count(key: NamedKey, item: Item, body: string): void
  delete(key: NamedKey): void
}

function wasKept(left: Mark, expects: Mark, leaves: number): boolean {
  if (left === leaves) return true
  if (left === expects) return false
  throw new KramError('unavailable', 'store_io', 'The table cannot tell whether this was written: ask for it again.')
}

export type StoredRows = Rows & {
  /** As `find`, for who only reads: that a row is not there is kept in mind too. */
  read(key: NamedKey): Item | undefined
  /** Whether nobody else has written since the last transaction, so that what is in mind is what is stored. */
  isCurrent(): boolean
  /** The same as `read` of each, as far as all of them are in mind; then no transaction is needed. */
  recall(keys: readonly NamedKey[]): (Item | undefined)[] | undefined
  /** The first thing in every transaction, also in those that only read: others may have written the file. */
  refresh(): void
  /** After it, the first thing in every transaction that writes. */
  leaveMark(): void
  /** What was written is not there after all. */
  rolledBack(): void
  /**
   * From now on another connection may write `rows` in a transaction that leaves the mark `leaves`, if what it finds is
   * what was decided on, whose mark is `expects`.
   */
  sent(rows: readonly DecidedRow[]): { expects: Mark; leaves: number }
  /**
   * In a transaction that reads: whether what was sent is on the disk, else nothing of it is. `kept` says so, where that
   * is known.
   * @throws KramError unavailable `store_io` when nobody can tell
   */
  landed(kept: boolean | undefined): boolean
}

export function createRows(statements: Statements): StoredRows {
  const memory = createRowMemory(itemOf)
  let version: unknown
  /** Of the transaction after which `memory` is as the file. */
  let mark: Mark = null
  let lastOwn = randomInt(2 ** 47)
  let away: { rows: readonly DecidedRow[]; expects: Mark; leaves: number } | undefined
  const remember = ({ way, key, body, item }: DecidedRow): void => {
    if (way !== 'insert' && item && body !== undefined) memory.keep(key, item, body.length)
    else memory.written(key, body)
  }
  const refresh = (): void => {
    const found = statements.version.get()?.[0]
    if (found === version) return
    version = found
    const left = markOf(statements)
    // What is away was written only onto what is known here: nobody else has come between.
    if (away && (left === away.leaves || left === mark)) return
    memory.forget()
    mark = left
  }
  const find = (key: NamedKey): Item | undefined => {
    const known = memory.find(key)
    if (known !== undefined) return known ?? undefined
    const row = statements.get.get(key.pk, key.sk)
    if (row === undefined) return undefined
    const body = textOf(row[0])
    return memory.keep(key, itemOf(key.pk, key.sk, body), body.length)
  }
  return {
    refresh,
    leaveMark() {
      lastOwn++
      mark = lastOwn
      statements.leaveMark.run(mark)
    },
    find,
    read(key) {
      const item = find(key)
      if (!item) memory.noteAbsent(key)
      return item
    },
    isCurrent: () => statements.version.get()?.[0] === version,
    recall(keys) {
      const items: (Item | undefined)[] = []
      for (const key of keys) {
        const known = memory.find(key)
        if (known === undefined) return undefined
        items.push(known ?? undefined)
      }
      return items
    },
    put(key, body, list) {
      statements.put.run(key.pk, key.sk, body, list?.name ?? null, list?.sort ?? null)
      memory.written(key, body)
    },
    insert(key, body, list) {
      const { changes } = statements.insert.run(key.pk, key.sk, body, list?.name ?? null, list?.sort ?? null)
      if (Number(changes) === 0) return false
      memory.written(key, body)
      return true
    },
    count(key, item, body) {
      statements.count.run(key.pk, key.sk, body)
      memory.keep(key, item, body.length)
    },
    delete(key) {
      statements.delete.run(key.pk, key.sk)
      memory.written(key, undefined)
    },
    rolledBack() {
      memory.forget()
      version = undefined
      away = undefined
    },
    sent(rows) {
      lastOwn++
      const marks = { expects: mark, leaves: lastOwn }
      away = { rows, ...marks }
      return marks
    },
    landed(told) {
      assert(away, 'something was sent')
      const { rows, expects, leaves } = away
      const kept = told ?? wasKept(markOf(statements), expects, leaves)
      away = undefined
      // Else somebody has written since, and everything is read anew.
      if (kept && mark === expects) {
        for (const row of rows) remember(row)
        mark = leaves
      }
      return kept
    },
  }
}
