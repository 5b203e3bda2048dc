// A table that is obviously right and slow: one list of items, sorted and copied at every call. The twin of the real ones.

import { decodePageToken, encodePageToken } from '../../lib/adapters/page-token.ts'
import { checkKey, checkLimit, checkListQuery, checkQuery, checkWrite, keyOf } from '../../lib/adapters/table/checks.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonValue } from '../../lib/base/json.ts'
import { limits } from '../../lib/base/limits.ts'
import type { Condition, Item, Key, Listing, Page, Table, WriteOp } from '../../lib/ports/table.ts'

type Stored = { item: Item; list: Listing | undefined }

const bytes = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b))
const isAt = (a: Key, b: Key): boolean => a.pk === b.pk && a.sk === b.sk
const own = (item: Item | undefined, name: string): JsonValue | undefined =>
  item !== undefined && Object.hasOwn(item, name) ? item[name] : undefined

function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true
  if ('exists' in condition) return condition.exists === (item !== undefined)
  const { attribute, op, value, orAbsent = false } = condition
  const stored = own(item, attribute)
  if (stored === undefined) return orAbsent
  if (typeof stored !== typeof value) return op === 'ne'
  const order = typeof stored === 'number' ? stored - Number(value) : bytes(String(stored), String(value))
  return { eq: order === 0, ne: order !== 0, lt: order < 0, lte: order <= 0, gt: order > 0, gte: order >= 0 }[op]
}

function pageOf<T>(all: T[], limit: number, token: (last: T) => string): Page<T> {
  let size = 0
  const fitting = all.filter((one, at) => {
    const fits = at < limit && size <= limits.pageBytes
    size += JSON.stringify(one).length
    return fits
  })
  const last = fitting.at(-1)
  return last && fitting.length < all.length ? { items: fitting, next: token(last) } : { items: fitting }
}

/** Tokens are those of the real tables, so that the same calls give the same answers. */
function checkSize(item: Item): void {
  const size = Buffer.byteLength(JSON.stringify({ ...item, pk: '', sk: '' }))
  if (size > limits.itemBytes) throw new KramError('invalid', 'item_too_large', 'An item is too large.')
}

export function createSlowTable(): Table {
  let stored: Stored[] = []

  const find = (key: Key): Item | undefined => stored.find(({ item }) => isAt(item, key))?.item

  const counted = (op: WriteOp & { op: 'count' }): Item | 'refused' => {
    const sums = Object.entries(op.add).map(([name, by]): [string, number] => {
      const before = own(find(op.key), name)
      const from = before === undefined ? 0 : before
      if (typeof from !== 'number') throw new KramError('invalid', 'counter_type', `"${name}" is no number.`)
      return [name, from + by]
    })
    const most = new Map(Object.entries(op.atMost ?? {}))
    const least = new Map(Object.entries(op.atLeast ?? {}))
    const crossed = sums.some(([name, sum]) => sum > (most.get(name) ?? sum) || sum < (least.get(name) ?? sum))
    return crossed ? 'refused' : { ...op.key, ...find(op.key), ...op.set, ...Object.fromEntries(sums) }
  }

  const applied = (op: WriteOp): Stored[] => {
    const key = keyOf(op)
    const others = stored.filter(({ item }) => !isAt(item, key))
    if (op.op === 'check') return stored
    if (op.op === 'delete') return others
    if (op.op === 'put') return [...others, { item: structuredClone(op.item), list: op.list }]
    const item = counted(op)
    if (item === 'refused') return stored
    return [...others, { item, list: stored.find((one) => isAt(one.item, key))?.list }]
  }

  return {
    async get(keys) {
      for (const key of keys) checkKey(key)
      return structuredClone(keys.map(find))
    },
    async query(query) {
      checkQuery(query)
      const { pk, prefix = '', from, to, reverse = false, after } = query
      const scope = ['query', pk, query.prefix ?? null, from ?? null, to ?? null, reverse]
      const turn = reverse ? -1 : 1
      const limit = checkLimit(query.limit)
      const [position] = after === undefined ? [] : decodePageToken(after, scope, 1)
      const items = stored
        .map(({ item }) => item)
        .filter((item) => item.pk === pk && item.sk.startsWith(prefix))
        .filter(({ sk }) => (from === undefined || bytes(sk, from) >= 0) && (to === undefined || bytes(sk, to) <= 0))
        .filter(({ sk }) => position === undefined || bytes(sk, position) * turn > 0)
        .sort((a, b) => bytes(a.sk, b.sk) * turn)
      return structuredClone(pageOf(items, limit, ({ sk }) => encodePageToken(scope, [sk])))
    },
    async list(query) {
      checkListQuery(query)
      const { name, from = '', to, after } = query
      const scope = ['list', name, from, to ?? null]
      const limit = checkLimit(query.limit)
      const position = after === undefined ? undefined : decodePageToken(after, scope, 3)
      const order = (a: string[], b: string[]) =>
        a.map((one, at) => bytes(one, b[at] ?? '')).find((sign) => sign !== 0) ?? 0
      const entries = stored
        .flatMap(({ item, list }) => (list?.name === name ? [[list.sort, item.pk, item.sk]] : []))
        .filter(([sort = '']) => bytes(sort, from) >= 0 && (to === undefined || bytes(sort, to) <= 0))
        .filter((entry) => position === undefined || order(entry, position) > 0)
        .sort(order)
      const { items, ...next } = pageOf(entries, limit, (last) => encodePageToken(scope, last))
      return { items: items.map(([sort = '', pk = '', sk = '']) => ({ sort, pk, sk })), ...next }
    },
    async write(ops) {
      checkWrite(ops)
      for (const op of ops) {
        if (op.op === 'put') checkSize(op.item)
      }
      const refused = ops.map(
        (op) => !holds(op.if, find(keyOf(op))) || (op.op === 'count' && counted(op) === 'refused'),
      )
      const failed = refused.flatMap((is, at) => (is ? [at] : []))
      if (failed.length > 0) return { ok: false, failed }
      for (const op of ops) {
        const item = op.op === 'count' ? counted(op) : 'refused'
        if (item !== 'refused') checkSize(item)
      }
      for (const op of ops) stored = applied(op)
      return { ok: true }
    },
    async *scan({ prefix = '' } = {}) {
      const items = stored.map(({ item }) => item).filter(({ pk }) => pk.startsWith(prefix))
      yield* structuredClone(items.sort((a, b) => bytes(a.pk, b.pk) || bytes(a.sk, b.sk)))
    },
    async close() {},
  }
}
