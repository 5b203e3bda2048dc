// The table of the embedded run: one SQLite file, group commit, full sync. Strings compare by their UTF-8 bytes, which
// is what SQLite's BINARY collation does.
import { limits } from '../../base/limits.ts'
import { afterPrefix } from '../../base/text.ts'
import type { Item, ListEntry, ListQuery, Page, Query, Table } from '../../ports/table.ts'
import { createGroupCommit } from '../group-commit.ts'
import { decodePageToken, encodePageToken } from '../page-token.ts'
import { storeError } from '../sqlite.ts'
import { checkKey, checkLimit, checkListQuery, checkQuery, checkWrite } from './checks.ts'
import { type NamedKey, namedKey } from './named-key.ts'
import { openTableFile, what } from './sqlite-file.ts'
import { createRows, itemOf, type Row, textOf } from './sqlite-rows.ts'
import { applyWrite, type Prepared, prepareOp } from './sqlite-write.ts'
import { type StartWriter, startWriter } from './writer.ts'
import { createWritesElsewhere } from './writes-elsewhere.ts'

export type SqliteTableOptions = {
  /** `:memory:` for a table that lasts as long as the process. */
  path: string
  /** Called after each durable commit with copies of the items it put, in order. Must not throw. */
  onCommitted?: (items: Item[]) => void
  /** Of which partitions `onCommitted` is told; default: of all. Copies of the others are not made. */
  watched?: (pk: string) => boolean
  /** What writes large groups: an argument, so that tests can break it. */
  start?: StartWriter
}

/** A `get` that waits for the end of this moment. */
type Asked = {
  keys: readonly NamedKey[]
  resolve: (items: (Item | undefined)[]) => void
  reject: (error: unknown) => void
}

/** The first text after `text`, by UTF-8 bytes. */
const successor = (text: string): string => `${text}\0`

type Bound = string | Uint8Array
const noBound: Uint8Array = new Uint8Array()

/** What sk a query reaches: from the first, included, to the second, excluded. */
function rangeOf({ prefix, from = '', to }: Query): [string, Bound] {
  if (prefix !== undefined) return [prefix, afterPrefix(prefix) ?? noBound]
  return [from, to === undefined ? noBound : successor(to)]
}

/** Rows up to `limit` and about `limits.pageBytes`, and whether more follow. */
function pageOf<T>(
  rows: Iterator<Row>,
  limit: number,
  read: (row: Row) => { entry: T; bytes: number },
): [T[], boolean] {
  const entries: T[] = []
  let bytes = 0
  for (let row = rows.next(); !row.done; row = rows.next()) {
    if (entries.length === limit || bytes > limits.pageBytes) {
      rows.return?.()
      return [entries, true]
    }
    const { entry, bytes: size } = read(row.value)
    entries.push(entry)
    bytes += size
  }
  return [entries, false]
}

function putItems(prepared: readonly Prepared[], watched: (pk: string) => boolean): Item[] {
  return prepared.flatMap(({ op, body }) =>
    op.op === 'put' && body !== undefined && watched(op.item.pk) ? [itemOf(op.item.pk, op.item.sk, body)] : [],
  )
}

/**
 * The embedded table. One process writes a file at a time; others may read it. Writes are grouped into transactions,
 * each applied whole or not at all, one after the other.
 * @throws KramError unavailable `store_...`, or conflict `store_format`, when the file cannot be opened
 */
export function createSqliteTable({
  path,
  onCommitted,
  watched = () => true,
  start = startWriter,
}: SqliteTableOptions): Table {
  const { db, statements } = openTableFile(path)
  const rows = createRows(statements)

  const reading = <T>(read: () => T): T => {
    try {
      return read()
    } catch (error) {
      throw storeError(error, what)
    }
  }

  // One look at the file for the keys of all who ask at the same moment: else SQLite takes and gives back its locks for
  // each.
  let asked: Asked[] = []
  // What is on its way to the disk is not shown before it is there.
  let waiting: Asked[] = []
  const answerAsked = (): void => {
    const answering: Asked[] = []
    for (const one of asked) (elsewhere.isWriting(one.keys) ? waiting : answering).push(one)
    asked = []
    if (answering.length === 0) return
    let answers: (() => void)[]
    try {
      answers = answersInMind(answering) ?? inOneLook(() => answering.map(answerOf))
    } catch (error) {
      for (const { reject } of answering) reject(storeError(error, what))
      return
    }
    for (const answer of answers) answer()
  }
  const answersInMind = (all: readonly Asked[]): (() => void)[] | undefined => {
    if (!rows.isCurrent()) return undefined
    const answers: (() => void)[] = []
    for (const { keys, resolve } of all) {
      const items = rows.recall(keys)
      if (!items) return undefined
      answers.push(() => resolve(items))
    }
    return answers
  }
  const answerOf = ({ keys, resolve, reject }: Asked): (() => void) => {
    // A body that is no JSON is the fault of nobody else who asked.
    try {
      const items = keys.map(rows.read)
      return () => resolve(items)
    } catch (error) {
      return () => reject(storeError(error, what))
    }
  }
  const inOneLook = <T>(read: () => T): T => {
    statements.begin.run()
    try {
      rows.refresh()
      return read()
    } finally {
      if (db.isTransaction) statements.commit.run()
    }
  }

  const elsewhere = createWritesElsewhere({
    path,
    start,
    rows,
    look: inOneLook,
    onLanded() {
      asked.push(...waiting)
      waiting = []
      answerAsked()
    },
  })
  const onBegin = (): void => {
    rows.refresh()
    rows.leaveMark()
  }
  const group = createGroupCommit(db, what, { onBegin, onRollback: rows.rolledBack, elsewhere })

  const query = (request: Query): Page<Item> => {
    checkQuery(request)
    const { pk, prefix, from, to, reverse = false, after } = request
    const limit = checkLimit(request.limit)
    const scope = ['query', pk, prefix ?? null, from ?? null, to ?? null, reverse]
    let [first, end] = rangeOf(request)
    if (after !== undefined) {
      const [position = ''] = decodePageToken(after, scope, 1)
      if (reverse) end = position
      else first = successor(position)
    }
    const rows = (reverse ? statements.queryDown : statements.queryUp).iterate(pk, first, end, limit + 1)
    const [items, more] = pageOf(rows, limit, (row) => {
      const body = textOf(row[1])
      return { entry: itemOf(pk, textOf(row[0]), body), bytes: body.length }
    })
    const last = items.at(-1)
    return more && last ? { items, next: encodePageToken(scope, [last.sk]) } : { items }
  }

  const list = (request: ListQuery): Page<ListEntry> => {
    checkListQuery(request)
    const { name, from = '', to, after } = request
    const limit = checkLimit(request.limit)
    const scope = ['list', name, from, to ?? null]
    const position = after === undefined ? [from, '', ''] : decodePageToken(after, scope, 3)
    const rows = statements.list.iterate(name, ...position, to === undefined ? noBound : successor(to), limit + 1)
    const [items, more] = pageOf(rows, limit, (row) => ({
      entry: { sort: textOf(row[0]), pk: textOf(row[1]), sk: textOf(row[2]) },
      bytes: 0,
    }))
    const last = items.at(-1)
    return more && last ? { items, next: encodePageToken(scope, [last.sort, last.pk, last.sk]) } : { items }
  }

  return {
    async get(keys) {
      for (const key of keys) checkKey(key)
      const named = keys.map((key) => namedKey(key))
      return await new Promise((resolve, reject) => {
        if (asked.push({ keys: named, resolve, reject }) === 1) queueMicrotask(answerAsked)
      })
    },
    async query(request) {
      return reading(() => query(request))
    },
    async list(request) {
      return reading(() => list(request))
    },
    async write(ops) {
      const names = checkWrite(ops)
      const prepared = ops.map((op, i) => prepareOp(op, names[i]!))
      const result = await group.commit(() => applyWrite(elsewhere.rows(), prepared))
      const items = result.ok && onCommitted ? putItems(prepared, watched) : []
      if (items.length > 0) onCommitted?.(items)
      return result
    },
    async *scan({ prefix = '' } = {}) {
      const end = afterPrefix(prefix) ?? noBound
      // No sk is empty, so that the first page begins with pk = prefix itself.
      let after = [prefix, '']
      for (;;) {
        const rows = reading(() => statements.scan.all(...after, end))
        for (const row of rows) yield itemOf(textOf(row[0]), textOf(row[1]), textOf(row[2]))
        const last = rows.at(-1)
        if (last === undefined) return
        after = [textOf(last[0]), textOf(last[1])]
      }
    },
    async close() {
      if (db.isOpen) answerAsked()
      await group.close()
      await elsewhere.close()
      if (db.isOpen) db.close()
    },
  }
}
