// The rows of the embedded table: its statements, and the rows that a process keeps in mind between them.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { KramError } from '../../base/errors.ts'
import type { Item, Key, Listing } from '../../ports/table.ts'
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

export type Rows = {
  /** The first thing in every transaction, also in those that only read: others may have written the file. */
  refresh(): void
  /** Frozen, as far as it is kept in mind. */
  find(key: Key): Item | undefined
  put(key: Key, body: string, list: Listing | undefined): void
  /** Whether there was no such row yet. If there was, it stays as it is. */
  insert(key: Key, body: string, list: Listing | undefined): boolean
  /** `item` is what `body` says. */
  count(item: Item, body: string): void
  delete(key: Key): void
  /** What was written is not there after all. */
  rolledBack(): void
}

export function createRows(statements: Statements): Rows {
  const memory = createRowMemory(itemOf)
  let version: unknown
  return {
    refresh() {
      const found = statements.version.get()?.[0]
      if (found !== version) memory.forget()
      version = found
    },
    find(key) {
      const known = memory.find(key)
      if (known) return known
      const row = statements.get.get(key.pk, key.sk)
      if (row === undefined) return undefined
      const body = textOf(row[0])
      return memory.keep(itemOf(key.pk, key.sk, body), body.length)
    },
    put(key, body, list) {
      statements.put.run(key.pk, key.sk, body, list?.name ?? null, list?.sort ?? null)
      memory.written(key, body)
    },
    insert({ pk, sk }, body, list) {
      return Number(statements.insert.run(pk, sk, body, list?.name ?? null, list?.sort ?? null).changes) > 0
    },
    count(item, body) {
      statements.count.run(item.pk, item.sk, body)
      memory.keep(item, body.length)
    },
    delete(key) {
      statements.delete.run(key.pk, key.sk)
      memory.written(key, undefined)
    },
    rolledBack: memory.forget,
  }
}
