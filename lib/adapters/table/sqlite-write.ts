// What a write does to the rows of the embedded table: conditions, counters and bounds, checked whole before anything
// changes.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import { KramError } from '../../base/errors.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { compareUtf8, isWithinBytes } from '../../base/text.ts'
import type { Condition, Item, WriteOp, WriteResult } from '../../ports/table.ts'
import { keyOf } from './checks.ts'

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
    get: read('SELECT body FROM items WHERE pk = ? AND sk = ?'),
    put: db.prepare(`
      INSERT INTO items (pk, sk, body, list, list_sort) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT (pk, sk) DO UPDATE SET body = excluded.body, list = excluded.list, list_sort = excluded.list_sort`),
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
export const bodyColumn = (row: Row | undefined): string | undefined => (row === undefined ? undefined : textOf(row[0]))

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

export function bodyOf(item: Item): string {
  const { pk: _pk, sk: _sk, ...attributes } = item
  return checkedBody(JSON.stringify(attributes))
}

function checkedBody(body: string): string {
  if (!isWithinBytes(body, limits.itemBytes)) {
    throw new KramError('invalid', 'item_too_large', `An item is larger than ${limits.itemBytes} bytes.`)
  }
  return body
}

const attributeOf = (attributes: JsonObject, name: string): JsonValue | undefined =>
  Object.hasOwn(attributes, name) ? attributes[name] : undefined

/** Numbers as numbers, texts by UTF-8 bytes; undefined when the two are not of one type. */
function compareValues(stored: JsonValue, wanted: string | number): number | undefined {
  if (typeof stored === 'number' && typeof wanted === 'number') return stored - wanted
  if (typeof stored === 'string' && typeof wanted === 'string') return compareUtf8(stored, wanted)
  return undefined
}

type Stored = { exists: boolean; attributes: JsonObject | undefined }

function holds(condition: Condition | undefined, { exists, attributes }: Stored): boolean {
  if (condition === undefined) return true
  if ('exists' in condition) return condition.exists === exists
  const stored = attributes && attributeOf(attributes, condition.attribute)
  if (stored === undefined) return condition.orAbsent === true
  const order = compareValues(stored, condition.value)
  if (order === undefined) return condition.op === 'ne'
  switch (condition.op) {
    case 'eq':
      return order === 0
    case 'ne':
      return order !== 0
    case 'lt':
      return order < 0
    case 'lte':
      return order <= 0
    case 'gt':
      return order > 0
    case 'gte':
      return order >= 0
  }
}

const boundOf = (bounds: Record<string, number> | undefined, name: string, otherwise: number): number =>
  bounds !== undefined && Object.hasOwn(bounds, name) ? (bounds[name] ?? otherwise) : otherwise

type Count = WriteOp & { op: 'count' }

/** The item's body after the addition, or 'refused' where a bound would be crossed. */
function counted(op: Count, set: string | undefined, before: JsonObject = {}): string | 'refused' {
  const sums: JsonObject = {}
  for (const [name, by] of Object.entries(op.add)) {
    const from = Object.hasOwn(before, name) ? before[name] : 0
    if (typeof from !== 'number') throw new KramError('invalid', 'counter_type', `"${name}" is no number.`)
    const sum = from + by
    if (sum > boundOf(op.atMost, name, sum) || sum < boundOf(op.atLeast, name, sum)) return 'refused'
    Object.defineProperty(sums, name, { value: sum, enumerable: true })
  }
  return checkedBody(JSON.stringify({ ...before, ...(set !== undefined && JSON.parse(set)), ...sums }))
}

/**
 * An op as it was when asked for: the caller may change its objects at once. `body`: what a put stores, or what a count
 * sets, as text.
 */
export type Prepared = { op: WriteOp; body: string | undefined }

export function prepareOp(op: WriteOp): Prepared {
  const condition = op.if && { if: { ...op.if } }
  switch (op.op) {
    case 'put': {
      const { item, list } = op
      const key = { pk: item.pk, sk: item.sk }
      return { op: { op: 'put', item: key, ...(list && { list: { ...list } }), ...condition }, body: bodyOf(item) }
    }
    case 'count': {
      const { key, add, set, atMost, atLeast } = op
      const copy: Count = { op: 'count', key: { ...key }, add: { ...add }, ...condition }
      if (atMost) copy.atMost = { ...atMost }
      if (atLeast) copy.atLeast = { ...atLeast }
      return { op: copy, body: set && JSON.stringify(set) }
    }
    case 'delete':
      return { op: { op: 'delete', key: { ...op.key }, ...condition }, body: undefined }
    case 'check':
      return { op: { op: 'check', key: { ...op.key }, if: { ...op.if } }, body: undefined }
  }
}

/** Checks one op against what is stored: the change to make, or that it is refused. Keys differ, so order is free. */
function plan(statements: Statements, { op, body }: Prepared): (() => void) | 'refused' {
  const { pk, sk } = keyOf(op)
  const stored = op.if || op.op === 'count' ? bodyColumn(statements.get.get(pk, sk)) : undefined
  const isRead = op.op === 'count' || (op.if !== undefined && 'attribute' in op.if)
  const attributes: JsonObject | undefined = isRead && stored !== undefined ? JSON.parse(stored) : undefined
  if (!holds(op.if, { exists: stored !== undefined, attributes })) return 'refused'
  switch (op.op) {
    case 'check':
      return () => {}
    case 'delete':
      return () => statements.delete.run(pk, sk)
    case 'put':
      return () => statements.put.run(pk, sk, body ?? '{}', op.list?.name ?? null, op.list?.sort ?? null)
    case 'count': {
      const sum = counted(op, body, attributes)
      return sum === 'refused' ? sum : () => statements.count.run(pk, sk, sum)
    }
  }
}

/** Nothing is changed before every condition and bound has been found to hold. */
export function applyWrite(statements: Statements, prepared: readonly Prepared[]): WriteResult {
  const failed: number[] = []
  const changes: (() => void)[] = []
  prepared.forEach((op, position) => {
    const change = plan(statements, op)
    if (change === 'refused') failed.push(position)
    else changes.push(change)
  })
  if (failed.length > 0) return { ok: false, failed }
  for (const change of changes) change()
  return { ok: true }
}
