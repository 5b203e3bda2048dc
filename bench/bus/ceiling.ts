// The ceiling: SQLite itself, with our schemas and full sync, and rows made beforehand.
import { DatabaseSync } from 'node:sqlite'
import { schema } from '../../lib/adapters/bus/embedded/schema.ts'
import { schema as tableSchema } from '../../lib/adapters/table/sqlite-rows.ts'
import { purchases, secondsOf, withFolder } from './setup.ts'

/** Rows a second when each transaction has `group` of them. */
export const ceiling = (group: number, transactions: number): Promise<number> =>
  withFolder(async (folder) => {
    const db = new DatabaseSync(`${folder}/raw.sqlite`)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${schema}`)
    const insert = db.prepare('INSERT INTO log (id, taken_at, event) VALUES (?, ?, ?)')
    const rows = purchases(group * transactions).map((event) => [event.id, JSON.stringify(event)] as const)
    const seconds = await secondsOf(() => {
      for (let at = 0; at < rows.length; at += group) {
        db.exec('BEGIN IMMEDIATE')
        for (const [id, text] of rows.slice(at, at + group)) insert.run(id, 1_650_829_267_123, text)
        db.exec('COMMIT')
      }
    })
    db.close()
    return rows.length / seconds
  })

/** Writes a second, each of the three items that a handler writes, 128 of them in a transaction. */
export const rawWrites = (count: number): Promise<number> =>
  withFolder(async (folder) => {
    const db = new DatabaseSync(`${folder}/raw.sqlite`)
    db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tableSchema}`)
    const insert = db.prepare('INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?)')
    const rows = purchases(count).map((event) => {
      const { customer_id: customer } = event.data
      return [
        [`seen#${event.id}`, 'on-customer-buys-product', JSON.stringify({ hash: event.id }), null, null],
        [`customer#${customer}`, `purchase#${event.time}#${event.id}`, JSON.stringify(event.data), null, null],
        [`outbox#${event.id}`, '0', JSON.stringify({ event }), 'outbox', event.time],
      ] as const
    })
    const seconds = await secondsOf(() => {
      for (let at = 0; at < rows.length; at += 128) {
        db.exec('BEGIN IMMEDIATE')
        for (const write of rows.slice(at, at + 128)) for (const row of write) insert.run(...row)
        db.exec('COMMIT')
      }
    })
    db.close()
    return count / seconds
  })
