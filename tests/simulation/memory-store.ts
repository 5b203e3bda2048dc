// The table's items in memory, without a promise: what the simulator's table does at the moment that the scheduler has
// chosen. Checked against the table contract (memory-table.test.ts), so that it is a table like the real ones.
import { decodePageToken, encodePageToken } from '../../lib/adapters/page-token.ts'
import { checkKey, checkLimit, checkListQuery, checkQuery, checkWrite, keyOf } from '../../lib/adapters/table/checks.ts'
import { KramError } from '../../lib/base/errors.ts'
import type { JsonValue } from '../../lib/base/json.ts'
import { limits } from '../../lib/base/limits.ts'
import { compareUtf8 } from '../../lib/base/text.ts'
import type {
  Condition,
  Item,
  Key,
  ListEntry,
  Listing,
  ListQuery,
  Page,
  Query,
  Table,
  WriteOp,
  WriteResult,
} from '../../lib/ports/table.ts'
import { frozen } from './json.ts'

/** One change of a committed write: the item before it and after it, neither of which anybody may change. */
export type Change = { op: WriteOp; key: Key; before: Item | undefined; after: Item | undefined; list?: Listing }

type Entry = { item: Item; list: Listing | undefined }

/** `cut`: a page ends after so many items, though more fit; as DynamoDB's do after a megabyte. */
type Cut = { cut?: number }

/** Nobody can change the items that it gives: they are its own. */
export type MemoryStore = {
  get(keys: readonly Key[]): (Item | undefined)[]
  query(query: Query, options?: Cut): Page<Item>
  list(query: ListQuery, options?: Cut): Page<ListEntry>
  write(ops: readonly WriteOp[]): WriteResult
  scan(prefix?: string): Item[]
  peek(key: Key): Item | undefined
  /** The items of one pk, in no order. */
  collection(pk: string): Iterable<Item>
  /** The items of all pks that begin so, in no order. */
  items(prefix: string): Generator<Item>
}

function checkSize(item: Item): void {
  if (mayBeLarge(item) * 3 <= limits.itemBytes) return
  const { pk: _pk, sk: _sk, ...attributes } = item
  const text = JSON.stringify(attributes)
  if (text.length * 3 > limits.itemBytes && Buffer.byteLength(text) > limits.itemBytes) {
    throw new KramError('invalid', 'item_too_large', `An item is larger than ${limits.itemBytes} bytes.`)
  }
}

/** Whether the item may be anywhere near the bound; counting characters of all its texts is enough. */
const mayBeLarge = (value: JsonValue): number => {
  if (typeof value === 'string') return value.length + 10
  if (typeof value !== 'object' || value === null) return 25
  let sum = 10
  for (const name of Object.keys(value)) sum += name.length + mayBeLarge((value as never)[name])
  return sum
}

const own = (item: Item, name: string): JsonValue | undefined => (Object.hasOwn(item, name) ? item[name] : undefined)

function holds(condition: Condition | undefined, item: Item | undefined): boolean {
  if (condition === undefined) return true
  if ('exists' in condition) return condition.exists === (item !== undefined)
  const { attribute, op, value, orAbsent } = condition
  const stored = item && own(item, attribute)
  if (stored === undefined) return orAbsent === true
  if (typeof stored !== typeof value || stored === null) return op === 'ne'
  const order = typeof value === 'number' ? Number(stored) - value : compareUtf8(String(stored), value)
  if (op === 'eq') return order === 0
  if (op === 'ne') return order !== 0
  if (op === 'lt') return order < 0
  if (op === 'lte') return order <= 0
  return op === 'gt' ? order > 0 : order >= 0
}

function counted(op: WriteOp & { op: 'count' }, before: Item | undefined): Item | 'refused' {
  const sums: { [name: string]: number } = {}
  for (const name of Object.keys(op.add)) {
    const from = (before && own(before, name)) ?? 0
    if (typeof from !== 'number') throw new KramError('invalid', 'counter_type', `"${name}" is no number.`)
    const sum = from + (op.add[name] as number)
    if (op.atMost && Object.hasOwn(op.atMost, name) && sum > (op.atMost[name] as number)) return 'refused'
    if (op.atLeast && Object.hasOwn(op.atLeast, name) && sum < (op.atLeast[name] as number)) return 'refused'
    Object.defineProperty(sums, name, { value: sum, enumerable: true, writable: true, configurable: true })
  }
  return frozen({ ...(before ?? { pk: op.key.pk, sk: op.key.sk }), ...op.set, ...sums })
}

function planned(op: WriteOp, entry: Entry | undefined): Entry | undefined | 'refused' {
  if (!holds(op.if, entry?.item)) return 'refused'
  if (op.op === 'check') return entry
  if (op.op === 'delete') return undefined
  if (op.op === 'put') return { item: frozen(op.item), list: op.list && { ...op.list } }
  const item = counted(op, entry?.item)
  if (item === 'refused') return item
  checkSize(item)
  return { item, list: entry?.list }
}

const listed = ({ item: { pk, sk }, list }: Entry): ListEntry => ({ sort: list?.sort ?? '', pk, sk })

const compareListed = (a: ListEntry, b: ListEntry): number =>
  compareUtf8(a.sort, b.sort) || compareUtf8(a.pk, b.pk) || compareUtf8(a.sk, b.sk)

/** `observe` is told of each write, when it has been applied. */
export function createMemoryStore(observe: (changes: Change[]) => void = () => {}): MemoryStore {
  const collections = new Map<string, Map<string, Entry>>()
  const lists = new Map<string, Set<Entry>>()
  const sorted = new Map<string, string[]>()

  const entryOf = ({ pk, sk }: Key): Entry | undefined => collections.get(pk)?.get(sk)

  function store({ pk, sk }: Key, entry: Entry | undefined, before: Entry | undefined): void {
    if (before?.list) lists.get(before.list.name)?.delete(before)
    const collection = collections.get(pk) ?? new Map<string, Entry>()
    if (entry) collection.set(sk, entry)
    else collection.delete(sk)
    if (!before || !entry) sorted.delete(pk)
    if (collection.size > 0) collections.set(pk, collection)
    else collections.delete(pk)
    if (!entry?.list) return
    const list = lists.get(entry.list.name) ?? new Set()
    lists.set(entry.list.name, list.add(entry))
  }

  function sortedKeys(pk: string): string[] {
    const known = sorted.get(pk)
    if (known) return known
    const made = [...(collections.get(pk)?.keys() ?? [])].sort(compareUtf8)
    sorted.set(pk, made)
    return made
  }

  function query(request: Query, { cut }: Cut = {}): Page<Item> {
    checkQuery(request)
    const { pk, prefix, from = '', to, reverse = false, after } = request
    const limit = Math.min(checkLimit(request.limit), cut ?? Number.POSITIVE_INFINITY)
    const scope = ['query', pk, prefix ?? null, from, to ?? null, reverse]
    const position = after === undefined ? undefined : decodePageToken(after, scope, 1)[0]
    const direction = reverse ? -1 : 1
    const within = (sk: string): boolean =>
      (prefix === undefined ? compareUtf8(sk, from) >= 0 : sk.startsWith(prefix)) &&
      (to === undefined || compareUtf8(sk, to) <= 0) &&
      (position === undefined || compareUtf8(sk, position) * direction > 0)
    const keys = sortedKeys(pk).filter(within)
    if (reverse) keys.reverse()
    const page: Item[] = []
    let bytes = 0
    for (const sk of keys) {
      if (page.length === limit || bytes > limits.pageBytes) break
      const item = entryOf({ pk, sk })?.item as Item
      page.push(item)
      bytes += mayBeLarge(item)
    }
    // An empty page goes on where it began.
    const last = page.at(-1)?.sk ?? position ?? (reverse ? '\u{10ffff}' : '\u0000')
    return page.length < keys.length ? { items: page, next: encodePageToken(scope, [last]) } : { items: page }
  }

  function list(request: ListQuery, { cut }: Cut = {}): Page<ListEntry> {
    checkListQuery(request)
    const { name, from = '', to, after } = request
    const limit = Math.min(checkLimit(request.limit), cut ?? Number.POSITIVE_INFINITY)
    const scope = ['list', name, from, to ?? null]
    const [sort = '', pk = '', sk = ''] = after === undefined ? [] : decodePageToken(after, scope, 3)
    const position = { sort, pk, sk }
    const entries = [...(lists.get(name) ?? [])]
      .map(listed)
      .filter(
        (entry) =>
          compareUtf8(entry.sort, from) >= 0 &&
          (to === undefined || compareUtf8(entry.sort, to) <= 0) &&
          (after === undefined || compareListed(entry, position) > 0),
      )
      .sort(compareListed)
    const items = entries.slice(0, limit)
    const last = items.at(-1) ?? position
    return items.length < entries.length
      ? { items, next: encodePageToken(scope, [last.sort, last.pk, last.sk]) }
      : { items }
  }

  return {
    get(keys) {
      for (const key of keys) checkKey(key)
      return keys.map((key) => entryOf(key)?.item)
    },
    query,
    list,
    write(ops) {
      checkWrite(ops)
      for (const op of ops) if (op.op === 'put') checkSize(op.item)
      const before = ops.map((op) => entryOf(keyOf(op)))
      const after = ops.map((op, i) => planned(op, before[i]))
      const failed = after.flatMap((entry, i) => (entry === 'refused' ? [i] : []))
      if (failed.length > 0) return { ok: false, failed }
      const changes: Change[] = []
      for (const [i, op] of ops.entries()) {
        const entry = after[i] as Entry | undefined
        const key = keyOf(op)
        if (op.op !== 'check') store(key, entry, before[i])
        changes.push({ op, key, before: before[i]?.item, after: entry?.item, ...(entry?.list && { list: entry.list }) })
      }
      observe(changes)
      return { ok: true }
    },
    scan(prefix = '') {
      const pks = [...collections.keys()].filter((pk) => pk.startsWith(prefix)).sort(compareUtf8)
      return pks.flatMap((pk) => sortedKeys(pk).map((sk) => entryOf({ pk, sk })?.item as Item))
    },
    peek: (key) => entryOf(key)?.item,
    *items(prefix) {
      for (const [pk, collection] of collections) {
        if (pk.startsWith(prefix)) for (const { item } of collection.values()) yield item
      }
    },
    *collection(pk) {
      for (const { item } of collections.get(pk)?.values() ?? []) yield item
    },
  }
}

/** The store as a table on which nothing goes wrong. */
export const calmTable = (store: MemoryStore): Table => ({
  get: async (keys) => store.get(keys),
  query: async (query) => store.query(query),
  list: async (query) => store.list(query),
  write: async (ops) => store.write(ops),
  async *scan({ prefix } = {}) {
    yield* store.scan(prefix)
  },
  close: async () => {},
})
