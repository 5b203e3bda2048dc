// The file of the embedded table, as every thread opens it.
import type { DatabaseSync } from 'node:sqlite'
import { openSqlite, storeError } from '../sqlite.ts'
import { marksSchema, prepare, type Statements, schema } from './sqlite-rows.ts'

/** For messages. */
export const what = 'The table'

/** @throws KramError unavailable `store_...`, or conflict `store_format` */
export function openTableFile(path: string): { db: DatabaseSync; statements: Statements } {
  const db = openSqlite({ path, what, format: 1, schema })
  try {
    db.exec(marksSchema)
    return { db, statements: prepare(db) }
  } catch (error) {
    db.close()
    throw storeError(error, what)
  }
}
