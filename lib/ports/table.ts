// The table: items under (pk, sk) in one table, and one sparse listing index. What every adapter promises.
import type { JsonValue } from '../base/json.ts'

export type Key = { pk: string; sk: string }

/** An item: its key and its own attributes. No attribute is named `pk`, `sk`, `list` or `list_sort`. */
export type Item = Key & { [attribute: string]: JsonValue }

/**
 * Where an item stands in the listing index: in list `name`, at `sort`. The adapter spreads a list over
 * `listShards` partitions by a hash of pk, so that no list is a hot key, and merges them when it reads.
 */
export type Listing = { name: string; sort: string }

export const listShards = 8

/** A condition on the stored item. `orAbsent` also lets a missing item (or attribute) pass. */
export type Condition =
  | { exists: boolean }
  | { attribute: string; op: 'eq' | 'ne' | 'lt' | 'lte' | 'gt' | 'gte'; value: string | number; orAbsent?: boolean }

/**
 * One change of a `write`. At most one for each key.
 * - put: replaces the whole item; without `list` the item leaves the listing index.
 * - count: adds whole numbers to number attributes, which start at 0 on a missing item or attribute. `atMost` /
 *   `atLeast` bound the attribute after the addition; a write that would cross one is refused. `set` writes plain
 *   attributes beside.
 * - delete: removes the item; a missing one is no error.
 * - check: changes nothing, the condition must hold.
 */
export type WriteOp =
  | { op: 'put'; item: Item; list?: Listing; if?: Condition }
  | {
      op: 'count'
      key: Key
      add: Record<string, number>
      set?: Record<string, JsonValue>
      atMost?: Record<string, number>
      atLeast?: Record<string, number>
      if?: Condition
    }
  | { op: 'delete'; key: Key; if?: Condition }
  | { op: 'check'; key: Key; if: Condition }

/** Refused: positions (in the list of ops) whose condition or bound did not hold. Nothing was written. */
export type WriteResult = { ok: true } | { ok: false; failed: number[] }

export type Query = {
  pk: string
  /** sk begins with this. Not together with from / to. */
  prefix?: string
  /** sk >= from */
  from?: string
  /** sk <= to */
  to?: string
  /** Items in one page, 1 to 1,000 (default 100). */
  limit?: number
  /** Descending by sk. */
  reverse?: boolean
  /** The `next` of the page before. */
  after?: string
}

export type ListQuery = {
  name: string
  /** sort >= from */
  from?: string
  /** sort <= to */
  to?: string
  /** Entries in one page, 1 to 1,000 (default 100). */
  limit?: number
  after?: string
}

/** One entry of the listing index. */
export type ListEntry = Key & { sort: string }

/** A page; `next` is there when more may follow. A page may be shorter than its limit and still have a `next`. */
export type Page<T> = { items: T[]; next?: string }

/**
 * Every verb throws KramError `unavailable` when the store cannot be reached or stays throttled, and `invalid`
 * (`page_token`) for an `after` that is not one of ours. Strings are compared by UTF-8 bytes. What one of the backends
 * could not keep is refused by all, as `invalid` (lib/adapters/table/checks.ts).
 */
export type Table = {
  /**
   * Strongly consistent. Answers in the order of `keys`; undefined for a missing item. Any number of keys. Items are not to
   * be changed: one may be frozen, and given to all who read it as long as it is stored like that.
   */
  get(keys: readonly Key[]): Promise<(Item | undefined)[]>
  /** Items of one pk in order of sk. Strongly consistent. */
  query(query: Query): Promise<Page<Item>>
  /** Entries of one list in order of (sort, pk, sk). Eventually consistent: a new item may be missing for a moment. */
  list(query: ListQuery): Promise<Page<ListEntry>>
  /**
   * Up to `limits.writeOps` changes, all or nothing, serializable. A lost race with another write is retried with
   * jitter inside; only a condition or bound that does not hold is answered as refused.
   */
  write(ops: readonly WriteOp[]): Promise<WriteResult>
  /** Every item in the order of (pk, sk), for comparison and repair. Not for serving. */
  scan(options?: { prefix?: string }): AsyncIterable<Item>
  close(): Promise<void>
}
