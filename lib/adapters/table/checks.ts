// What every table adapter refuses before it asks its store: what one of the backends could not keep or would keep
// differently. So a write that passes on SQLite passes on DynamoDB.
import { KramError } from '../../base/errors.ts'
import type { JsonObject, JsonValue } from '../../base/json.ts'
import { limits } from '../../base/limits.ts'
import { isWithinBytes } from '../../base/text.ts'
import type { Condition, Item, Key, ListQuery, Query, WriteOp } from '../../ports/table.ts'
import { nameOf } from './named-key.ts'

const reserved = new Set(['pk', 'sk', 'list', 'list_sort'])
const encoder = new TextEncoder()

const refuse = (code: string, message: string): never => {
  throw new KramError('invalid', code, message)
}

function checkKeyText(name: string, text: string, maxBytes: number): void {
  if (typeof text !== 'string' || text === '') refuse('table_key', `${name} must be a text that is not empty`)
  if (!isWithinBytes(text, maxBytes)) refuse('table_key', `${name} must be at most ${maxBytes} bytes`)
  // A lone surrogate has no UTF-8 bytes: two different keys would become one.
  if (!text.isWellFormed()) refuse('table_key', `${name} must be well-formed Unicode`)
}

export function checkKey(key: Key): void {
  checkKeyText('pk', key.pk, limits.partitionKeyBytes)
  checkKeyText('sk', key.sk, limits.sortKeyBytes)
}

function checkName(name: string): void {
  if (reserved.has(name) || name === '') refuse('attribute_name', `"${name}" cannot be the name of an attribute`)
}

// What DynamoDB's numbers reach.
const isStorable = (value: number): boolean =>
  value === 0 || (Math.abs(value) >= 1e-130 && Math.abs(value) < 1e126 && Number.isFinite(value))

/** JSON can keep it as it is: no undefined, NaN, lone surrogate, nor anything nested too deep. */
function checkValue(value: JsonValue, depthLeft: number): void {
  if (value === null || typeof value === 'boolean') return
  if (typeof value === 'string') {
    if (!value.isWellFormed()) refuse('attribute_value', 'a text in an attribute is not well-formed Unicode')
  } else if (typeof value === 'number') {
    if (!isStorable(value)) refuse('attribute_value', `the number ${value} is not from 1e-130 to 1e126, nor 0`)
  } else if (typeof value === 'object') {
    if (depthLeft === 0) refuse('attribute_value', `an attribute is nested deeper than ${limits.itemDepth} levels`)
    checkParts(value, depthLeft - 1)
  } else {
    refuse('attribute_value', 'an attribute holds what JSON cannot keep')
  }
}

function checkParts(parent: JsonValue[] | JsonObject, depthLeft: number): void {
  if (Array.isArray(parent)) {
    // Not forEach: it would pass over holes, which JSON turns into null.
    for (let i = 0; i < parent.length; i++) checkValue(parent[i] as JsonValue, depthLeft)
    return
  }
  for (const name of Object.keys(parent)) {
    if (!name.isWellFormed()) refuse('attribute_value', 'a name in an attribute is not well-formed Unicode')
    checkValue(parent[name] as JsonValue, depthLeft)
  }
}

function checkAttribute(name: string, value: JsonValue): void {
  checkName(name)
  checkValue(value, limits.itemDepth)
}

function checkItem(item: Item): void {
  for (const name of Object.keys(item))
    if (name !== 'pk' && name !== 'sk') checkAttribute(name, item[name] as JsonValue)
}

function checkCondition(condition: Condition | undefined): void {
  if (condition === undefined || 'exists' in condition) return
  checkName(condition.attribute)
  checkValue(condition.value, 0)
}

function checkCount({ add, set, atMost, atLeast }: WriteOp & { op: 'count' }): void {
  if (set) for (const name of Object.keys(set)) checkAttribute(name, set[name] as JsonValue)
  for (const name of Object.keys(add)) {
    checkName(name)
    // Whole numbers add up alike in binary and decimal arithmetic; 0.1 + 0.2 does not.
    if (!Number.isSafeInteger(add[name])) refuse('attribute_value', `"${name}" can only be raised by whole numbers`)
    if (set && Object.hasOwn(set, name)) refuse('attribute_name', `"${name}" is both added to and set`)
  }
  if (atMost) checkBounds(add, atMost)
  if (atLeast) checkBounds(add, atLeast)
}

function checkBounds(add: Record<string, number>, bounds: Record<string, number>): void {
  for (const name of Object.keys(bounds)) {
    if (!Object.hasOwn(add, name)) refuse('attribute_name', `"${name}" is bounded but not added to`)
    if (!Number.isSafeInteger(bounds[name])) refuse('attribute_value', `the bound of "${name}" must be a whole number`)
  }
}

export const keyOf = (op: WriteOp): Key => (op.op === 'put' ? op.item : op.key)

/**
 * Refuses what no backend may be asked to write; else the name of each op's key. Sizes of items are each adapter's own to
 * measure.
 * @throws KramError invalid: write_too_large, write_same_key, table_key, attribute_name, attribute_value
 */
export function checkWrite(ops: readonly WriteOp[]): string[] {
  if (ops.length > limits.writeOps) refuse('write_too_large', `a write has at most ${limits.writeOps} changes`)
  const seen = new Set<string>()
  for (const op of ops) {
    const key = keyOf(op)
    checkKey(key)
    const name = nameOf(key)
    if (seen.has(name)) refuse('write_same_key', 'a write changes one key at most once')
    seen.add(name)
    checkCondition(op.if)
    if (op.op === 'count') checkCount(op)
    if (op.op !== 'put') continue
    checkItem(op.item)
    if (!op.list) continue
    checkKeyText('the name of a list', op.list.name, limits.nameChars)
    checkKeyText('the place in a list', op.list.sort, limits.sortKeyBytes)
    // On DynamoDB the three are one sort key of the index, with a mark between them.
    checkKeyText('the place in a list and the key together', op.list.sort + key.pk + key.sk, limits.sortKeyBytes - 5)
  }
  checkTogether(ops)
  return [...seen]
}

/** Only many items can be too large together: each has its own limit. */
function checkTogether(ops: readonly WriteOp[]): void {
  if (ops.length * limits.itemBytes <= limits.writeBytes) return
  const chars = ops.reduce((sum, op) => sum + (op.op === 'put' ? JSON.stringify(op.item).length : 0), 0)
  if (chars * 3 <= limits.writeBytes) return
  const bytes = ops.reduce((sum, op) => sum + (op.op === 'put' ? encoder.encode(JSON.stringify(op.item)).length : 0), 0)
  if (bytes > limits.writeBytes) refuse('write_too_large', `a write has at most ${limits.writeBytes} bytes`)
}

/** The page's size. @throws KramError invalid `page_limit` */
export function checkLimit(limit: number = limits.storePageItems): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > limits.storePageMost) {
    refuse('page_limit', `a page has 1 to ${limits.storePageMost} items`)
  }
  return limit
}

/** @throws KramError invalid: table_key, page_limit, query_range */
export function checkQuery(query: Query): void {
  checkKeyText('pk', query.pk, limits.partitionKeyBytes)
  if (query.prefix !== undefined && (query.from !== undefined || query.to !== undefined)) {
    refuse('query_range', 'a query has a prefix or a range, not both')
  }
}

/** @throws KramError invalid: table_key */
export const checkListQuery = (query: ListQuery): void =>
  checkKeyText('the name of a list', query.name, limits.nameChars)
