// What a write does to the rows of the embedded table: conditions, counters and bounds, checked whole before anything
// changes.
import { KramError } from '../../base/errors.ts'
import type { JsonValue } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { compareUtf8, isWithinBytes } from '../../base/text.ts'
import type { Condition, Item, WriteOp, WriteResult } from '../../ports/table.ts'
import { type NamedKey, namedKey } from './named-key.ts'
import type { Rows } from './sqlite-rows.ts'

function bodyOf(item: Item): string {
  const { pk: _pk, sk: _sk, ...attributes } = item
  return checkedBody(JSON.stringify(attributes))
}

function checkedBody(body: string): string {
  if (!isWithinBytes(body, limits.itemBytes)) {
    throw new KramError('invalid', 'item_too_large', `An item is larger than ${limits.itemBytes} bytes.`)
  }
  return body
}

const attributeOf = (item: Item, name: string): JsonValue | undefined =>
  Object.hasOwn(item, name) ? item[name] : undefined

/** Numbers as numbers, texts by UTF-8 bytes; undefined when the two are not of one type. */
function compareValues(stored: JsonValue, wanted: string | number): number | undefined {
  if (typeof stored === 'number' && typeof wanted === 'number') return stored - wanted
  if (typeof stored === 'string' && typeof wanted === 'string') return compareUtf8(stored, wanted)
  return undefined
}

function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true
  if ('exists' in condition) return condition.exists === (item !== undefined)
  const stored = item && attributeOf(item, condition.attribute)
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

// A name may be `__proto__`.
const setOwn = (item: Item, name: string, value: JsonValue): void => {
  if (name === '__proto__') Object.defineProperty(item, name, { value, enumerable: true })
  else item[name] = value
}

/** The item after the addition, or 'refused' where a bound would be crossed. */
function counted({ key, add, atMost, atLeast }: Count, set: string | undefined, before?: Item): Item | 'refused' {
  const item: Item = { ...before, ...(set !== undefined && JSON.parse(set)), pk: key.pk, sk: key.sk }
  for (const name of Object.keys(add)) {
    const by = add[name] ?? 0
    const from = before && Object.hasOwn(before, name) ? before[name] : 0
    if (typeof from !== 'number') throw new KramError('invalid', 'counter_type', `"${name}" is no number.`)
    const sum = from + by
    if (sum > boundOf(atMost, name, sum) || sum < boundOf(atLeast, name, sum)) return 'refused'
    setOwn(item, name, sum)
  }
  return item
}

/**
 * An op as it was when asked for: the caller may change its objects at once. `body`: what a put stores, or what a count
 * sets, as text.
 */
export type Prepared = { op: WriteOp; key: NamedKey; body: string | undefined }

/** `name`: of its key. */
export function prepareOp(op: WriteOp, name: string): Prepared {
  const condition = op.if && { if: { ...op.if } }
  switch (op.op) {
    case 'put': {
      const { item, list } = op
      const key = namedKey(item, name)
      return { op: { op: 'put', item: key, ...(list && { list: { ...list } }), ...condition }, key, body: bodyOf(item) }
    }
    case 'count': {
      const { add, set, atMost, atLeast } = op
      const key = namedKey(op.key, name)
      const copy: Count = { op: 'count', key, add: { ...add }, ...condition }
      if (atMost) copy.atMost = { ...atMost }
      if (atLeast) copy.atLeast = { ...atLeast }
      return { op: copy, key, body: set && JSON.stringify(set) }
    }
    case 'delete': {
      const key = namedKey(op.key, name)
      return { op: { op: 'delete', key, ...condition }, key, body: undefined }
    }
    case 'check': {
      const key = namedKey(op.key, name)
      return { op: { op: 'check', key, if: { ...op.if } }, key, body: undefined }
    }
  }
}

/** Checks one op against what is stored: the change to make, or that it is refused. Keys differ, so order is free. */
function plan(rows: Rows, { op, key, body }: Prepared): (() => void) | 'refused' {
  const stored = op.if || op.op === 'count' ? rows.find(key) : undefined
  if (!holds(op.if, stored)) return 'refused'
  switch (op.op) {
    case 'check':
      return () => {}
    case 'delete':
      return () => rows.delete(key)
    case 'put':
      return () => rows.put(key, body ?? '{}', op.list)
    case 'count': {
      const item = counted(op, body, stored)
      if (item === 'refused') return item
      const sums = bodyOf(item)
      return () => rows.count(key, item, sums)
    }
  }
}

/** Whether an insert by itself tells that its condition holds, so that nobody need look before. */
const isInsert = ({ op }: Prepared): boolean =>
  op.op === 'put' && op.if !== undefined && 'exists' in op.if && !op.if.exists

/** false: one of them is there already, and none is written. */
function insertAll(rows: Rows, inserts: readonly Prepared[]): boolean {
  for (const [i, { op, key, body = '{}' }] of inserts.entries()) {
    if (op.op === 'put' && rows.insert(key, body, op.list)) continue
    for (const before of inserts.slice(0, i)) rows.delete(before.key)
    return false
  }
  return true
}

const refused = (rows: Rows, prepared: readonly Prepared[]): WriteResult => ({
  ok: false,
  failed: prepared.flatMap((op, position) => (plan(rows, op) === 'refused' ? [position] : [])),
})

/** Nothing is changed before every condition and bound has been found to hold. */
export function applyWrite(rows: Rows, prepared: readonly Prepared[]): WriteResult {
  const inserts: Prepared[] = []
  const changes: (() => void)[] = []
  for (const op of prepared) {
    if (isInsert(op)) {
      inserts.push(op)
      continue
    }
    const change = plan(rows, op)
    if (change === 'refused') return refused(rows, prepared)
    changes.push(change)
  }
  if (!insertAll(rows, inserts)) return refused(rows, prepared)
  for (const change of changes) change()
  return { ok: true }
}
